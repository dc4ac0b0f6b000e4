"""A column that a gate on a dataset names is in the dataset's contract, when it has one."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import DriftCheck, Expectation
from modelsync.core.contract import Contract
from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.core.nearest import nearest
from modelsync.language.decode.checks import ALL
from modelsync.language.mends import slip
from modelsync.language.model import Dataset, Gate, RefKind
from modelsync.language.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.subject import Subject

CODE = "MS503"

_ARGUMENTS = ("column", "column_A", "column_B", "column_list")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each unknown column. Outputs of steps have no contract, and their columns are only known when they exist."""
    for gate in subject.spec.gates.values():
        dataset = subject.spec.datasets.get(gate.target.path[0]) if gate.target.kind is RefKind.DATASET else None
        if dataset is None or dataset.contract is None or not dataset.contract.columns:
            continue
        for node in _named(subject, gate):
            if node.text not in dataset.contract.columns and node.text != ALL:
                yield _diagnostic(dataset, dataset.contract, node)


def _named(subject: Subject, gate: Gate) -> Iterator[Scalar]:
    for asked, node in subject.checks(gate):
        if isinstance(asked, Expectation):
            body = node.get(asked.name)
            for argument in _ARGUMENTS:
                yield from _scalars(body.get(argument) if isinstance(body, Mapping) else None)
        elif isinstance(asked, DriftCheck) and asked.columns is not None:
            yield from _scalars(node.get("columns"))


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar) and "${{" not in node.text:
        yield node
    elif isinstance(node, Sequence):
        for each in node.items:
            yield from _scalars(each)


def _diagnostic(dataset: Dataset, contract: Contract, node: Scalar) -> Diagnostic:
    near = nearest(node.text, contract.columns)
    help = f"did you mean `{near}`?" if near else f"name it there, or use one of: {', '.join(contract.columns)}"
    related = (Related(dataset.at, f"`{dataset.name}` is defined here"),)
    message = f"column `{node.text}` is not in the contract of dataset `{dataset.name}`"
    return Diagnostic(CODE, node.at, message, help, related=related, fix=slip(node.at, node.text, near))
