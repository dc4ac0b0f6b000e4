"""`modelsync server`: the project's own Prefect and MLflow servers."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.group("server")
def command() -> None:
    """Start, stop and show the project's own servers."""


@command.command("start")
@project_option
def start(folder: Path | None) -> None:
    """Start the project's Prefect server, or find the one that runs. It stays until `server stop`."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.serving import start_server

    found = start_server(find_workspace(folder))
    whose = f"process {found.pid}" if found.pid else "not ours: PREFECT_API_URL names it"
    click.echo(f"prefect answers on {found.url} ({whose})")


@command.command("stop")
@project_option
def stop(folder: Path | None) -> None:
    """Stop the project's servers. Deployed models go on serving."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.serving import stop_servers

    ended = stop_servers(find_workspace(folder))
    click.echo(f"stopped: {', '.join(ended)}" if ended else "no server was running")


@command.command("status")
@project_option
def status(folder: Path | None) -> None:
    """Show which of the project's servers run, and where."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.serving import server_status

    for found in server_status(find_workspace(folder)):
        click.echo(f"{found.name}: {f'{found.url} (process {found.pid})' if found.url else 'not running'}")
