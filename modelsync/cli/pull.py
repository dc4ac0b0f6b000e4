"""`modelsync pull`: commits come from a remote and are merged."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.core.errors import ExitCode


@click.command("pull")
@project_option
@click.argument("remote", required=False)
@click.argument("ref", required=False)
@click.option("--key", metavar="COLUMNS", help="Columns that name a row, with commas; default: the spec's contracts.")
@click.option("--message", "-m", help="The message of the merge, if one is needed.")
@click.option("--force", is_flag=True, help="Move files in the way to .modelsync/lost-found first.")
def command(
    folder: Path | None, remote: str | None, ref: str | None, key: str | None, message: str | None, force: bool
) -> int:
    """Fetch REF (default: the branch that is checked out) from REMOTE, and merge it into the branch.

    What people must decide is listed as by `merge`; the merge stays open until `modelsync commit` (exit 5).
    """
    from modelsync.api.sharing.pulling import pull
    from modelsync.api.sharing.remotes import choose
    from modelsync.api.versions.overwriting import CAREFUL, FORCED
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.progress import bar
    from modelsync.cli.sharing import fetched_lines
    from modelsync.cli.tracking import conflict_lines, rescued_lines
    from modelsync.core.digest import short

    repository = open_repository(folder)
    chosen = choose(repository, remote)
    names = tuple(name.strip() for name in (key or "").split(",") if name.strip())
    manner = FORCED if force else CAREFUL
    with bar(f"pull from {chosen.name}") as progress:
        done = pull(repository, chosen, ref, key=names, message=message, manner=manner, progress=progress)
    for line in fetched_lines(done.fetched):
        click.echo(line)
    merging = done.merging
    if merging is None:
        click.echo("nothing to merge")
        return ExitCode.DONE
    for rows in merging.rows:
        conflicts = f", {rows.conflicts} to decide" if rows.conflicts else ""
        click.echo(f"by rows  {rows.path} (key {', '.join(rows.key)}){conflicts}")
    for line in rescued_lines(merging.rescued):
        click.echo(line)
    if merging.id is None:
        click.echo("\n".join(conflict_lines(merging.conflicts)))
        click.echo("mend each file, `modelsync add` it, then `modelsync commit`; or `modelsync merge --abort`")
        return ExitCode.HELD
    click.echo(f"{'forward to' if merging.was_behind else 'merged'} {merging.name}: {short(merging.id)}")
    return ExitCode.DONE
