"""Typed expressions of `when`: parsed and checked before anything runs, evaluated on recorded facts."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any

from modelsync.core.expression_syntax import LITERALS, ExpressionError, name_of, names_in, tree_of
from modelsync.core.expression_types import ExpressionFault, Scope, Type, faults
from modelsync.core.records import record

__all__ = ["Evaluation", "Expression", "ExpressionError", "ExpressionFault", "Scope", "Type", "parse"]

_MOST_DIGITS = 15  # what a float carries; more asked of `round` would only burn time


@record
class Evaluation:
    """The answer, and every name that was looked at with its value (None: there was none)."""

    value: bool
    evidence: dict[str, Any]


@record
class Expression:
    """One parsed condition; equal when written equally. Made by `parse`."""

    text: str
    _tree: ast.expr = field(compare=False, repr=False)

    def check(self, scope: Scope) -> list[ExpressionFault]:
        """Every wrong name and type, in the order written."""
        return faults(self._tree, self.text, scope)

    def names(self) -> tuple[str, ...]:
        """The dotted names used, once each, in the order written; calls as `changed(path)` and `gate(name)`."""
        return tuple(dict.fromkeys(names_in(self._tree)))

    def evaluate(self, facts: Mapping[str, Any]) -> Evaluation:
        """The truth of the expression on these facts.

        Keys of `facts` are as in `names()`. A name without a fact is missing: arithmetic with it is missing, every
        comparison with it is false, and so is its own truth. All parts are looked at, so that the evidence is complete.
        """
        evaluator = _Evaluator(facts)
        return Evaluation(_is_true(evaluator.value(self._tree)), evaluator.evidence)

    def foresee(self, facts: Mapping[str, Any], open: tuple[str, ...]) -> bool | None:
        """The truth as far as it is settled: None when it hangs on a name that is still open.

        A name without a fact is open when it starts with one of the prefixes in `open`, and missing otherwise.
        """
        return _foresee(self._tree, facts, open)

    def atoms(self) -> tuple[str, ...]:
        """The smallest parts that are true or false, as text without needless spaces: names and comparisons."""
        return tuple(dict.fromkeys(_said(part) for part in _atoms(self._tree)))

    def holds(self, world: Mapping[str, bool]) -> bool:
        """The truth when each atom has the truth that a world gives it."""
        return _holds(self._tree, world)

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> Expression:
    """The expression in a text; ExpressionError with the column when it uses anything outside the language."""
    return Expression(text, tree_of(text))


_MISSING = object()  # no fact, or arithmetic that has no answer


class _Evaluator:
    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self.evidence: dict[str, Any] = {}

    def value(self, node: ast.expr) -> Any:
        if name := name_of(node):
            return self._fact(name)
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=literal):
                return LITERALS[literal]
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [self.value(part) for part in parts]
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return _computed(_CALLS[function], *(self.value(argument) for argument in arguments))
            case ast.BinOp(left=left, op=op, right=right):
                return _computed(_OPERATORS[type(op)], self.value(left), self.value(right))
        return self._logic(node)

    def _logic(self, node: ast.expr) -> Any:
        match node:
            case ast.BoolOp(op=op, values=values):
                truths = [_is_true(self.value(value)) for value in values]
                return all(truths) if isinstance(op, ast.And) else any(truths)
            case ast.UnaryOp(op=op, operand=operand):
                found = self.value(operand)
                return not _is_true(found) if isinstance(op, ast.Not) else _computed(operator.neg, found)
            case ast.Compare(left=left, ops=ops, comparators=others):
                values = [self.value(part) for part in (left, *others)]
                pairs = zip(values, ops, values[1:], strict=False)
                return all(_computed(_OPERATORS[type(op)], one, other) is True for one, op, other in pairs)
        raise AssertionError(f"the grammar let {ast.dump(node)} through")

    def _fact(self, name: str) -> Any:
        found = self._facts.get(name)
        if isinstance(found, float) and not math.isfinite(found):
            found = None  # a comparison with nan or infinity says nothing about the model
        if isinstance(found, set | frozenset):
            found = sorted(found)
        self.evidence[name] = found
        return _MISSING if found is None else found


def _foresee(node: ast.expr, facts: Mapping[str, Any], open: tuple[str, ...]) -> bool | None:
    """Kleene's three-valued logic over the connectives; a part below them is settled when its names are."""
    match node:
        case ast.BoolOp(op=op, values=values):
            settles = isinstance(op, ast.Or)  # one true part settles an `or`, one false part an `and`
            parts = [_foresee(value, facts, open) for value in values]
            if settles in parts:
                return settles
            return None if None in parts else not settles
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            part = _foresee(operand, facts, open)
            return None if part is None else not part
    unknown = [name for name in names_in(node) if name not in facts]
    if unknown and all(name.startswith(open) for name in unknown):
        return None
    return _is_true(_Evaluator(facts).value(node))


def _atoms(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _atoms(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _atoms(operand)
        case ast.Constant():
            return
        case ast.Name(id=name) if name in LITERALS:
            return
        case _:
            yield node


def _holds(node: ast.expr, world: Mapping[str, bool]) -> bool:
    match node:
        case ast.BoolOp(op=op, values=values):
            parts = (_holds(value, world) for value in values)
            return all(parts) if isinstance(op, ast.And) else any(parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _holds(operand, world)
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=literal) if literal in LITERALS:
            return bool(LITERALS[literal])
    return world[_said(node)]


_said = lru_cache(1024)(ast.unparse)  # the same few parts are asked about in each of thousands of worlds


def _computed(function: Callable[..., Any], *values: Any) -> Any:
    """The answer, or missing when a part is missing or the arithmetic has none (division by zero, overflow)."""
    if any(value is _MISSING for value in values):
        return _MISSING
    try:
        answer = function(*values)
    except (ArithmeticError, TypeError, ValueError):
        return _MISSING
    return _MISSING if isinstance(answer, float) and not math.isfinite(answer) else answer


def _round(number: float, digits: float = 0) -> float:
    return round(float(number), max(-_MOST_DIGITS, min(_MOST_DIGITS, int(digits))))


def _is_true(value: Any) -> bool:
    return value is not _MISSING and bool(value)


_CALLS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": abs, "round": _round, "len": len}
_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
