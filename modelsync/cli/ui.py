"""`modelsync ui`: the address of the pages, their servers started when needed."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.command("ui")
@project_option
@click.argument("which", type=click.Choice(["prefect", "mlflow"]), default="prefect")
def command(folder: Path | None, which: str) -> None:
    """Print the address of the Prefect pages (runs) or the MLflow pages (models), starting their server when needed."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.serving import start_server

    click.echo(start_server(find_workspace(folder), which).url)
