"""A `when`: parsed here; its names and types are checked by a rule once everything is known."""

from __future__ import annotations

from modelsync.core.expression import Expression, ExpressionError, parse
from modelsync.language.decode.context import Condition, Context
from modelsync.language.text.nodes import Node, Scalar, Sequence, kind_of

_TRUTHS = {"always": "true", "never": "false", "always()": "true"}


def condition(context: Context, node: Node, owner: str, name: str) -> Expression | None:
    """The expression in a scalar; None when it does not parse."""
    if not isinstance(node, Scalar) or node.value is None:
        help = "join the parts with `and` or `or`" if isinstance(node, Sequence) else ""
        context.fault("MS103", node.at, f"`when` must be an expression, not {kind_of(node)}", help)
        return None
    if "${{" in node.text:
        start = node.text.index("${{")
        at = context.within(node, start, start + 3)
        help = "write `params.name`, without `${{ }}`"
        context.fault("MS111", at, "params are named bare inside an expression", help)
        return None
    if (meant := _TRUTHS.get(node.text.strip().lower())) is not None:
        message = f"`{node.text.strip()}` is no condition"
        help = f"write `{meant}`"
        if owner == "stage" and meant == "true":
            help = "leave `when` out: a stage without it has no condition; or write `true`"
        context.fault("MS301", node.at, message, help)
        return None
    try:
        expression = parse(node.text)
    except ExpressionError as error:
        at = context.within(node, error.col, error.col + 1)
        context.fault("MS301", at, error.message, error.help)
        return None
    context.conditions.append(Condition(expression, node, owner, name))
    return expression
