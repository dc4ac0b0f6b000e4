"""MLflow brought up to date; when it does not answer the run says so and goes on."""

from __future__ import annotations

from modelsync.engine.context import Run
from modelsync.registry import mirror


def sync(run: Run) -> None:
    """Mirror every fact that MLflow does not have yet. Never raises for an MLflow that is away."""
    report = mirror.sync(run.workspace.journal, run.workspace.store, run.mirror)
    run.links.update(report.links)
    if report.problem:
        notice = f"MLflow is behind by {report.behind} facts: {report.problem}. The next run catches up."
        run.notices[:] = [*(said for said in run.notices if not said.startswith("MLflow is behind")), notice]
