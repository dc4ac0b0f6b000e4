"""A gate that measures a model has rows to measure it on, and knows which column is the truth."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import StabilityCheck, of_kind
from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.lineage import datasets_above, label_of
from modelsync.language.model import Gate, Ref
from modelsync.language.subject import Subject

CODE = "MS507"

_WITHOUT_TRUTH = "prediction_drift"  # what a model says needs rows only
_MEASURES = frozenset({"performance", "champion", "calibration", "residuals", "fairness"})


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each gate that measures a model and has no `data`, or whose rows have no label."""
    for gate in subject.spec.gates.values():
        table = gate.target if gate.kind == "target_drift" else gate.data
        if not _measures(gate):
            continue
        if table is not None:
            if gate.label is None and gate.kind != _WITHOUT_TRUTH:
                yield from _label(subject, gate, table)
        elif subject.context.nodes["gates", gate.name].get("data") is None:
            help = "add `data:` with a table that the model has not seen, such as `pipelines.train.split.test`"
            yield Diagnostic(CODE, gate.at, f"gate `{gate.name}` has no `data` to measure the model on", help)


def _measures(gate: Gate) -> bool:
    """Whether a gate needs rows of its own; what the members of a matrix measured is there already."""
    trains = any(not check.across for check in of_kind(gate.checks, StabilityCheck))
    return trains or gate.kind in _MEASURES or gate.kind in ("target_drift", _WITHOUT_TRUTH)


def _label(subject: Subject, gate: Gate, data: Ref) -> Iterator[Diagnostic]:
    """Only a finding when everything above is known, so that a fault elsewhere is not told twice."""
    above = datasets_above(subject.spec, data)
    if not above or label_of(subject.spec, data) is not None:
        return
    if not subject.is_whole(data):
        return
    at = subject.spec.datasets[above[0]].at
    help = "mark it in the contract: `{type: category, role: label, positive: ...}`, or give the gate `label: column`"
    table = "target" if gate.data is None else "data"
    message = f"gate `{gate.name}` can't know the truth: no dataset above its `{table}` has a label column"
    related = (Related(at, f"`{above[0]}` is defined here"),)
    yield Diagnostic(CODE, data.at, message, help, related=related)
