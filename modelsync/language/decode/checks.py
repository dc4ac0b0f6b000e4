"""The entries of `checks:`, one decoder for each kind of gate."""

from __future__ import annotations

from modelsync.core.checks import DriftCheck, Expectation, FairnessCheck, PerformanceCheck
from modelsync.language import nodes
from modelsync.language.decode import literals
from modelsync.language.decode.context import Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.nodes import Mapping, Node, Scalar, Sequence, kind_of

METHODS = ("point", "paired_bootstrap", "delong", "mcnemar")
_ONLY_FOR = {"delong": "roc_auc", "mcnemar": "accuracy"}  # what each test is about; on other metrics it says nothing
_DRIFT_KEYS = ("test", "columns", "max", "max_statistic", "failing_share")


def expectation(context: Context, node: Node, gate: str) -> Expectation | None:
    """`- expect_x: {argument: value}`: the key is the expectation's own name."""
    what = f"a check of gate `{gate}`"
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.startswith("expect_"):
        return Expectation(node.value)  # the short form of an expectation without arguments
    if not isinstance(node, Mapping):
        context.fault("MS103", node.at, f"{what} must be `expectation: {{arguments}}`, not {kind_of(node)}")
        return None
    if len(node.items) != 1:
        extra = node.items[1].key.at if node.items else node.at
        help = "start each expectation with `- `, its arguments in one mapping"
        context.fault("MS109", extra, f"{what} is one expectation, not {len(node.items)} keys", help)
        return None
    item = node.items[0]
    if item.key.text == "suite":
        context.fault("MS110", item.key.at, f"`suite` in {what} is not supported yet", "write its expectations here")
        return None
    if isinstance(item.value, Scalar) and item.value.value is None:
        return Expectation(item.key.text)
    if not isinstance(item.value, Mapping):
        message = f"the arguments of `{item.key.text}` must be a mapping, not {kind_of(item.value)}"
        context.fault("MS103", item.value.at, message)
        return None
    arguments = literals.value(context, item.value)
    return None if arguments is literals.FAULT else Expectation(item.key.text, arguments)


def drift(context: Context, node: Node, gate: str) -> DriftCheck | None:
    """`{test: psi, columns: all, max: 0.2, failing_share: 0.1}`; `max_statistic` is another word for `max`."""
    body = fields(context, node, f"a check of gate `{gate}`", _DRIFT_KEYS, ("min_p_value", "method"))
    if body is None:
        return None
    test = body.text("test", required=True)
    keys = [key for key in ("max", "max_statistic") if body.has(key)]
    if len(keys) == 2 and (second := body.node.key("max_statistic")) is not None:
        body.context.fault(
            "MS109", second.at, f"{body.what} has both `max` and `max_statistic`", "they mean the same; keep one"
        )
    limit = body.number(keys[0] if keys else "max", 0, required=True)
    share = body.number("failing_share", 0, 1)
    columns = _columns(body)
    return None if test is None or limit is None else DriftCheck(test, limit, columns, share or 0.0)


def _columns(body: Fields) -> tuple[str, ...] | None:
    node = body.node.get("columns")
    if node is None or (isinstance(node, Scalar) and node.text == "all"):
        return None
    if isinstance(node, Sequence) and not node.items:
        body.listed("columns", required=True)
    return tuple(name for name, _ in body.texts("columns"))


def performance(context: Context, node: Node, gate: str) -> PerformanceCheck | None:
    """`{metric: roc_auc, min: 0.8}`, or `{metric: roc_auc, versus: champion, min_delta: -0.002, method: ...}`."""
    keys = ("metric", "min", "max", "versus", "min_delta", "method", "confidence")
    body = fields(context, node, f"a check of gate `{gate}`", keys)
    if body is None:
        return None
    metric = body.text("metric", required=True)
    if not any(body.has(key) for key in ("min", "max", "versus")):
        help = "add `min:`, `max:` or `versus: champion`"
        context.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", help)
    versus = body.choice("versus", ("champion",), ("stable",))
    for key in ("min_delta", "method", "confidence"):
        if (place := body.node.key(key)) is not None and not body.has("versus"):
            context.fault(
                "MS109", place.at, f"`{key}` only goes with `versus` in {body.what}", "add `versus: champion`"
            )
    method = body.choice("method", METHODS) or "point"
    node_of_method = body.node.get("method")
    if metric is not None and node_of_method is not None and metric != _ONLY_FOR.get(method, metric):
        message = f"method `{method}` compares `{_ONLY_FOR[method]}` only, not `{metric}`"
        context.fault("MS109", node_of_method.at, message, "write `paired_bootstrap`, which fits every metric")
    confidence = body.number("confidence", 0.5, 0.9999)
    low, high, delta = body.number("min"), body.number("max"), body.number("min_delta")
    if metric is None:
        return None
    return PerformanceCheck(metric, low, high, versus, delta or 0.0, method, 0.95 if confidence is None else confidence)


def fairness(context: Context, node: Node, gate: str) -> FairnessCheck | None:
    """`{metric: recall, worst_to_best: 0.8}` or `{metric: recall, max_difference: 0.1}`."""
    body = fields(context, node, f"a check of gate `{gate}`", ("metric", "worst_to_best", "max_difference"))
    if body is None:
        return None
    metric = body.text("metric", required=True)
    if not body.has("worst_to_best") and not body.has("max_difference"):
        help = "add `worst_to_best:` or `max_difference:`"
        context.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", help)
    ratio, gap = body.number("worst_to_best", 0, 1), body.number("max_difference", 0)
    return None if metric is None else FairnessCheck(metric, ratio, gap)


def body_of(node: Node) -> nodes.Mapping:
    """The node of a decoded check as a mapping; an expectation in its short form has none."""
    return node if isinstance(node, Mapping) else nodes.Mapping((), node.at)
