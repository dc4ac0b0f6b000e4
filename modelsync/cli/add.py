"""`modelsync add`: files and folders stored and staged for the next commit."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.command("add")
@project_option
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
def command(folder: Path | None, paths: tuple[str, ...]) -> None:
    """Store files and folders, and stage them for the next commit.

    A folder is tracked with all that is in it now; new files in it show in `modelsync status`. What .modelsyncignore
    names (patterns as in a .gitignore) is left out.
    """
    from modelsync.api.versions.adding import add
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.changes import change_lines
    from modelsync.core.units import say_bytes, say_count

    added = add(open_repository(folder), paths)
    click.echo("\n".join(change_lines(added.changes, "staged")) or "nothing changed")
    click.echo(f"{say_count(added.files, 'file')}, {say_bytes(added.size)}")
    for path in added.in_git:
        click.echo(f"note: Git tracks {path} as well; `git rm --cached -r {path}` leaves it to ModelSync alone")
