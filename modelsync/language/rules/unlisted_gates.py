"""A gate on a model works only through a stage that lists it."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.language.model import RefKind
from modelsync.language.subject import Subject

CODE = "MS510"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each gate on a model that no stage lists, as a warning."""
    listed = {bare.name for bare in subject.context.bare if bare.section == "gates"}
    for gate in subject.spec.gates.values():
        if gate.target.kind is RefKind.MODEL and gate.name not in listed:
            message = f"gate `{gate.name}` is listed by no stage, so it blocks nothing"
            help = f"add `{gate.name}` to the `gates` of a stage"
            yield Diagnostic(CODE, gate.at, message, help, severity=Severity.WARNING)
