"""`modelsync status`: a project at a glance."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.api.showing import Overview, overview
from modelsync.api.versions import answered
from modelsync.api.versions.glancing import Glance
from modelsync.cli.options import project_option
from modelsync.cli.tables import rows, when


@click.command("status")
@project_option
@click.pass_obj
def command(seen: Glance | None, folder: Path | None) -> None:
    """Show how the tracked files stand, what each stage holds, what serves, and the last run. Times are UTC."""
    from modelsync.api.versions.looking import status
    from modelsync.api.versions.repository import open_repository
    from modelsync.api.versions.unmerged import glimpse
    from modelsync.cli.tracking import standing_lines, unmerged_lines

    repository = open_repository(folder)
    around = answered.Around(str(repository.workspace.home))  # before anything is read, so that it is never too new
    standing = status(repository, seen)
    lines = [] if standing is None else [*standing_lines(standing), ""]
    unmerged = None if standing is None else glimpse(repository)
    lines[:0] = [*unmerged_lines(unmerged), ""] if unmerged is not None else []
    look = overview(repository.workspace)
    lines += ["nothing was run here yet; start with `modelsync run`"] if look.last_run is None else _lines(look)
    click.echo("\n".join(lines))
    is_quiet = standing is not None and standing.is_clean and not standing.doing and not look.deployments
    is_quiet = is_quiet and unmerged is None
    if standing is not None and standing.seen is not None and is_quiet:
        answered.remember(around, standing.seen, "\n".join([*lines, ""]))


def _lines(seen: Overview) -> list[str]:
    last = seen.last_run
    assert last is not None
    ended = last.outcome or "under way, or its process died"
    head = click.style(last.project, bold=True)
    lines = [f"{head} run #{last.number}: {ended}, {when(last.finished or last.started)}"]
    for problem in seen.state.problems:
        lines.append(click.style(f"the journal has a damaged entry: {problem}", fg="red"))
    stages = [
        [model, stage, str(record.version), when(record.at)] for (model, stage), record in seen.state.stages.items()
    ]
    if stages:
        lines += ["", *rows(["MODEL", "STAGE", "VERSION", "SINCE"], stages)]
    if seen.deployments:
        from modelsync.cli.deploy import deployment_rows

        lines += ["", *deployment_rows(seen.deployments)]
    return lines
