"""`modelsync rm`: files and folders no longer tracked."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.command("rm")
@project_option
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--keep", is_flag=True, help="Only stop tracking; the files stay where they are.")
@click.option("--force", is_flag=True, help="Move files that no commit holds to .modelsync/lost-found.")
def command(folder: Path | None, paths: tuple[str, ...], keep: bool, force: bool) -> None:
    """Stop tracking files and folders, and remove them. Commits that hold them still do."""
    from modelsync.api.versions.overwriting import CAREFUL, FORCED
    from modelsync.api.versions.removing import forget, remove
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.changes import shortened
    from modelsync.cli.tracking import rescued_lines

    repository = open_repository(folder)
    removed = forget(repository, paths) if keep else remove(repository, paths, FORCED if force else CAREFUL)
    lines = [f"{'not tracked' if keep else 'removed'}  {path}" for path in removed.paths]
    click.echo("\n".join([*shortened(lines), *rescued_lines(removed.rescued)]) or "nothing was tracked there")
