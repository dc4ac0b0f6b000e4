"""Every name in a `when` exists where it stands, and every comparison makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.core.expression import ExpressionFault, Scope, Type
from modelsync.language.decode.context import Condition
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS302"

_PARAM_TYPES = {"int": Type.NUMBER, "float": Type.NUMBER, "bool": Type.BOOL, "string": Type.TEXT, "enum": Type.TEXT}
_METRICS = {"metrics.*": Type.NUMBER, "champion.metrics.*": Type.NUMBER}
_DATASET = {
    "contract.breaking": Type.BOOL,
    "contract.extended": Type.BOOL,
    "rows.added": Type.BOOL,
    "rows.removed": Type.BOOL,
    "content.changed": Type.BOOL,
}
_MODEL = {
    "signature.breaking": Type.BOOL,
    "contract.breaking": Type.BOOL,
    "contract.extended": Type.BOOL,
    "features.added": Type.SET,
    "features.removed": Type.SET,
    "data.changed": Type.BOOL,
    "code.changed": Type.BOOL,
    "params.changed": Type.BOOL,
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each wrong name or type, with its column inside the expression."""
    broken = {f"params.{name}" for name in subject.names.params if name not in subject.spec.params}
    broken |= {said for used in subject.misnamed() for said in _said(used)}
    for condition in subject.conditions:
        names = set(condition.expression.names())
        if not names & broken and not any(_is_hidden(subject, name) for name in names):
            for fault in condition.expression.check(scope(subject, condition.owner)):
                yield _diagnostic(subject, condition, fault)


def _said(path: tuple[str, ...]) -> tuple[str, ...]:
    """How a condition names what is declared."""
    section, name = path[0], path[-1]
    if section == "gates":
        return (f"gate({name})",)
    return (f"{section}.{name}", f"changed({section}.{name})")


def _is_hidden(subject: Subject, name: str) -> bool:
    """Whether the section that would declare a name is broken."""
    sections = (
        ("gate(", "gates"),
        ("params.", "params"),
        ("changed(params.", "params"),
        ("changed(datasets.", "datasets"),
    )
    return any(name.startswith(start) and subject.names.is_hidden(section) for start, section in sections)


def scope(subject: Subject, owner: str) -> Scope:
    """The names a condition may use, by what it belongs to: a dataset, a model or a stage."""
    match owner:
        case "dataset":
            return Scope(_DATASET)
        case "model":
            return Scope(_MODEL | _METRICS | _params(subject) | _changes(subject), _choices(subject))
    gates = {f"gate({name})": Type.VERDICT for name in subject.names.gates}
    return Scope(_METRICS | _params(subject) | gates, _choices(subject))


def _params(subject: Subject) -> dict[str, Type]:
    declared = subject.spec.params
    return {f"params.{name}": _PARAM_TYPES[param.type] for name, param in declared.items()}


def _choices(subject: Subject) -> dict[str, tuple[str, ...]]:
    """Only an enum has few values; comparing it with any other text is never true."""
    found = {}
    for name in subject.spec.params:
        if values := subject.context.enums.get(name):
            found[f"params.{name}"] = values
    return found


def _changes(subject: Subject) -> dict[str, Type]:
    paths = ["data", "code", "params"]
    paths += [f"params.{name}" for name in subject.names.params]
    paths += [f"datasets.{name}" for name in subject.names.datasets]
    return {f"changed({path})": Type.BOOL for path in paths}


def _diagnostic(subject: Subject, condition: Condition, fault: ExpressionFault) -> Diagnostic:
    at = subject.context.within(condition.node, fault.col, fault.end_col)
    meant = re.fullmatch(r"did you mean `(.+)`\?", fault.help)
    written = condition.expression.text[fault.col : fault.end_col]
    exact = at.line == at.end_line and at.end_col - at.col == len(written)
    fix = slip(at, written, meant.group(1)) if meant and exact else None
    return Diagnostic(CODE, at, fault.message, fault.help, fix=fix)
