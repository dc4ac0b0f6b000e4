"""`versioning:` of datasets and models: the rules of a bump, and those that hold when none are written."""

from __future__ import annotations

from modelsync.core.expression import Expression, ExpressionError, parse
from modelsync.core.rules import VersionRule
from modelsync.core.version import Bump
from modelsync.language.decode.context import Condition, Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.nodes import Node, Scalar, kind_of

DATASET_RULES = (
    VersionRule(Bump.MAJOR, parse("contract.breaking")),
    VersionRule(Bump.MINOR, parse("contract.extended or rows.added")),
    VersionRule(Bump.PATCH, parse("content.changed")),
)
MODEL_RULES = (
    VersionRule(Bump.MAJOR, parse("signature.breaking or contract.breaking")),
    VersionRule(Bump.MINOR, parse("features.added")),
    VersionRule(Bump.PATCH, parse("data.changed or code.changed")),
)
_BUMPS = ("major", "minor", "patch")


def rules(body: Fields, owner: str, name: str) -> tuple[VersionRule, ...] | None:
    """The rules as written, None when there are none and the defaults hold."""
    if not body.has("rules"):
        return None
    found = []
    for node in body.listed("rules", required=True):
        rule = fields(body.context, node, f"a rule of {owner} `{name}`", ("bump", "when"))
        if rule is None:
            continue
        bump = rule.choice("bump", _BUMPS, required=True)
        when_node = rule.node_of("when", required=True)
        when = None if when_node is None else condition(body.context, when_node, owner, name)
        if bump is not None and when is not None:
            found.append(VersionRule(Bump[bump.upper()], when))
    return tuple(found)


def condition(context: Context, node: Node, owner: str, name: str) -> Expression | None:
    """A `when`, parsed; its names and types are checked by a rule once everything is known."""
    if not isinstance(node, Scalar) or node.value is None:
        context.fault("MS103", node.at, f"`when` must be an expression, not {kind_of(node)}")
        return None
    if "${{" in node.text:
        start = node.text.index("${{")
        at = context.source.within(node, start, start + 3)
        context.fault(
            "MS111", at, "params are named bare inside an expression", "write `params.name`, without `${{ }}`"
        )
        return None
    try:
        expression = parse(node.text)
    except ExpressionError as error:
        at = context.source.within(node, error.col, error.col + 1)
        context.fault("MS301", at, error.message, error.help)
        return None
    context.conditions.append(Condition(expression, node, owner, name))
    return expression
