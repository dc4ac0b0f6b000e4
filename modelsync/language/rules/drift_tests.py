"""Every test of a drift gate exists."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import DriftCheck
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.rules.choices import unknown
from modelsync.language.subject import Subject

CODE = "MS504"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each unknown test."""
    for gate in subject.spec.gates.values():
        for asked, node in subject.checks(gate):
            if isinstance(asked, DriftCheck) and asked.test not in subject.known.drift_tests:
                yield unknown(CODE, "drift test", asked.test, node.get("test") or node, subject.known.drift_tests)
