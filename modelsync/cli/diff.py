"""`modelsync diff`: what differs between two states of the tracked files."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.command("diff")
@project_option
@click.argument("words", nargs=-1, metavar="[A] [B] [PATH...]")
@click.option("--key", metavar="COLUMNS", help="Columns that name a row, with commas; default: the spec's contracts.")
@click.option("--files", "only_files", is_flag=True, help="Only files; don't look into tables.")
def command(folder: Path | None, words: tuple[str, ...], key: str | None, only_files: bool) -> None:
    """Show what differs from A (default: HEAD) to B (default: the working files), and the rows of tables.

    A and B are branches, tags or commits. What names none is a PATH.
    """
    from modelsync.api.versions.differing import diff, split, table_diffs
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.changes import change_lines
    from modelsync.cli.tracking import row_lines

    repository = open_repository(folder)
    found = diff(repository, *split(repository, words))
    click.echo(click.style(f"{found.old} -> {found.new}", bold=True))
    click.echo("\n".join(change_lines(found.changes, "")) or "no difference")
    if not only_files:
        names = tuple(name.strip() for name in (key or "").split(",") if name.strip())
        for table in table_diffs(repository, found, names):
            click.echo("\n".join(["", *row_lines(table)]))
