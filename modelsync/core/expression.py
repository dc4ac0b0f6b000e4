"""Typed expressions of `when`: parsed and checked before anything runs, evaluated on recorded facts."""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from modelsync.core.nearest import nearest

VERDICTS = ("pass", "fail", "inconclusive", "skipped", "error")
"""What `gate(name)` can be compared with."""

MAX_LENGTH = 4096  # characters; a rule that a person can review is far shorter
MAX_DEPTH = 64  # the same depth as the YAML reader allows, far below Python's own recursion limit

_FUNCTIONS = {"min": (2, 64), "max": (2, 64), "abs": (1, 1), "round": (1, 2), "len": (1, 1)}  # least, most arguments
_PATH_FUNCTIONS = ("changed", "gate")
_LITERALS = {"true": True, "false": False}
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_MOST_DIGITS = 15  # what a float carries; more asked of `round` would only burn time


class Type(StrEnum):
    """The types of names and of parts of an expression."""

    BOOL = "a truth value"
    NUMBER = "a number"
    TEXT = "text"
    SET = "a set of names"
    VERDICT = "a verdict"


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression may use.

    Keys are dotted names, `changed(path)`, `gate(name)`, or end in `.*` for any one name below (`metrics.*`).
    `choices` lists the only texts a TEXT name can be, so that a comparison with any other is a fault.
    """

    names: Mapping[str, Type]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def type_of(self, name: str) -> Type | None:
        """The type of a name, None when it is not in scope."""
        found = self.names.get(name)
        if found is None and "(" not in name:
            found = self.names.get(f"{name.rpartition('.')[0]}.*")
        return found

    def nearest_to(self, name: str) -> str:
        """The name in scope that was probably meant, empty when none is near."""
        last = name.rpartition(".")[2]
        return nearest(name, (known[:-1] + last if known.endswith(".*") else known for known in self.names))


@dataclass(frozen=True, slots=True)
class ExpressionFault:
    """What is wrong between two columns of an expression (0-based, end exclusive)."""

    message: str
    col: int
    end_col: int
    help: str = ""


class ExpressionError(Exception):
    """The text is not an expression of this language; `col` is the 0-based offset inside it."""

    def __init__(self, message: str, col: int, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.col = col
        self.help = help


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer, and every name that was looked at with its value (None: there was none)."""

    value: bool
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expression:
    """One parsed condition; equal when written equally."""

    text: str
    _tree: ast.expr = field(compare=False, repr=False)

    def check(self, scope: Scope) -> list[ExpressionFault]:
        """Every wrong name and type, in the order written."""
        checker = _Checker(self.text, scope)
        checker.truth(self._tree)
        return sorted(checker.faults, key=lambda fault: (fault.col, fault.end_col))

    def names(self) -> tuple[str, ...]:
        """The dotted names used, once each, in the order written; calls as `changed(path)` and `gate(name)`."""
        return tuple(dict.fromkeys(_names(self._tree)))

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

    def __str__(self) -> str:
        return self.text


def parse(text: str) -> Expression:
    """The expression in a text; ExpressionError with the column when it uses anything outside the language."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression has more than {MAX_LENGTH} characters", 0)
    if not text.strip():
        raise ExpressionError("the expression is empty", 0, "write a condition such as `metrics.roc_auc >= 0.8`")
    _refuse_hidden(text)
    flat = re.sub(r"\s", " ", text)  # one line, same columns: a folded scalar reads like a plain one
    tree = _parse_python(flat.lstrip(), len(flat) - len(flat.lstrip()))
    _refuse_foreign(tree, flat)
    return Expression(text, tree)


# -- reading -----------------------------------------------------------------------------------------------------------

_QUOTED_OR_HIDDEN = re.compile(r"""'[^']*'|"[^"]*"|[#\\]""")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")


