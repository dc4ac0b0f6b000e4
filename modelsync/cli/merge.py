"""`modelsync merge`: another branch brought in."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.core.errors import ExitCode


@click.command("merge")
@project_option
@click.argument("ref", required=False)
@click.option("--key", metavar="COLUMNS", help="Columns that name a row, with commas; default: the spec's contracts.")
@click.option("--message", "-m", help="The message of the merge.")
@click.option("--abort", "is_abort", is_flag=True, help="Go back to before the open merge.")
@click.option("--force", is_flag=True, help="Move files in the way to .modelsync/lost-found first.")
def command(
    folder: Path | None, ref: str | None, key: str | None, message: str | None, is_abort: bool, force: bool
) -> int:
    """Bring the commits of REF into this branch.

    Files that one side changed are taken. A table (CSV, Parquet, JSON lines) that both changed is merged by its rows
    when its key is known; cells keep their text, quotes that a CSV does not need go. What people must decide is listed,
    with base, ours and theirs in a file beside the table; the merge stays open until `modelsync commit` (exit 5).
    """
    from modelsync.api.versions.merging import abort, merge
    from modelsync.api.versions.overwriting import CAREFUL, FORCED
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.tracking import conflict_lines, rescued_lines
    from modelsync.core.digest import short

    repository = open_repository(folder)
    if is_abort:
        click.echo("\n".join(["the merge is undone", *rescued_lines(abort(repository))]))
        return ExitCode.DONE
    if ref is None:
        raise click.UsageError("name the branch, tag or commit to merge")
    names = tuple(name.strip() for name in (key or "").split(",") if name.strip())
    done = merge(repository, ref, key=names, message=message, manner=FORCED if force else CAREFUL)
    if done is None:
        click.echo(f"{ref} is in here already")
        return ExitCode.DONE
    for rows in done.rows:
        conflicts = f", {rows.conflicts} to decide" if rows.conflicts else ""
        click.echo(f"by rows  {rows.path} (key {', '.join(rows.key)}){conflicts}")
    for line in rescued_lines(done.rescued):
        click.echo(line)
    if done.id is None:
        click.echo("\n".join(conflict_lines(done.conflicts)))
        click.echo("mend each file, `modelsync add` it, then `modelsync commit`; or `modelsync merge --abort`")
        return ExitCode.HELD
    click.echo(f"{'forward to' if done.was_behind else 'merged'} {done.name}: {short(done.id)}")
    return ExitCode.DONE
