"""Between which numbers a metric lies: a bound beyond them can never be reached, or never fail."""

from __future__ import annotations

import math

from modelsync.language.decode.body import Body
from modelsync.language.decode.context import Context
from modelsync.language.text.nodes import Node

_ANY = (-math.inf, math.inf)
_SHARES = (
    "accuracy",
    "average_precision",
    "balanced_accuracy",
    "brier_score_loss",
    "f1",
    "f1_macro",
    "f1_micro",
    "f1_weighted",
    "precision",
    "precision_macro",
    "precision_micro",
    "precision_weighted",
    "recall",
    "recall_macro",
    "recall_micro",
    "recall_weighted",
    "roc_auc",
)
_ERRORS = ("log_loss", "mae", "mape", "max_error", "median_absolute_error", "mse", "rmse")
RANGES = {
    **dict.fromkeys(_SHARES, (0.0, 1.0)),
    **dict.fromkeys(_ERRORS, (0.0, math.inf)),
    "matthews_corrcoef": (-1.0, 1.0),
    "r2": (-math.inf, 1.0),
    "explained_variance": (-math.inf, 1.0),
}
"""The least and the largest value of each metric, by its short name."""

_SHORT = {
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_error": "mse",
    "root_mean_squared_error": "rmse",
    "brier_score": "brier_score_loss",
}
_PERCENT = 10  # so much is hardly a share with its point at the wrong place
_SCORE = "_score"  # the longer names of the others end so


def short(metric: str) -> str:
    """The short name of a metric: two names may mean the same."""
    return _SHORT.get(metric) or metric.removesuffix(_SCORE)


def in_reach(body: Body, metric: str | None, key: str) -> None:
    """A fault when a metric can't have the value of a key."""
    value = body.get(key)
    low, high = RANGES.get(short(metric or ""), _ANY)
    if value is not None and not low <= value <= high:
        message = f"{body.named(key)} is {value:g} and can't be reached: {metric} {_lies(low, high)}"
        body.fault("MS104", body.value_at(key), message, _share(value, low, high))


def apart(context: Context, metric: str | None, value: float | None, node: Node, what: str) -> None:
    """A fault when no two values of a metric differ by so much."""
    low, high = RANGES.get(short(metric or ""), _ANY)
    wide = high - low
    if value is not None and abs(value) > wide:
        message = f"{what} is {value:g}, and no two values of {metric} are more than {wide:g} apart"
        context.fault("MS104", node.at, message, _share(value, -wide, wide, 1))


def _lies(low: float, high: float) -> str:
    if low == -math.inf:
        return f"is at most {high:g}"
    return f"is at least {low:g}" if high == math.inf else f"lies between {low:g} and {high:g}"


def _share(value: float, low: float, high: float, least: float = _PERCENT) -> str:
    """The share that was meant, when percent were written."""
    share = value / 100
    return f"write the share, `{share:g}`" if high == 1 and abs(value) >= least and low <= share <= high else ""