def _refuse_hidden(text: str) -> None:
    """Python would drop a comment and a line joint in silence: then the text says more than is evaluated."""
    for match in _QUOTED_OR_HIDDEN.finditer(text):
        if match.group() == "#":
            raise ExpressionError(
                "a comment can't stand inside an expression", match.start(), "move it to its own line"
            )
        if "\\" in match.group():
            raise ExpressionError("a backslash is not allowed here", match.start() + match.group().index("\\"))


def _parse_python(source: str, start: int) -> ast.expr:
    """The tree of Python's parser, its byte columns turned into character columns of the whole text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `1or x` is only a warning; the whitelist decides what is allowed
            tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise _syntax_error(error, source, start) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise ExpressionError("the expression can't be read", start, "write it shorter and flatter") from None
    encoded = source.encode()
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset = start + len(encoded[: node.col_offset].decode(errors="ignore"))
            node.end_col_offset = start + len(encoded[: node.end_col_offset].decode(errors="ignore"))
    return tree


def _syntax_error(error: SyntaxError, source: str, start: int) -> ExpressionError:
    if equals := _SINGLE_EQUALS.search(source):
        return ExpressionError("`=` does not compare", start + equals.start(), "write `==`")
    for foreign, meant in (("&&", "and"), ("||", "or"), ("!", "not"), ("$", "")):
        at = source.replace("!=", "==").find(foreign)
        if at >= 0:
            way_out = f"write `{meant}`" if meant else "names are written bare here, such as `params.learner`"
            return ExpressionError(f"`{foreign}` is not part of an expression", start + at, way_out)
    col = min(max((error.offset or 1) - 1, 0), len(source.rstrip()))
    reason = (error.msg or "invalid syntax").split(". ")[0]
    return ExpressionError(f"the expression can't be read: {reason}", start + col, _ALLOWED)


_ALLOWED = "allowed are names, numbers, text, comparison, + - * /, `and`, `or`, `not`, `in`, and min max abs round len"


def _refuse_foreign(tree: ast.expr, text: str) -> None:
    """Only what the language has may stand in the tree; the first foreign part is refused with its column."""
    rest: list[tuple[ast.expr, int]] = [(tree, 1)]
    while rest:
        node, depth = rest.pop()
        if depth > MAX_DEPTH:
            raise ExpressionError(f"the expression is nested deeper than {MAX_DEPTH}", node.col_offset)
        rest.extend((part, depth + 1) for part in reversed(_parts(node, text)))


def _parts(node: ast.expr, text: str) -> list[ast.expr]:
    """The parts of one node of the language; ExpressionError when it is none."""
    match node:
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return [operand]
        case ast.BinOp(op=op, left=left, right=right) if isinstance(op, _ARITHMETIC):
            return [left, right]
        case ast.Compare(left=left, ops=ops, comparators=others) if not any(
            isinstance(op, ast.Is | ast.IsNot) for op in ops
        ):
            return [left, *others]
        case ast.List(elts=parts) | ast.Tuple(elts=parts) if all(isinstance(part, ast.Constant) for part in parts):
            return parts
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            return arguments
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _PATH_FUNCTIONS and _dotted(
            argument
        ):
            return []
        case ast.Constant(value=bool() | str()):
            return []
        case ast.Constant(value=int() | float() as number) if abs(number) < 1e300:
            return []
        case _ if _dotted(node):
            return []
    raise _foreign(node, text)


def _foreign(node: ast.expr, text: str) -> ExpressionError:
    shown = text[node.col_offset : node.end_col_offset]
    shown = shown if len(shown) <= 40 else shown[:37] + "..."
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in _PATH_FUNCTIONS:
            return ExpressionError(
                f"`{node.func.id}` takes one dotted name", node.col_offset, f"write `{node.func.id}(name)`"
            )
        known = (*_FUNCTIONS, *_PATH_FUNCTIONS)
        near = nearest(node.func.id, known)
        way_out = f"did you mean `{near}`?" if near else f"functions are {', '.join(known)}"
        return ExpressionError(f"function `{node.func.id}` does not exist", node.col_offset, way_out)
    return ExpressionError(f"`{shown}` is not part of this language", node.col_offset, _ALLOWED)


def _dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names, empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _name_of(node: ast.expr) -> str:
    """The name a node stands for in a scope and in facts; empty when it is no name."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _PATH_FUNCTIONS:
        return f"{node.func.id}({_dotted(node.args[0])})"
    name = _dotted(node)
    return "" if name in _LITERALS else name


