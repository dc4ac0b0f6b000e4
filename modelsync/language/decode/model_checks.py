"""The entries of `checks:` about a model: its metrics, alone, against the champion, by group and over trainings."""

from __future__ import annotations

import math

from modelsync.core.checks import (
    CalibrationCheck,
    ChampionCheck,
    FairnessCheck,
    PerformanceCheck,
    ResidualCheck,
    StabilityCheck,
)
from modelsync.core.nearest import edits
from modelsync.language.decode.body import Body
from modelsync.language.decode.ranges import apart, in_reach
from modelsync.language.shapes import Choice, Fields, Key, Many, Number, Plain, Reference
from modelsync.language.text import nodes

METHODS = ("point", "paired_bootstrap", "delong", "mcnemar")
CHAMPION_METHODS = ("auto", "delong", "mcnemar", "paired_bootstrap", "corrected_resampled_t")
CHAMPION_RULES = ("non_inferior", "superior")
SPLITTERS = ("auto", "stratified_kfold", "kfold", "group", "time_series")
CALIBRATION_METRICS = ("ece", "mce", "brier")
RESIDUAL_TESTS = ("bias", "skew", "heteroscedasticity", "autocorrelation")
DECIDE_ON = ("point", "interval")
STABILITY_LIMITS = ("max_std", "max_cv", "max_range", "max_gap", "min", "max")
TRAININGS = ("across", "folds", "seeds")
UNGROUPED = ("stratified_kfold", "kfold")

_SLIPS = 2  # so many letters beside it is the metric itself, misspelt, which is told as that
_ONLY_FOR = {"delong": "roc_auc", "mcnemar": "accuracy"}  # what each test is about; on other metrics it says nothing
_HIGHEST = {"heteroscedasticity": 1.0, "autocorrelation": 4.0}  # an R², and the statistic of Durbin and Watson

Found = tuple[object, nodes.Mapping]


def _performance(body: Body) -> Found | None:
    if not any(body.has(key) for key in ("min", "max", "versus")):
        help = "add `min:`, `max:` or `versus: champion`"
        body.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", help)
    by_interval = body.get("decide_on") == "interval"
    against = body.has("versus")
    body.only_with(("min_delta", "method"), against, "only goes with `versus`", "add `versus: champion`")
    help = "add `decide_on: interval` or `versus: champion`"
    body.only_with(("confidence",), against or by_interval, "only goes with an interval", help)
    bounded = body.has("min") or body.has("max")
    body.only_with(("decide_on",), bounded or not against, "only goes with `min` or `max`", "add `min:` or `max:`")
    metric, method = body.get("metric"), body.get("method", "point")
    _fits(body, metric, method)
    low, high = body.bounds()
    for key in ("min", "max"):
        in_reach(body, metric, key)
    _differs(body, metric, "min_delta")
    if metric is None:
        return None
    check = PerformanceCheck(
        metric,
        low,
        high,
        body.get("versus"),
        body.get("min_delta", 0.0),
        method,
        body.get("confidence", 0.95),
        body.get("decide_on", "point"),
    )
    return check, body.node


def _fits(body: Body, metric: str | None, method: str) -> None:
    """A fault when a test is asked about another metric than its own."""
    if metric is not None and edits(metric[:64], _ONLY_FOR.get(method, metric[:64])) > _SLIPS:
        message = f"method `{method}` compares `{_ONLY_FOR[method]}` only, not `{metric}`"
        body.fault("MS109", body.value_at("method"), message, "write `paired_bootstrap`, which fits every metric")


def _differs(body: Body, metric: str | None, key: str) -> None:
    if body.has(key):
        apart(body.context, metric, body.get(key), body.node_of(key), body.named(key))


