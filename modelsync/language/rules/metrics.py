"""Every metric of a gate on a model exists."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import ChampionCheck, FairnessCheck, PerformanceCheck, StabilityCheck
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.rules.choices import unknown
from modelsync.language.subject import Subject

CODE = "MS505"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each unknown metric; what a group can be judged by is fewer than what a model can be judged by.

    The members of a matrix are compared by whatever their step measures, so those names are its own.
    """
    for gate in subject.spec.gates.values():
        for asked, node in subject.checks(gate):
            match asked:
                case FairnessCheck():
                    what, known = "fairness metric", subject.known.fairness_metrics
                case PerformanceCheck() | ChampionCheck() | StabilityCheck(across=""):
                    what, known = "metric", subject.known.metrics
                case _:
                    continue
            if asked.metric not in known:
                yield unknown(CODE, what, asked.metric, node.get("metric") or node, known)
