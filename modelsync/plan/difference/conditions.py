"""Two conditions held against each other: which of them lets more through."""

from __future__ import annotations

import ast

from modelsync.core.expression import Expression
from modelsync.core.expression_syntax import tree_of
from modelsync.core.records import record
from modelsync.plan.difference.parts import Way, cap, floor


def compare(old: Expression | None, new: Expression | None) -> Way:
    """What a new condition does to what it guards; no condition lets everything through.

    A condition is taken as parts joined by `and`: one less is weaker, one more is tighter, a comparison with a number
    is as strict as the number. Anything that goes beyond that has to be looked at.
    """
    if old is None or new is None:
        return Way.NEUTRAL if old is new else Way.TIGHTER if old is None else Way.WEAKER
    before, after = _Parts(tree_of(old.text)), _Parts(tree_of(new.text))
    if before.text == after.text:
        return Way.NEUTRAL
    if before.text in after.ways:
        return Way.WEAKER  # there is another way now
    if after.text in before.ways:
        return Way.TIGHTER
    found = {_OF_SETS[bool(before.opaque - after.opaque), bool(after.opaque - before.opaque)]}
    for bound in before.bounds | after.bounds:
        one, other = before.bounds.get(bound), after.bounds.get(bound)
        if one != other:
            found.add((floor if bound.upward else cap)(_value(one, bound), _value(other, bound)))
    found.discard(Way.NEUTRAL)
    if not found:
        return Way.NEUTRAL  # the same parts, in other words or another order
    return found.pop() if len(found) == 1 else Way.LOOK


@record
class _Bound:
    """What is compared with a number, and whether it must be above it."""

    about: str
    upward: bool


class _Parts:
    """A condition as numbers that must be reached or kept, and parts of which only the text is known."""

    def __init__(self, tree: ast.expr) -> None:
        self.text = ast.unparse(tree)
        self.ways = {ast.unparse(each) for each in _joined(tree, ast.Or)}
        self.bounds: dict[_Bound, tuple[float, bool]] = {}  # the strictest number, and whether it must be passed
        self.opaque: set[str] = set()
        for part in _joined(tree, ast.And):
            self._take(part)

    def _take(self, part: ast.expr) -> None:
        found = _bound(part)
        if found is None:
            self.opaque.add(ast.unparse(part))
            return
        bound, number, passes = found
        sign = 1 if bound.upward else -1
        before = self.bounds.get(bound)
        if before is None or (sign * number, passes) > (sign * before[0], before[1]):
            self.bounds[bound] = (number, passes)


_OF_SETS = {  # (a part is gone, a part is new)
    (False, False): Way.NEUTRAL,
    (True, False): Way.WEAKER,
    (False, True): Way.TIGHTER,
    (True, True): Way.LOOK,
}


def _value(found: tuple[float, bool] | None, bound: _Bound) -> float | None:
    """A number that is a hair stricter where it must be passed."""
    if found is None:
        return None
    number, passes = found
    hair = abs(number) * 1e-12 + 1e-300 if passes else 0.0
    return number + hair if bound.upward else number - hair


def _joined(tree: ast.expr, by: type[ast.boolop]) -> list[ast.expr]:
    """The parts that `and` or `or` joins, at any depth; the whole when it joins nothing."""
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, by):
        return [part for value in tree.values for part in _joined(value, by)]
    return [tree]


def _bound(part: ast.expr) -> tuple[_Bound, float, bool] | None:
    """`metrics.a >= 0.8` or `0.8 <= metrics.a`, as what, number, and whether it must be passed."""
    if not isinstance(part, ast.Compare) or len(part.ops) != 1 or type(part.ops[0]) not in _UPWARD:
        return None
    left, right = part.left, part.comparators[0]
    upward, passes = _UPWARD[type(part.ops[0])]
    if (number := _number(right)) is not None and _number(left) is None:
        return _Bound(ast.unparse(left), upward), number, passes
    if (number := _number(left)) is not None and _number(right) is None:
        return _Bound(ast.unparse(right), not upward), number, passes
    return None


_UPWARD: dict[type[ast.cmpop], tuple[bool, bool]] = {
    ast.GtE: (True, False),
    ast.Gt: (True, True),
    ast.LtE: (False, False),
    ast.Lt: (False, True),
}


def _number(tree: ast.expr) -> float | None:
    match tree:
        case ast.Constant(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = _number(operand)
            return None if found is None else -found
    return None
