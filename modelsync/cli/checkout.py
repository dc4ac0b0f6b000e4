"""`modelsync checkout`: files as a branch, a commit or the pointer has them."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


class _WithPaths(click.Command):
    """Remembers whether `--` stood in the line, which click swallows: behind it are paths, never a reference."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        place = args.index("--") if "--" in args else len(args)
        ctx.meta["paths"] = tuple(args[place + 1 :])
        ctx.meta["has_paths"] = place < len(args)
        return super().parse_args(ctx, args[:place])


@click.command("checkout", cls=_WithPaths)
@project_option
@click.argument("ref", required=False)
@click.option("--branch", "-b", "new", metavar="NAME", help="Make a branch at REF (default: HEAD) and switch to it.")
@click.option("--force", is_flag=True, help="Move files in the way to .modelsync/lost-found first.")
@click.pass_context
def command(ctx: click.Context, folder: Path | None, ref: str | None, new: str | None, force: bool) -> None:
    """Bring the tracked files to a branch, a tag or a commit.

    \b
    modelsync checkout              what modelsync.data names: the data of this Git commit
    modelsync checkout REF          a branch, a tag, or a commit such as main~2 or 3f2a91c0
    modelsync checkout -b NAME      a new branch from here
    modelsync checkout [REF] -- P   single files and folders, as staged or as REF has them

    A file that holds what is stored nowhere is never overwritten: the command names it and changes nothing.
    """
    from modelsync.api.versions import switching
    from modelsync.api.versions.overwriting import CAREFUL, FORCED
    from modelsync.api.versions.repository import open_repository
    from modelsync.api.versions.restoring import restore
    from modelsync.cli.changes import shortened
    from modelsync.cli.tracking import rescued_lines, switched_lines

    repository, manner = open_repository(folder), FORCED if force else CAREFUL
    if ctx.meta["has_paths"]:
        if new is not None or not ctx.meta["paths"]:
            raise click.UsageError("behind `--` stand the files to bring back, and no new branch is made for them")
        done = restore(repository, ctx.meta["paths"], ref, manner)
        lines = [*shortened([f"restored  {path}" for path in done.paths]), *rescued_lines(done.rescued)]
        click.echo("\n".join(lines) or "nothing to restore: the files are so already")
        return
    if new is not None:
        switched = switching.checkout_new(repository, new, ref or "HEAD", manner)
    elif ref is not None:
        switched = switching.checkout(repository, ref, manner)
    else:
        switched = switching.checkout_pinned(repository, manner)
    click.echo("\n".join(switched_lines(switched)))
