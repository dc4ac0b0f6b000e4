"""`modelsync log`: the commits of a reference, or the runs, the newest first."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.api.versions.repository import Repository, open_repository
from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when


@click.command("log")
@project_option
@click.argument("ref", required=False)
@click.option("--runs", "only_runs", is_flag=True, help="The runs, also when there are commits.")
@click.option("--last", default=20, show_default=True, type=click.IntRange(1), help="How many commits, or runs.")
def command(folder: Path | None, ref: str | None, only_runs: bool, last: int) -> None:
    """Show the commits of the branch that is checked out, or of REF: a branch, a tag, a commit, or A..B for what B has
    and A has not. Times are UTC.

    In a project without commits, and with --runs, the last runs: when, by whom, on which commit of the code, how they
    ended.
    """
    if ref is not None and only_runs:
        raise click.UsageError("runs belong to no REF: leave out one of both")
    if only_runs:
        _show_runs(folder, last)
        return
    repository = open_repository(folder)
    if ref is not None or repository.references.tip is not None:
        _show_commits(repository, ref or "HEAD", last)
        if ref is None:
            _point_to_runs(folder)
    else:
        _show_runs(folder, last)


def _point_to_runs(folder: Path | None) -> None:
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import runs

    if runs(find_workspace(folder), 1):
        put(click.style("`modelsync log --runs` shows the runs", dim=True), err=True)


def _show_runs(folder: Path | None, last: int) -> None:
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import runs

    found = runs(find_workspace(folder), last)
    if not found:
        click.echo("nothing was run here yet; start with `modelsync run`, or `modelsync add` and `modelsync commit`")
        return
    body = []
    for run in found:
        commit = "" if run.git is None else str(run.git["commit"])[:9] + ("+" if run.git["dirty"] else "")
        params = ", ".join(f"{name}={value}" for name, value in run.params.items())
        body.append(
            [f"#{run.number}", run.project, when(run.started), run.outcome or "no end", commit, params, run.actor]
        )
    click.echo("\n".join(rows(["RUN", "PROJECT", "STARTED", "ENDED", "COMMIT", "PARAMS", "BY"], body)))


def _show_commits(repository: Repository, ref: str, last: int) -> None:
    from modelsync.api.versions.telling import log
    from modelsync.cli.tracking import log_lines

    found = log(repository, ref, last)
    click.echo("\n".join(log_lines(found)) if found else f"no commits in {ref}")
