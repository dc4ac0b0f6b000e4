"""A column that a spec names is in the contract of its dataset, as far as the columns there can be known, and fits."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import (
    DriftCheck,
    Expectation,
    FreshnessCheck,
    MissingCheck,
    OutlierCheck,
    ResidualCheck,
    StabilityCheck,
)
from modelsync.core.contract import Contract
from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.core.nearest import is_slip, nearest
from modelsync.core.records import record
from modelsync.language.decode.table_checks import ALL
from modelsync.language.mends import slip
from modelsync.language.model import Dataset, Gate, Ref, RefKind
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence

CODE = "MS503"

_ARGUMENTS = ("column", "column_A", "column_B", "column_list")
_COLUMNS: dict[type, tuple[str, ...]] = {
    MissingCheck: ("columns",),
    OutlierCheck: ("columns",),
    FreshnessCheck: ("column",),
    DriftCheck: ("columns",),
    ResidualCheck: ("by", "order_by"),
    StabilityCheck: ("group",),
}
_SPLIT = "builtin/split"
_MAYBE: frozenset[RefKind] = frozenset()  # columns that a contract may leave out, whatever the table is


@record
class _Named:
    """A column where it is named, with the dataset whose columns are there; `sure`: no others can be meant."""

    node: Scalar
    dataset: Dataset
    sure: bool


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each unknown column: of a gate on a dataset any that its contract does not have, elsewhere one that is a slip.

    A table may have columns that its contract leaves out, and what a function makes is only known when it exists; a
    split has the columns of what it splits. And each column whose type in the contract the check can't look at.
    """
    named = [each for each in _everywhere(subject) if "${{" not in each.node.text]
    used = {(each.dataset.name, each.node.text) for each in named}
    unknown: dict[tuple[str, str], list[_Named]] = {}
    for each in named:
        columns = _columns(subject, each.dataset)
        if columns and each.node.text not in columns and (each.sure or _is_slip_for(each.node.text, columns)):
            unknown.setdefault((each.dataset.name, each.node.text), []).append(each)
    for (name, text), places in unknown.items():
        columns = _columns(subject, places[0].dataset)
        near = nearest(text, columns)
        if len(places) > 1 and near and (name, near) not in used:
            yield _misnamed(places, columns[near], text)
        else:
            yield from (_diagnostic(each, near, columns) for each in places)
    yield from _of_wrong_type(subject)


def _source(subject: Subject, ref: Ref) -> Dataset | None:
    """The dataset whose columns something has: itself, or what was split."""
    seen: set[str] = set()
    while ref.kind is RefKind.OUTPUT and str(ref) not in seen:
        seen.add(str(ref))
        pipeline = subject.spec.pipelines.get(ref.path[0])
        step = None if pipeline is None else pipeline.steps.get(ref.path[1])
        if step is None or step.code.text != _SPLIT or "data" not in step.inputs:
            return None
        ref = step.inputs["data"]
    return subject.spec.datasets.get(ref.path[0]) if ref.kind is RefKind.DATASET else None


def _is_slip_for(text: str, columns: dict[str, Scalar]) -> bool:
    near = nearest(text, columns)
    return bool(near) and is_slip(text, near)


def _columns(subject: Subject, dataset: Dataset) -> dict[str, Scalar]:
    """The columns of a contract with their places, also those whose bodies have a fault."""
    contract = subject.context.nodes["datasets", dataset.name].get("contract")
    columns = contract.get("columns") if isinstance(contract, Mapping) else None
    return {item.key.text: item.key for item in columns.items} if isinstance(columns, Mapping) else {}


def _everywhere(subject: Subject) -> Iterator[_Named]:
    for gate in subject.spec.gates.values():
        yield from _in_gate(subject, gate)
    for step in subject.spec.steps:
        body = subject.context.nodes["steps", step.id].get("with")
        if step.code.text == _SPLIT and isinstance(body, Mapping) and "data" in step.inputs:
            yield from _at(subject, step.inputs["data"], _scalars(body.get("stratify")), _MAYBE)


