"""A gate that measures a model has rows to measure it on, and knows which column is the truth."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.lineage import datasets_above, label_of
from modelsync.language.model import Gate, Ref
from modelsync.language.subject import Subject

CODE = "MS507"

_MEASURES = frozenset({"performance", "fairness"})


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each performance or fairness gate without `data`, or whose data have no label."""
    for gate in subject.spec.gates.values():
        if gate.kind not in _MEASURES:
            continue
        if gate.data is not None and gate.label is not None:
            continue
        if gate.data is not None:
            yield from _label(subject, gate, gate.data)
        elif subject.context.nodes["gates", gate.name].get("data") is None:
            help = "add `data:` with a table that the model has not seen, such as `pipelines.train.split.test`"
            yield Diagnostic(CODE, gate.at, f"gate `{gate.name}` has no `data` to measure the model on", help)


def _label(subject: Subject, gate: Gate, data: Ref) -> Iterator[Diagnostic]:
    """Only a finding when everything above is known, so that a fault elsewhere is not told twice."""
    above = datasets_above(subject.spec, data)
    if not above or label_of(subject.spec, data) is not None:
        return
    if not subject.is_whole(data):
        return
    at = subject.spec.datasets[above[0]].at
    help = "mark it in the contract: `{type: category, role: label, positive: ...}`, or give the gate `label: column`"
    message = f"gate `{gate.name}` can't know the truth: no dataset above its `data` has a label column"
    related = (Related(at, f"`{above[0]}` is defined here"),)
    yield Diagnostic(CODE, data.at, message, help, related=related)