def _champion(body: Body) -> Found | None:
    plain = ChampionCheck("")
    metric, method, folds = body.get("metric"), body.get("method", plain.method), body.get("folds", plain.folds)
    _fits(body, metric, method)
    trains = body.has("folds")
    body.only_with(("repeats",), trains, "only goes with `folds`", "add `folds:`")
    if method == "corrected_resampled_t" and not trains:
        message = f"method `{method}` of {body.what} needs `folds`: it compares both models trained anew on each"
        body.fault("MS102", body.value_at("method"), message, "add `folds: 5`")
    elif trains and method not in ("auto", "corrected_resampled_t"):
        message = f"method `{method}` of {body.what} compares the two models as they are, and `folds` trains them anew"
        body.fault("MS109", body.value_at("method"), message, "write `corrected_resampled_t`, or remove `folds`")
    _differs(body, metric, "margin")
    if metric is None:
        return None
    check = ChampionCheck(
        metric,
        body.get("rule", plain.rule),
        body.get("margin", plain.margin),
        method,
        body.get("confidence", plain.confidence),
        folds,
        body.get("repeats", plain.repeats),
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
    if not any(body.has(key) for key in STABILITY_LIMITS):
        *most, last = (f"`{key}:`" for key in STABILITY_LIMITS)
        help = f"add {', '.join(most)} or {last}"
        body.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", help)
    understood = _trainings(body)
    metric = body.get("metric")
    low, high = body.bounds()
    for key in ("min", "max"):
        in_reach(body, metric, key)
    if metric is None or not understood:
        return None
    across, splitter = body.get("across"), body.get("splitter", SPLITTERS[0])
    check = StabilityCheck(
        metric,
        across="" if across is None else ".".join(across.path[:2]),
        folds=body.get("folds", 0),
        repeats=body.get("repeats", 1),
        splitter="group" if splitter == SPLITTERS[0] and body.has("group") else splitter,
        group=body.get("group", ""),
        seeds=body.get("seeds", ()),
        max_std=body.get("max_std"),
        max_cv=body.get("max_cv"),
        max_range=body.get("max_range"),
        max_gap=body.get("max_gap"),
        min=low,
        max=high,
    )
    return check, body.node


def _trainings(body: Body) -> bool:
    """Whether it is understood which trainings are compared: of a matrix, of folds or with seeds, only one of them."""
    written = [key for key in TRAININGS if body.has(key)]
    if not written:
        help = "add `folds: 5`, `seeds: [1, 2, 3]` or `across:` with a step that has a matrix"
        body.fault("MS102", body.node.at, f"{body.what} does not say which trainings it compares", help)
        return False
    for key in written[1:]:
        message = f"{body.what} has both `{written[0]}` and `{key}`"
        body.fault("MS109", body.key_at(key), message, "keep one; ask the other in a check of its own")
    by_folds, here = body.has("folds"), not body.has("across") or len(written) > 1
    body.only_with(("repeats", "splitter"), by_folds or len(written) > 1, "only goes with `folds`", "add `folds:`")
    body.only_with(("group",), by_folds or len(written) > 1, "only goes with `folds`", "add `folds:`")
    help = "use `folds` or `seeds`, where the model is scored on the rows it was trained on too"
    body.only_with(("max_gap",), here, "does not go with `across`", help)
    splitter = body.get("splitter", SPLITTERS[0])
    if by_folds and splitter in UNGROUPED:
        help = "write `splitter: group` or `splitter: time_series`, or leave it out"
        body.only_with(("group",), False, f"does not go with `splitter: {splitter}`", help)
    elif by_folds and splitter != SPLITTERS[0] and not body.has("group"):
        kept = "whose rows belong together" if splitter == "group" else "to sort by"
        message = f"`splitter: {splitter}` of {body.what} needs `group`, the column {kept}"
        body.fault("MS102", body.value_at("splitter"), message, "add `group: column`")
    if splitter == "time_series":
        body.only_with(("repeats",), False, "does not go with `splitter: time_series`", "time has one order")
    return _seeds(body) and len(written) == 1 and body.get(written[0]) is not None


def _seeds(body: Body) -> bool:
    """Whether the seeds, if there are any, differ."""
    seeds = body.get("seeds", ())
    twice = next((seed for place, seed in enumerate(seeds) if seed in seeds[:place]), None)
    if twice is not None:
        message = f"`{twice}` is listed twice in {body.named('seeds')}"
        body.fault("MS109", body.value_at("seeds"), message, "remove one")
    return twice is None


def _calibration(body: Body) -> Found | None:
    metric, limit = body.get("metric"), body.get("max")
    by_bins = metric is None or metric != "brier"
    body.only_with(("bins",), by_bins, "does not go with `metric: brier`, which has no bins", "remove it")
    return (
        None if metric is None or limit is None else (CalibrationCheck(metric, limit, body.get("bins", 10)), body.node)
    )


def _residuals(body: Body) -> Found | None:
    test = body.get("test")
    if test is None:
        return None
    is_ordered = test == RESIDUAL_TESTS[-1]
    if not body.has("max") and not (is_ordered and body.has("min")):
        help = "add `min: 1.5` and `max: 2.5`; 2 means that there is none" if is_ordered else "add `max:`"
        body.fault("MS102", body.node.at, f"{body.what} asks nothing of `{test}`", help)
    only = "only goes with `test: autocorrelation`"
    body.only_with(("min", "order_by"), is_ordered, only, f"`{test}` has a `max` only")
    body.only_with(("min_rows",), body.has("by"), "only goes with `by`", "add `by: column`")
    for key in ("min", "max"):
        highest, value = _HIGHEST.get(test, math.inf), body.get(key)
        if value is not None and value > highest:
            message = f"`{key}` of {body.what} is {value:g}; `{test}` lies between 0 and {highest:g}"
            body.fault("MS104", body.value_at(key), message)
    low, high = body.bounds()
    plain = ResidualCheck(test)
    check = ResidualCheck(test, high, low, body.get("by"), body.get("order_by"), body.get("min_rows", plain.min_rows))
    return check, body.node


METRIC = Key(Plain(), "The metric, by its scikit-learn name.", required=True, example="roc_auc")
_LOW, _HIGH = Key(Number(), "The least that passes."), Key(Number(), "The most that passes.")
_CONFIDENCE = Key(Number(0.5, 0.9999), "The confidence of the interval.", default=0.95)
_REPEATS = Key(Number(1, whole=True), "How often all folds are drawn anew.", default=1)
PERFORMANCE = Fields(
    {
        "metric": METRIC,
        "min": _LOW,
        "max": _HIGH,
        "decide_on": Key(
            Choice(DECIDE_ON), "Whether the bounds hold for the number, or for its interval.", default="point"
        ),
        "versus": Key(Choice(("champion",)), "Whom to compare with, on the same rows."),
        "min_delta": Key(Number(), "The least difference to it that passes; below 0 a loss is allowed.", default=0),
        "method": Key(Choice(METHODS), "How certain the difference must be.", default="point"),
        "confidence": _CONFIDENCE,
    },
    _performance,
)
CHAMPION = Fields(
    {
        "metric": METRIC,
        "rule": Key(Choice(CHAMPION_RULES), "Better, or only not worse.", default="non_inferior"),
        "margin": Key(Number(0), "By how much, in the metric's own unit.", default=0),
        "method": Key(Choice(CHAMPION_METHODS), "How the difference is tested.", default="auto"),
        "confidence": _CONFIDENCE,
        "folds": Key(Number(2, whole=True, unit="folds"), "Both models are trained anew on so many folds."),
        "repeats": _REPEATS,
    },
    _champion,
)
FAIRNESS = Fields(
    {
        "metric": METRIC,
        "worst_to_best": Key(Number(0, 1), "The least ratio of the worst group to the best."),
        "max_difference": Key(Number(0), "The largest gap between two groups."),
    },
    _fairness,
)
STABILITY = Fields(
    {
        "metric": METRIC,
        "across": Key(Reference(("steps",)), "The step with a matrix whose members are compared."),
        "folds": Key(Number(2, whole=True, unit="folds"), "Cross-validation on `data`, with so many folds."),
        "seeds": Key(Many(Number(0, whole=True), least=2), "Trainings on one split of `data`, with these seeds."),
        "repeats": _REPEATS,
        "splitter": Key(Choice(SPLITTERS), "How the folds are drawn.", default="auto"),
        "group": Key(Plain(), "The column whose rows stay in one fold; for time_series the one to sort by."),
        "max_std": Key(Number(0), "The largest standard deviation over the trainings."),
        "max_cv": Key(Number(0), "The largest standard deviation over the mean."),
        "max_range": Key(Number(0), "The largest difference between two trainings."),
        "max_gap": Key(Number(0), "The largest mean difference between training and held-out rows."),
        "min": Key(Number(), "The least that every training must reach."),
        "max": Key(Number(), "The most that any training may reach."),
    },
    _stability,
)
CALIBRATION = Fields(
    {
        "metric": Key(Choice(CALIBRATION_METRICS), "How the distance is measured.", required=True, example="ece"),
        "max": Key(Number(0, 1), "The most that passes.", required=True, example="0.05"),
        "bins": Key(Number(2, 1000, whole=True), "The bins of equal width of ece and mce.", default=10),
    },
    _calibration,
)
RESIDUALS = Fields(
    {
        "test": Key(Choice(RESIDUAL_TESTS), "What is looked for.", required=True, example="bias"),
        "max": Key(Number(0), "The most that passes."),
        "min": Key(Number(0), "The least that passes, of autocorrelation."),
        "by": Key(Plain(), "A column; each of its groups must hold it."),
        "min_rows": Key(Number(1, whole=True, unit="rows"), "Groups with fewer rows are not judged.", default=50),
        "order_by": Key(Plain(), "The column that orders the rows, for autocorrelation."),
    },
    _residuals,
)
