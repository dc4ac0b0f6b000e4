"""Every metric of a performance or fairness gate exists."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import FairnessCheck, PerformanceCheck
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.rules.choices import unknown
from modelsync.language.subject import Subject

CODE = "MS505"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each unknown metric; what a group can be judged by is fewer than what a model can be judged by."""
    for gate in subject.spec.gates.values():
        for asked, node in subject.checks(gate):
            if isinstance(asked, PerformanceCheck) and asked.metric not in subject.known.metrics:
                yield unknown(CODE, "metric", asked.metric, node.get("metric") or node, subject.known.metrics)
            elif isinstance(asked, FairnessCheck) and asked.metric not in subject.known.fairness_metrics:
                known = subject.known.fairness_metrics
                yield unknown(CODE, "fairness metric", asked.metric, node.get("metric") or node, known)
