"""It is clear whose champion a gate compares with."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.lineage import champions, compares_with_champion
from modelsync.language.model import RefKind
from modelsync.language.subject import Subject

CODE = "MS508"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each gate whose target makes no model, or several."""
    for gate in subject.spec.gates.values():
        if not compares_with_champion(gate) or gate.target.kind is RefKind.MODEL or not subject.exists(gate.target):
            continue
        found = champions(subject.spec, gate)
        if len(found) == 1 or (not found and _may_be_hidden(subject)):
            continue
        at = subject.gate_place(gate, "reference")
        if found:
            listed = ", ".join(f"`{name}`" for name in found)
            message = f"the champion of gate `{gate.name}` is not clear: {listed} all come from `{gate.target}`"
            related = tuple(Related(subject.names.models[name], f"`{name}` is defined here") for name in found)
            help = "compare with a dataset or an output, or give each model its own pipeline"
            yield Diagnostic(CODE, at, message, help, related=related)
        else:
            message = f"gate `{gate.name}` has no champion to compare with: no model comes from `{gate.target}`"
            yield Diagnostic(CODE, at, message, "compare with a dataset or an output instead")


def _may_be_hidden(subject: Subject) -> bool:
    """Whether a model that was not understood, or whose artifact does not exist, may be the one."""
    models = subject.spec.models
    if len(models) < len(subject.names.models) or subject.names.is_hidden("models"):
        return True
    artifacts = [model.artifact for model in models.values()]
    return not all(each.kind is RefKind.OUTPUT and subject.exists(each) for each in artifacts)
