"""`modelsync status`: a project at a glance."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.api.showing import Overview, overview
from modelsync.cli.options import project_option
from modelsync.cli.tables import rows, when


@click.command("status")
@project_option
def command(folder: Path | None) -> None:
    """Show how the tracked files stand, what each stage holds, what serves, and the last run. Times are UTC."""
    from modelsync.api.versions.looking import status
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.tracking import standing_lines

    repository = open_repository(folder)
    standing = status(repository)
    if standing is not None:
        click.echo("\n".join([*standing_lines(standing), ""]))
    seen = overview(repository.workspace)
    if seen.last_run is None:
        click.echo("nothing was run here yet; start with `modelsync run`")
        return
    _show(seen)


def _show(seen: Overview) -> None:
    last = seen.last_run
    assert last is not None
    ended = last.outcome or "under way, or its process died"
    click.echo(
        f"{click.style(last.project, bold=True)} run #{last.number}: {ended}, {when(last.finished or last.started)}"
    )
    for problem in seen.state.problems:
        click.echo(click.style(f"the journal has a damaged entry: {problem}", fg="red"))
    stages = [
        [model, stage, str(record.version), when(record.at)] for (model, stage), record in seen.state.stages.items()
    ]
    if stages:
        click.echo("")
        click.echo("\n".join(rows(["MODEL", "STAGE", "VERSION", "SINCE"], stages)))
    if seen.deployments:
        from modelsync.cli.deploy import deployment_rows

        click.echo("")
        click.echo("\n".join(deployment_rows(seen.deployments)))
