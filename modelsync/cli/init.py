"""`modelsync init`: a new project that runs at once."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--name", help="Name of the project. Default: the name of the folder.")
def command(folder: Path, name: str | None) -> None:
    """Make a project in FOLDER (default: here): a spec, its steps, a validator and a small real table."""
    from modelsync.api.starting import init

    made = init(folder, name)
    for path in made.files:
        click.echo(f"  {path}")
    click.echo(f"ready: run it with `modelsync run {made.spec}`")
