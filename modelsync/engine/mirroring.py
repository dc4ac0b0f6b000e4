"""MLflow brought up to date; when it does not answer the run says so and goes on."""

from __future__ import annotations

from modelsync.engine.context import Run
from modelsync.engine.server import mlflow_uri
from modelsync.engine.workspace import Workspace
from modelsync.registry import mirror
from modelsync.registry.mirror import MirrorSettings
from modelsync.registry.state import State

_BEHIND = "MLflow is behind"


def sync(run: Run) -> None:
    """Mirror every fact that MLflow does not have yet. Never raises for an MLflow that is away."""
    workspace = run.workspace
    report = mirror.sync(workspace.journal, workspace.store, settings(workspace, run.spec.project))
    run.links.update(report.links)
    run.notices[:] = [notice for notice in run.notices if not notice.startswith(_BEHIND)]
    if report.problem:
        run.notices.append(_notice(report.behind, report.problem))


def catch_up(workspace: Workspace, state: State, project: str) -> str | None:
    """Mirror what an earlier run could not; a sentence about it, or None when MLflow has everything."""
    if not state.models:
        return None
    if next(iter(workspace.journal.events(after=state.mirror_cursor, kinds=mirror.SHOWN)), None) is None:
        return None
    report = mirror.sync(workspace.journal, workspace.store, settings(workspace, project))
    if report.problem:
        return _notice(report.behind, report.problem)
    return f"MLflow has caught up: {report.applied} facts that it had missed are there"


def settings(workspace: Workspace, project: str) -> MirrorSettings:
    """Where this project's facts are mirrored to, and which types a model may hold to be shown as loadable."""
    from modelsync.usercode import archive

    return MirrorSettings(
        tracking_uri=mlflow_uri(workspace),
        artifact_root=workspace.mlflow / "artifacts",
        experiment=project,
        trusted=archive.TRUSTED,
    )


def _notice(behind: int, problem: str) -> str:
    return f"{_BEHIND} by {behind} facts: {problem.rstrip('.')}. The next run catches up."
