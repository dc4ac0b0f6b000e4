"""Target drift: how far the truth itself, the label of a table, lies from that of its reference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modelsync.core.checks import DriftCheck
from modelsync.gates import drift
from modelsync.gates.question import Answer, GateError, Question, need_table

_WORDS = ("string", "bool", "category")


def answer(question: Question) -> Answer:
    """The drift checks of the label, as classes when one of them is called positive; GateError without a label."""
    if question.label is None:
        raise GateError(f"gate `{question.gate}` knows no label; give a column of the contract `role: label`")
    name = question.label.column
    if name not in need_table(question).columns:
        raise GateError(f"the table has no column `{name}`, the label of gate `{question.gate}`")
    declared = dict(question.declared(name))
    if holds_classes(question):
        declared["type"] = "category"
    return drift.answer(on_column(question, name, declared))


def holds_classes(question: Question) -> bool:
    """Whether the contract makes the label a class: by its type, or by naming the positive one."""
    if question.label is None:
        return False
    return question.label.positive is not None or question.declared(question.label.column).get("type") in _WORDS


def on_column(question: Question, name: str, declared: dict[str, Any]) -> Question:
    """The same question about one column, whatever its role."""
    checks = tuple(
        replace(check, columns=(name,)) if isinstance(check, DriftCheck) else check for check in question.checks
    )
    return replace(question, checks=checks, columns={name: declared})
