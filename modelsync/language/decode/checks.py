"""The entries of `checks:` in a gate: one shape and one value for each kind of gate."""

from __future__ import annotations

from modelsync.core.checks import DriftCheck, FairnessCheck, PerformanceCheck, StabilityCheck
from modelsync.core.nearest import edits
from modelsync.language.decode.body import Body
from modelsync.language.shapes import Choice, Expectations, Fields, Key, Many, Number, Plain, Reference, Shape
from modelsync.language.text import nodes

METHODS = ("point", "paired_bootstrap", "delong", "mcnemar")
_SLIPS = 2  # so many letters beside it is the metric itself, misspelt, which is told as that
_ONLY_FOR = {"delong": "roc_auc", "mcnemar": "accuracy"}  # what each test is about; on other metrics it says nothing
ALL = "all"

Found = tuple[object, nodes.Mapping]


def _drift(body: Body) -> Found | None:
    if body.has("max") and body.has("max_statistic"):
        message = f"{body.what} has both `max` and `max_statistic`"
        body.fault("MS109", body.key_at("max_statistic"), message, "they mean the same; keep one")
    if not body.has("max") and not body.has("max_statistic"):
        body.fault("MS102", body.node.at, f"{body.what} has no `max`", "add `max:`, the largest statistic that passes")
    test, limit = body.get("test"), body.get("max", body.get("max_statistic"))
    if test is None or limit is None:
        return None
    columns = body.get("columns")
    named = None if columns is None or columns == (ALL,) else columns
    return DriftCheck(test, limit, named, body.get("failing_share", 0.0)), body.node


def _performance(body: Body) -> Found | None:
    if not any(body.has(key) for key in ("min", "max", "versus")):
        help = "add `min:`, `max:` or `versus: champion`"
        body.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", help)
    help = "add `versus: champion`"
    body.only_with(("min_delta", "method", "confidence"), body.has("versus"), "only goes with `versus`", help)
    metric, method = body.get("metric"), body.get("method", "point")
    if metric is not None and edits(metric[:64], _ONLY_FOR.get(method, metric[:64])) > _SLIPS:
        message = f"method `{method}` compares `{_ONLY_FOR[method]}` only, not `{metric}`"
        body.fault("MS109", body.value_at("method"), message, "write `paired_bootstrap`, which fits every metric")
    low, high = body.bounds()
    if metric is None:
        return None
    check = PerformanceCheck(
        metric, low, high, body.get("versus"), body.get("min_delta", 0.0), method, body.get("confidence", 0.95)
    )
    return check, body.node


def _fairness(body: Body) -> Found | None:
    if not body.has("worst_to_best") and not body.has("max_difference"):
        help = "add `worst_to_best:` or `max_difference:`"
        body.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", help)
    metric = body.get("metric")
    if metric is None:
        return None
    return FairnessCheck(metric, body.get("worst_to_best"), body.get("max_difference")), body.node


def _stability(body: Body) -> Found | None:
    if not any(body.has(key) for key in ("max_std", "max_range", "min", "max")):
        help = "add `max_std:`, `max_range:`, `min:` or `max:`"
        body.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", help)
    metric, across = body.get("metric"), body.get("across")
    low, high = body.bounds()
    if metric is None or across is None:
        return None
    check = StabilityCheck(metric, ".".join(across.path[:2]), body.get("max_std"), body.get("max_range"), low, high)
    return check, body.node


_METRIC = Key(Plain(), "The metric, by its scikit-learn name.", required=True, example="roc_auc")
_LOW, _HIGH = Key(Number(), "The least that passes."), Key(Number(), "The most that passes.")
DRIFT = Fields(
    {
        "test": Key(
            Plain(),
            "The statistic: psi, ks, wasserstein, jensen_shannon, tvd, cramers_v, chi2.",
            required=True,
            example="psi",
        ),
        "columns": Key(Many(Plain(), least=1, one=True), "The columns to compare.", default=ALL),
        "max": Key(Number(0), "The largest statistic of a column that passes."),
        "max_statistic": Key(Number(0), "The same as `max`."),
        "failing_share": Key(Number(0, 1), "The share of columns that may be above it.", default=0),
    },
    _drift,
)
PERFORMANCE = Fields(
    {
        "metric": _METRIC,
        "min": _LOW,
        "max": _HIGH,
        "versus": Key(Choice(("champion",)), "Whom to compare with, on the same rows."),
        "min_delta": Key(Number(), "The least difference to it that passes; below 0 a loss is allowed.", default=0),
        "method": Key(Choice(METHODS), "How certain the difference must be.", default="point"),
        "confidence": Key(Number(0.5, 0.9999), "The confidence of the interval.", default=0.95),
    },
    _performance,
)
FAIRNESS = Fields(
    {
        "metric": _METRIC,
        "worst_to_best": Key(Number(0, 1), "The least ratio of the worst group to the best."),
        "max_difference": Key(Number(0), "The largest gap between two groups."),
    },
    _fairness,
)
STABILITY = Fields(
    {
        "metric": _METRIC,
        "across": Key(
            Reference(("steps",)),
            "The step with a matrix whose members are compared.",
            required=True,
            example="pipelines.train.evaluate",
        ),
        "max_std": Key(Number(0), "The largest standard deviation over the members."),
        "max_range": Key(Number(0), "The largest difference between two members."),
        "min": Key(Number(), "The least that every member must reach."),
        "max": Key(Number(), "The most that any member may reach."),
    },
    _stability,
)
SHAPES: dict[str, Shape] = {
    "quality": Expectations(),
    "drift": DRIFT,
    "performance": PERFORMANCE,
    "stability": STABILITY,
    "fairness": FAIRNESS,
}
"""What one entry of `checks:` is, by the kind of the gate."""
