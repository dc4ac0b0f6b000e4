"""A gate that compares with the champion says what holds while there is none: a first release is no guess."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.lineage import compares_with_champion
from modelsync.language.model import CHAMPION, Gate
from modelsync.language.subject import Subject

CODE = "MS506"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each gate with `champion` and without `no_reference`."""
    for gate in subject.spec.gates.values():
        if compares_with_champion(gate) and subject.context.nodes["gates", gate.name].get("no_reference") is None:
            message = f"gate `{gate.name}` compares with the champion and does not say what holds without one"
            help = "add `no_reference: pass`, `no_reference: fail` or `no_reference: hold`"
            notes = ("pass: the first release goes through; fail: it is blocked; hold: a person decides",)
            yield Diagnostic(CODE, _place(subject, gate), message, help, notes)


def _place(subject: Subject, gate: Gate) -> Pos:
    """Where `champion` is written."""
    if gate.reference == CHAMPION:
        return subject.gate_place(gate, "reference")
    if gate.kind == CHAMPION:
        return subject.gate_place(gate, "kind")
    places = (node.get("versus") for _, node in subject.checks(gate))
    return next((node.at for node in places if node is not None), gate.at)
