"""`modelsync log`: what happened, the newest first."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.tables import rows, when


@click.command("log")
@project_option
@click.option("--last", default=20, show_default=True, type=click.IntRange(1), help="How many runs.")
def command(folder: Path | None, last: int) -> None:
    """Show the last runs: when, by whom, on which commit, how they ended. Times are UTC."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import runs

    found = runs(find_workspace(folder), last)
    if not found:
        click.echo("nothing was run here yet; start with `modelsync run`")
        return
    body = []
    for run in found:
        commit = "" if run.git is None else str(run.git["commit"])[:9] + ("+" if run.git["dirty"] else "")
        params = ", ".join(f"{name}={value}" for name, value in run.params.items())
        body.append(
            [f"#{run.number}", run.project, when(run.started), run.outcome or "no end", commit, params, run.actor]
        )
    click.echo("\n".join(rows(["RUN", "PROJECT", "STARTED", "ENDED", "COMMIT", "PARAMS", "BY"], body)))
