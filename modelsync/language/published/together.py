"""What the keys of one mapping mean for each other, as JSON Schema: the part that the shapes do not hold.

Each entry is told by an `errorMessage` where an editor shows one. Only `if`, `then`, `else` and `dependencies` are
used: editors describe a mapping by the branches of an `anyOf`, and branches that only demand a key have nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from modelsync.language.decode import (
    around_the_clock,
    contracts,
    deploys,
    gates,
    model_checks,
    params,
    places,
    steps,
    table_checks,
)
from modelsync.language.published import patterns
from modelsync.language.shapes import Fields

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number"]}
_HOLE: Schema = {"pattern": patterns.VALUE_OF_PARAM}
_DEFAULTS: dict[str, Schema] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "string": _TEXT,
    "enum": _TEXT,
}
_VALUES: dict[str, Schema] = {
    "int": {"type": ["integer", "string"], **_HOLE},
    "float": {"type": ["number", "string"], **_HOLE},
    "bool": {"type": ["boolean", "string"], **_HOLE},
    "string": _TEXT,
    "category": {"type": ["string", "integer", "boolean"]},
    "datetime": _TEXT,
}


def together(fields: Fields) -> list[Schema]:
    """What holds for the keys of this mapping besides their own shapes."""
    return [*next((rules for owner, rules in _RULES if owner is fields), ())]


def _some_of(keys: Sequence[str], said: str) -> Schema:
    """At least one of the keys."""
    first, *rest = keys
    if not rest:
        return {"required": [first], "errorMessage": said}
    return {"if": {"required": [first]}, "else": _some_of(rest, said)}


def _not_both(keys: Sequence[str], said: str) -> Schema:
    """At most one of the keys."""
    without = {key: {other: False for other in keys if other != key} for key in keys}
    return {"dependencies": {key: {"properties": others, "errorMessage": said} for key, others in without.items()}}


def _needs(keys: Sequence[str], wanted: str) -> Schema:
    return {"dependencies": {key: [wanted] for key in keys}}


def _when(key: str, words: Sequence[str], then: Schema) -> Schema:
    """What holds while a key has one of some words."""
    # The title is for editors, which else take these words for all that may stand there.
    return {"if": {"properties": {key: {"title": key, "enum": [*words]}}, "required": [key]}, "then": then}


def _without(keys: Sequence[str], said: str) -> Schema:
    return {"properties": dict.fromkeys(keys, False), "errorMessage": said}


def _isn_t(word: str, said: str) -> Schema:
    return {"pattern": f"^(?!{word}$)", "patternErrorMessage": said}


def _param() -> Iterator[Schema]:
    yield _when("type", ["bool", "string", "enum"], _without(["min", "max"], "Only `int` and `float` have bounds."))
    yield _when("type", ["int", "float", "bool", "string"], _without(["values"], "Only an `enum` has `values`."))
    yield _when("type", ["enum"], {"required": ["values"]})
    for kind, default in _DEFAULTS.items():
        said = f"The default is not of type {kind}."
        yield _when("type", [kind], {"properties": {"default": {**default, "errorMessage": said}}})
    yield {
        "properties": {
            "default": {"pattern": patterns.PLAIN, "patternErrorMessage": "A default is written out, without `${{ }}`."}
        }
    }


def _column() -> Iterator[Schema]:
    said = "Only `int` and `float` columns have bounds."
    yield _when("type", ["string", "bool", "category", "datetime"], _without(["min", "max"], said))
    for kind, value in _VALUES.items():
        wrong = {**value, "errorMessage": f"This is no value of a {kind} column."}
        yield _when("type", [kind], {"properties": {"values": {"items": wrong}, "positive": wrong}})
    said = "`positive` only goes with `role: label`."
    yield _when("role", ["feature", "id"], _without(["positive"], said))
    yield {"if": {"required": ["role"]}, "else": _without(["positive"], said)}


def _step() -> Iterator[Schema]:
    work = ("run", "uses", "command")
    yield _some_of(work, "A step needs `run`, `uses` or `command`.")
    yield _not_both(work, "A step has only one of `run`, `uses` and `command`.")
    yield _not_both(("command", "with"), "Put the values into the list of `command`, as `{params.x}`.")
    yield _not_both(("matrix", "each"), "A step has `matrix` or `each`, not both.")
    said = "A thread can't be stopped; write `process`, or leave it out."
    process = {"properties": {"isolate": _isn_t("thread", said)}}
    yield {"if": {"required": ["timeout"]}, "then": process}
    memory = {"properties": {"resources": {"required": ["memory"]}}, "required": ["resources"]}
    yield {"if": memory, "then": process}


def _performance() -> Iterator[Schema]:
    yield _some_of(("min", "max", "versus"), "A check needs `min`, `max` or `versus`.")
    yield _needs(("min_delta", "method"), "versus")
    said = "`confidence` goes with `decide_on: interval` or `versus`."
    by_interval = {"properties": {"decide_on": {"const": "interval"}}, "required": ["decide_on"]}
    alone = {"if": by_interval, "else": _without(["confidence"], said)}
    yield {"if": {"required": ["versus"]}, "else": alone}
    said = "`decide_on` goes with `min` or `max`."
    yield {"if": {"required": ["decide_on"]}, "then": _some_of(("min", "max"), said)}
    yield from _own_metrics()


def _own_metrics() -> Iterator[Schema]:
    for method, metric in (("delong", "roc_auc"), ("mcnemar", "accuracy")):
        other = {"properties": {"method": _isn_t(method, f"`{method}` compares `{metric}` only.")}}
        yield {"if": {"properties": {"metric": {"const": metric}}}, "else": other}


def _champion() -> Iterator[Schema]:
    yield _needs(("repeats",), "folds")
    yield _when("method", ["corrected_resampled_t"], {"required": ["folds"]})
    said = "`delong`, `mcnemar` and `paired_bootstrap` compare the models as they are, without `folds`."
    as_they_are = [each for each in model_checks.CHAMPION_METHODS if each not in ("auto", "corrected_resampled_t")]
    yield _when("method", as_they_are, _without(["folds"], said))
    yield from _own_metrics()


def _stability() -> Iterator[Schema]:
    yield _some_of(model_checks.STABILITY_LIMITS, "A check needs one of its limits.")
    yield _some_of(model_checks.TRAININGS, "A check needs `across`, `folds` or `seeds`.")
    yield _not_both(model_checks.TRAININGS, "A check has only one of `across`, `folds` and `seeds`.")
    yield _needs(("repeats", "splitter", "group"), "folds")
    yield _not_both(("across", "max_gap"), "`max_gap` goes with `folds` or `seeds`.")
    yield _when("splitter", ["group", "time_series"], {"required": ["group"]})
    said = "`stratified_kfold` and `kfold` have no `group`."
    yield _when("splitter", model_checks.UNGROUPED, _without(["group"], said))
    said = "`time_series` has no `repeats`: time has one order."
    yield _when("splitter", ["time_series"], _without(["repeats"], said))


def _residuals() -> Iterator[Schema]:
    *others, ordered = model_checks.RESIDUAL_TESTS
    yield _when("test", others, {"required": ["max"]})
    said = "`min` and `order_by` only go with `test: autocorrelation`."
    yield _when("test", others, _without(["min", "order_by"], said))
    yield _when("test", [ordered], _some_of(("min", "max"), "`autocorrelation` needs `min` or `max`."))
    yield _needs(("min_rows",), "by")


def _deploy() -> Iterator[Schema]:
    keys = ("max_unavailable", "max_surge")
    others = [strategy for strategy in deploys.STRATEGIES if strategy != "rolling"]
    yield _when("strategy", others, _without(keys, "This only goes with `strategy: rolling`."))
    still = {"properties": {key: {"const": 0} for key in keys}, "required": [*keys]}
    yield {"if": still, "then": _without(keys, "One of the two must be 1 or more, or nothing is ever replaced.")}


_DRIFT = (
    _some_of(("max", "max_statistic"), "A check needs `max`, the largest statistic that passes."),
    _not_both(("max", "max_statistic"), "`max` and `max_statistic` mean the same; keep one."),
)
_ALPHA = _needs(("correction",), "alpha")
_BINS = _when("metric", ["brier"], _without(["bins"], "`brier` has no bins."))
_SCHEDULE = (
    _some_of(("cron", "every"), "A schedule needs `cron` or `every`."),
    _not_both(("cron", "every"), "A schedule has `cron` or `every`, not both."),
    _needs(("timezone",), "cron"),
)
_SECRET = (
    _some_of(places.STORES, "Say where it lies: `env`, `file`, `aws` or `vault`."),
    _not_both(places.STORES, "A secret lies in one place."),
)
_RULES: tuple[tuple[Fields, Sequence[Schema]], ...] = (
    (params.PARAM, (*_param(),)),
    (contracts.COLUMN, (*_column(),)),
    (steps.STEP, (*_step(),)),
    (table_checks.DRIFT, (*_DRIFT, _ALPHA)),
    (table_checks.VALUE_DRIFT, (_ALPHA,)),
    (model_checks.PERFORMANCE, (*_performance(),)),
    (model_checks.CHAMPION, (*_champion(),)),
    (model_checks.FAIRNESS, (_some_of(("worst_to_best", "max_difference"), "A check needs one of its two limits."),)),
    (model_checks.STABILITY, (*_stability(),)),
    (model_checks.CALIBRATION, (_BINS,)),
    (model_checks.RESIDUALS, (*_residuals(),)),
    *((gate, (_needs(("positive",), "label"),)) for gate in gates.GATE.options.values() if "label" in gate.keys),
    (places.SECRET, _SECRET),
    (around_the_clock.SCHEDULE, _SCHEDULE),
    (deploys.WATCH, (_some_of(("min", "max"), "A measure needs `min` or `max`."),)),
    (deploys.DEPLOY, (*_deploy(),)),
)