def _in_gate(subject: Subject, gate: Gate) -> Iterator[_Named]:
    node = subject.context.nodes["gates", gate.name]
    slices = node.get("slices")
    if gate.target.kind is not RefKind.MODEL:
        yield from _at(subject, gate.target, _in_checks(subject, gate))
        if gate.data is None:
            yield from _at(subject, gate.target, _scalars(node.get("label")), _MAYBE)
    if gate.data is not None:
        if gate.target.kind is RefKind.MODEL:
            yield from _at(subject, gate.data, _in_checks(subject, gate), _MAYBE)
        yield from _at(subject, gate.data, _scalars(node.get("label")), _MAYBE)
        if isinstance(slices, Mapping):
            yield from _at(subject, gate.data, _scalars(slices.get("by")), _MAYBE)


def _in_checks(subject: Subject, gate: Gate) -> Iterator[Scalar]:
    for asked, node in subject.checks(gate):
        if isinstance(asked, Expectation):
            body = node.get(asked.name)
            for argument in _ARGUMENTS:
                yield from _scalars(body.get(argument) if isinstance(body, Mapping) else None)
        else:
            named = (each for key in _COLUMNS.get(type(asked), ()) for each in _scalars(node.get(key)))
            yield from (each for each in named if each.text != ALL)


def _at(
    subject: Subject, ref: Ref, named: Iterator[Scalar], sure: frozenset[RefKind] = frozenset({RefKind.DATASET})
) -> Iterator[_Named]:
    dataset = _source(subject, ref)
    if dataset is not None:
        yield from (_Named(each, dataset, ref.kind in sure) for each in named)


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for each in node.items:
            yield from _scalars(each)


def _diagnostic(named: _Named, near: str, columns: dict[str, Scalar]) -> Diagnostic:
    node, dataset = named.node, named.dataset
    help = f"did you mean `{near}`?" if near else f"name it there, or use one of: {', '.join(columns)}"
    related = (Related(dataset.at, f"`{dataset.name}` is defined here"),)
    message = f"column `{node.text}` is not in the contract of dataset `{dataset.name}`"
    return Diagnostic(CODE, node.at, message, help, related=related, fix=slip(node.at, node.text, near))


def _misnamed(places: list[_Named], column: Scalar, meant: str) -> Diagnostic:
    """When several places agree on a name, the slip is in the contract."""
    name = places[0].dataset.name
    message = f"no place names column `{column.text}` of dataset `{name}`, and {len(places)} name `{meant}`"
    related = tuple(Related(each.node.at, f"`{meant}` is used here") for each in places[:5])
    fix = slip(column.at, column.text, meant)
    return Diagnostic(CODE, column.at, message, f"did you mean `{meant}`?", related=related, fix=fix)


def _of_wrong_type(subject: Subject) -> Iterator[Diagnostic]:
    for gate in subject.spec.gates.values():
        dataset = _source(subject, gate.target)
        if dataset is None or dataset.contract is None:
            continue
        for asked, node in subject.checks(gate):
            if isinstance(asked, FreshnessCheck):
                why = "freshness looks at columns of type datetime"
                yield from _wrong(node.get("column"), dataset, dataset.contract, ("datetime",), why)
            elif isinstance(asked, OutlierCheck) and asked.columns is not None:
                why = "only numbers have outliers"
                yield from _wrong(node.get("columns"), dataset, dataset.contract, ("int", "float"), why)


def _wrong(
    node: Node | None, dataset: Dataset, contract: Contract, wanted: tuple[str, ...], why: str
) -> Iterator[Diagnostic]:
    for each in _scalars(node):
        column = contract.columns.get(each.text)
        if column is None or str(column.type) in wanted:
            continue
        message = f"column `{column.name}` is of type {column.type} in the contract of `{dataset.name}`, and {why}"
        fit = [f"`{name}`" for name, other in contract.columns.items() if str(other.type) in wanted]
        help = f"there are: {', '.join(fit[:6])}" if fit else f"if it is one, write `type: {wanted[0]}` in the contract"
        yield Diagnostic(
            CODE, each.at, message, help, related=(Related(dataset.at, f"`{dataset.name}` is defined here"),)
        )