def _names(node: ast.expr) -> Iterator[str]:
    if name := _name_of(node):
        yield name
        return
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr) and not (isinstance(node, ast.Call) and part is node.func):
            yield from _names(part)


# -- types -------------------------------------------------------------------------------------------------------------


class _Checker:
    """Gives every part its type; a part with a fault has type None, which fits everywhere: no cascades."""

    def __init__(self, text: str, scope: Scope) -> None:
        self._text, self._scope = text, scope
        self.faults: list[ExpressionFault] = []

    def truth(self, node: ast.expr) -> None:
        """Expect a truth value; a set counts as true when it is not empty."""
        found = self.type_of(node)
        if found is Type.VERDICT:
            name = self._shown(node)
            self._fault(node, f"`{name}` is a verdict, not a truth value", f'write `{name} == "pass"`')
        elif found not in (Type.BOOL, Type.SET, None):
            self._fault(node, f"`{self._shown(node)}` is {found}, not a truth value", "compare it, such as `x >= 0.8`")

    def type_of(self, node: ast.expr) -> Type | None:
        """The type of one part, its own faults collected."""
        if name := _name_of(node):
            return self._name(node, name)
        match node:
            case ast.BoolOp(values=values):
                for value in values:
                    self.truth(value)
                return Type.BOOL
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self.truth(operand)
                return Type.BOOL
            case ast.UnaryOp(operand=operand):
                return self._number(operand)
            case ast.BinOp(left=left, right=right):
                self._number(left)
                return self._number(right)
            case ast.Compare(left=left, ops=ops, comparators=others):
                for one, op, other in zip((left, *others[:-1]), ops, others, strict=True):
                    self._comparison(one, op, other)
                return Type.BOOL
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return self._call(node, function, arguments)
            case ast.Constant(value=str()):
                return Type.TEXT
            case ast.Constant(value=bool()) | ast.Name():
                return Type.BOOL
            case ast.List() | ast.Tuple():
                self._fault(node, "a list can only stand after `in`", 'such as `params.learner in ["gbm", "forest"]`')
                return None
        return Type.NUMBER

    def _name(self, node: ast.expr, name: str) -> Type | None:
        found = self._scope.type_of(name)
        if found is None:
            near = self._scope.nearest_to(name)
            known = ", ".join(sorted(self._scope.names)) or "none"
            self._fault(node, f"unknown name `{name}`", f"did you mean `{near}`?" if near else f"names here: {known}")
        return found

    def _number(self, node: ast.expr) -> Type:
        found = self.type_of(node)
        if found not in (Type.NUMBER, None):
            self._fault(node, f"`{self._shown(node)}` is {found}, not a number")
        return Type.NUMBER

    def _comparison(self, one: ast.expr, op: ast.cmpop, other: ast.expr) -> None:
        if isinstance(op, ast.In | ast.NotIn):
            self._membership(one, other)
        elif isinstance(op, _ORDER):
            self._number(one)
            self._number(other)
        else:
            self._equality(one, other)

    def _membership(self, one: ast.expr, other: ast.expr) -> None:
        found = self.type_of(one)
        if isinstance(other, ast.List | ast.Tuple):
            for part in other.elts:
                self._equal_types(one, found, part, self.type_of(part))
            return
        whole = self.type_of(other)
        if whole not in (Type.SET, None):
            self._fault(other, f"`{self._shown(other)}` is {whole}; only a set or a list has members")
        elif found not in (Type.TEXT, None):
            self._fault(one, f"`{self._shown(one)}` is {found}; a set of names has only text members")

    def _equality(self, one: ast.expr, other: ast.expr) -> None:
        self._equal_types(one, self.type_of(one), other, self.type_of(other))

    def _equal_types(self, one: ast.expr, first: Type | None, other: ast.expr, second: Type | None) -> None:
        if first is None or second is None:
            return
        if Type.VERDICT in (first, second) and Type.TEXT in (first, second):
            self._choice(*((one, other) if first is Type.VERDICT else (other, one)), VERDICTS)
        elif first is not second or first is Type.SET:
            message = f"`{self._shown(one)}` is {first}, `{self._shown(other)}` is {second}: they can't be compared"
            help = "ask `len(...)` or `in`" if first is Type.SET else ""
            self._fault(other, message, help)
        elif first is Type.TEXT:
            for name, literal in ((one, other), (other, one)):
                self._choice(name, literal, self._scope.choices.get(_name_of(name)))

    def _choice(self, name: ast.expr, literal: ast.expr, choices: tuple[str, ...] | None) -> None:
        """A text that the name can never be is a comparison that is never true."""
        if choices is None or not isinstance(literal, ast.Constant) or literal.value in choices:
            return
        near = nearest(str(literal.value), choices)
        way_out = f'did you mean `"{near}"`?' if near else f"it is one of {', '.join(choices)}"
        self._fault(literal, f'`{self._shown(name)}` is never "{literal.value}"', way_out)

    def _call(self, node: ast.expr, function: str, arguments: list[ast.expr]) -> Type | None:
        least, most = _FUNCTIONS[function]
        if not least <= len(arguments) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            self._fault(node, f"`{function}` takes {wanted} arguments, not {len(arguments)}")
            return Type.NUMBER
        if function == "len":
            found = self.type_of(arguments[0])
            if found not in (Type.SET, Type.TEXT, None):
                self._fault(arguments[0], f"`{self._shown(arguments[0])}` is {found}; only a set or text has a length")
            return Type.NUMBER
        for argument in arguments:
            self._number(argument)
        return Type.NUMBER

    def _shown(self, node: ast.expr) -> str:
        return self._text[node.col_offset : node.end_col_offset]

    def _fault(self, node: ast.expr, message: str, help: str = "") -> None:
        end = node.end_col_offset or node.col_offset + 1
        self.faults.append(ExpressionFault(message, node.col_offset, end, help))


