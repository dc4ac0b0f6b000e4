"""The types of `when`: which names there are, what fits what, and every fault with its columns."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from modelsync.core.expression_syntax import FUNCTIONS, LITERALS, name_of
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.core.verdict import Outcome

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_VERDICTS = tuple(str(outcome) for outcome in Outcome)


class Type(StrEnum):
    """The types of names and of parts of an expression."""

    BOOL = "a truth value"
    NUMBER = "a number"
    TEXT = "text"
    SET = "a set of names"
    VERDICT = "a verdict"


@record
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
        names = (known[:-1] + last if known.endswith(".*") else known for known in self.names)
        return nearest(name, (*names, *(LITERALS if name.isidentifier() else ())))


@record
class ExpressionFault:
    """What is wrong between two columns of an expression (0-based, end exclusive)."""

    message: str
    col: int
    end_col: int
    help: str = ""


def faults(tree: ast.expr, text: str, scope: Scope) -> list[ExpressionFault]:
    """Every wrong name and type in the tree of a condition, in the order written."""
    checker = _Checker(text, scope)
    checker.truth(tree)
    return sorted(checker.faults, key=lambda fault: (fault.col, fault.end_col))


class _Checker:
    """Gives every part its type; a part with a fault has type None, which fits everywhere: no cascades."""

    def __init__(self, text: str, scope: Scope) -> None:
        self._text, self._scope = text, scope
        self.faults: list[ExpressionFault] = []

    def truth(self, node: ast.expr) -> None:
        """Expect a truth value; a set counts as true when it is not empty."""
        found = self._type_of(node)
        shown = self._shown(node)
        if found is Type.VERDICT:
            self._fault(node, f"`{shown}` is a verdict, not a truth value", f'write `{shown} == "pass"`')
        elif found not in (Type.BOOL, Type.SET, None):
            self._fault(node, f"`{shown}` is {found}, not a truth value", f"compare it, such as `{shown} == ...`")

    def _type_of(self, node: ast.expr) -> Type | None:
        """The type of one part, its own faults collected."""
        if name := name_of(node):
            return self._name(node, name)
        match node:
            case ast.Constant(value=value):
                return Type.BOOL if isinstance(value, bool) else Type.TEXT if isinstance(value, str) else Type.NUMBER
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return self._call(node, function, arguments)
            case ast.List() | ast.Tuple():
                self._fault(node, "a list can only stand after `in`", 'such as `params.learner in ["gbm", "forest"]`')
                return None
            case ast.BinOp() | ast.UnaryOp(op=ast.USub()):
                return self._arithmetic(node)
        return self._logic(node)

    def _arithmetic(self, node: ast.BinOp | ast.UnaryOp) -> Type:
        for operand in (node.left, node.right) if isinstance(node, ast.BinOp) else (node.operand,):
            self._number(operand)
        return Type.NUMBER

    def _logic(self, node: ast.expr) -> Type:
        match node:
            case ast.BoolOp(values=values):
                for value in values:
                    self.truth(value)
            case ast.UnaryOp(operand=operand):
                self.truth(operand)
            case ast.Compare(left=left, ops=ops, comparators=others):
                for one, op, other in zip((left, *others[:-1]), ops, others, strict=True):
                    self._comparison(one, op, other)
        return Type.BOOL

    def _name(self, node: ast.expr, name: str) -> Type | None:
        found = self._scope.type_of(name)
        if found is None:
            near = self._scope.nearest_to(name)
            known = ", ".join(sorted(self._scope.names)) or "none"
            self._fault(node, f"unknown name `{name}`", f"did you mean `{near}`?" if near else f"names here: {known}")
        return found

    def _number(self, node: ast.expr) -> None:
        found = self._type_of(node)
        if found not in (Type.NUMBER, None):
            shown = self._shown(node)
            help = f"count it: `len({shown})`" if found is Type.SET else ""
            if found is Type.TEXT and isinstance(node, ast.Constant) and _NUMBER.fullmatch(str(node.value)):
                help = "remove the quotes"
            self._fault(node, f"`{shown}` is {found}, not a number", help)

    def _comparison(self, one: ast.expr, op: ast.cmpop, other: ast.expr) -> None:
        if isinstance(op, ast.In | ast.NotIn):
            self._membership(one, other)
        elif isinstance(op, _ORDER):
            self._number(one)
            self._number(other)
        else:
            self._equal(one, self._type_of(one), other, self._type_of(other))

    def _membership(self, one: ast.expr, other: ast.expr) -> None:
        found = self._type_of(one)
        if isinstance(other, ast.List | ast.Tuple):
            for part in other.elts:
                self._equal(one, found, part, self._type_of(part))
            return
        whole = self._type_of(other)
        if whole not in (Type.SET, None):
            self._fault(other, f"`{self._shown(other)}` is {whole}; only a set or a list has members")
        elif found not in (Type.TEXT, None):
            self._fault(one, f"`{self._shown(one)}` is {found}; a set of names has only text members")

    def _equal(self, one: ast.expr, first: Type | None, other: ast.expr, second: Type | None) -> None:
        if first is None or second is None:
            return
        if {first, second} == {Type.VERDICT, Type.TEXT}:
            verdict, literal = (one, other) if first is Type.VERDICT else (other, one)
            self._choice(verdict, literal, _VERDICTS)
        elif first is not second or first is Type.SET:
            message = f"`{self._shown(one)}` is {first}, `{self._shown(other)}` is {second}: they can't be compared"
            help = "ask `len(...)` or `in`" if first is Type.SET else ""
            if (first, second) == (Type.TEXT, Type.SET):
                help = f"write `{self._shown(one)} in {self._shown(other)}`"
            self._fault(other, message, help)
        elif first is Type.TEXT:
            for name, literal in ((one, other), (other, one)):
                self._choice(name, literal, self._scope.choices.get(name_of(name)))

    def _choice(self, name: ast.expr, literal: ast.expr, choices: tuple[str, ...] | None) -> None:
        """A text that the name can never be is a comparison that is never true."""
        if not choices or not isinstance(literal, ast.Constant) or literal.value in choices:
            return
        written = str(literal.value)
        near = nearest(written, choices)
        help = f'did you mean `"{near}"`?' if near else f"it is one of {', '.join(choices)}"
        self._fault(literal, f'`{self._shown(name)}` is never "{written}"', help)

    def _call(self, node: ast.expr, function: str, arguments: list[ast.expr]) -> Type:
        least, most = FUNCTIONS[function]
        if not least <= len(arguments) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            self._fault(node, f"`{function}` takes {wanted} arguments, not {len(arguments)}")
        elif function == "len":
            found = self._type_of(arguments[0])
            if found not in (Type.SET, Type.TEXT, None):
                self._fault(arguments[0], f"`{self._shown(arguments[0])}` is {found}; only a set or text has a length")
        else:
            for argument in arguments:
                self._number(argument)
        return Type.NUMBER

    def _shown(self, node: ast.expr) -> str:
        return self._text[node.col_offset : node.end_col_offset]

    def _fault(self, node: ast.expr, message: str, help: str = "") -> None:
        end = node.end_col_offset or node.col_offset + 1
        self.faults.append(ExpressionFault(message, node.col_offset, end, help))
