"""`modelsync log`: what happened, or the commits of a reference, the newest first."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.tables import rows, when


@click.command("log")
@project_option
@click.argument("ref", required=False)
@click.option("--last", default=20, show_default=True, type=click.IntRange(1), help="How many runs, or commits.")
def command(folder: Path | None, ref: str | None, last: int) -> None:
    """Show the last runs: when, by whom, on which commit, how they ended. Times are UTC.

    With REF (a branch, a tag, a commit, or A..B for what B has and A has not) the commits of the tracked files.
    """
    from modelsync.api.projects import find_workspace

    if ref is not None:
        _show_commits(folder, ref, last)
        return
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


def _show_commits(folder: Path | None, ref: str, last: int) -> None:
    from modelsync.api.versions.repository import open_repository
    from modelsync.api.versions.telling import log
    from modelsync.cli.tracking import log_lines

    found = log(open_repository(folder), ref, last)
    click.echo("\n".join(log_lines(found)) if found else f"no commits in {ref}")