# -- values ------------------------------------------------------------------------------------------------------------

_MISSING = object()  # no fact, or arithmetic that has no answer


class _Evaluator:
    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts
        self.evidence: dict[str, Any] = {}

    def value(self, node: ast.expr) -> Any:
        if name := _name_of(node):
            return self._fact(name)
        match node:
            case ast.BoolOp(op=op, values=values):
                truths = [_is_true(self.value(value)) for value in values]
                return all(truths) if isinstance(op, ast.And) else any(truths)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not _is_true(self.value(operand))
            case ast.UnaryOp(operand=operand):
                return _computed(lambda one: -one, self.value(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return _computed(_OPERATORS[type(op)], self.value(left), self.value(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                values = [self.value(part) for part in (left, *others)]
                pairs = zip(values, ops, values[1:], strict=False)
                return all(_computed(_OPERATORS[type(op)], one, other) is True for one, op, other in pairs)
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return _computed(_CALLS[function], *(self.value(argument) for argument in arguments))
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [self.value(part) for part in parts]
            case ast.Constant(value=value):
                return value
            case ast.Name(id=literal):
                return _LITERALS[literal]
        raise AssertionError(f"the reader let {ast.dump(node)} through")

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
    unknown = [name for name in _names(node) if name not in facts]
    if unknown and all(name.startswith(open) for name in unknown):
        return None
    return _is_true(_Evaluator(facts).value(node))


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
