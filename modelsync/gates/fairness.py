"""Fairness: one metric for each group of rows, and how far the worst group stands from the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from modelsync.core.checks import FairnessCheck, Slices
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import alike, intervals, scoring
from modelsync.gates.alike import Rate
from modelsync.gates.catalogue import FAIRNESS_METRICS, OTHER_NAMES
from modelsync.gates.groups import groups
from modelsync.gates.intervals import LEAST_COUNTED
from modelsync.gates.question import Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Array, Seen

_OF = {"demographic_parity": ("selection_rate",), "equal_opportunity": ("recall",), "equalized_odds": ("recall", "fpr")}
"""The field's names for a comparison of groups, and the metrics that are compared; the worst of them decides."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a metric takes of the rows of one group, and what it is; None where it is not defined."""

    truth: Callable[[Seen], Array]
    said: Callable[[Seen], Array]
    value: Callable[[Array, Array], Rate | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """One metric over the groups that could be judged: their values, and how many could not be."""

    metric: str
    rates: dict[str, Rate]
    rows: int
    left: int

    @property
    def values(self) -> dict[str, float]:
        """The value of each group."""
        return {name: rate.value for name, rate in self.rates.items()}

    @property
    def note(self) -> str:
        """The two ends and what is not among them."""
        aside = f"; {self.left} group{'s' if self.left != 1 else ''} not judged" if self.left else ""
        if len(self.values) < 2:
            many = f"{len(self.values)} group{'s' if len(self.values) != 1 else ''}"
            return f"{many} with enough rows, and two are needed{aside}"
        low, high = (pick(self.values, key=lambda name: self.values[name]) for pick in (min, max))
        return f"{low} {self.values[low]:.3f}, {high} {self.values[high]:.3f}{aside}"


def answer(question: Question) -> Answer:
    """For each metric and column: one check that decides, and one for each group that shows its value and rows."""
    import sklearn

    if question.slices is None or not question.slices.by:
        raise GateError(f"gate `{question.gate}` names no groups; say `slices: {{by: [column]}}`")
    seen = scoring.see(question, scoring.truth(question), question.model, "model")
    pairs = [(place, wanted, by) for place, wanted in question.asked(FairnessCheck) for by in question.slices.by]
    checks: list[Check] = []
    level = alike.NOISE / max(1, sum(len(_bounds(wanted)) for _, wanted, _ in pairs))
    for (place, wanted, column), id_ in zip(
        pairs, numbered(f"{wanted.metric}.{by}" for _, wanted, by in pairs), strict=True
    ):
        try:
            parts, shown = _measured(wanted, column, seen, question.slices, id_)
            found = [*_compared(wanted, column, parts, id_, level, question.seed), *shown]
        except GateError as error:
            found = [Check(id_, column, wanted.metric, Outcome.ERROR, note=str(error))]
        except Exception as error:  # whatever the user's model raises when it predicts
            found = [Check(id_, column, wanted.metric, Outcome.ERROR, note=first_line(error))]
        checks.extend(replace(check, asked=place) for check in found)
    return Answer(tuple(checks), _params(question), f"scikit-learn {sklearn.__version__}")


def _measured(
    wanted: FairnessCheck, column: str, seen: Seen, slices: Slices, id_: str
) -> tuple[list[_Part], list[Check]]:
    """Each metric over the groups that can be judged, and a check for each group that shows its value."""
    name = OTHER_NAMES.get(wanted.metric, wanted.metric)
    metrics = _OF.get(name, (name,))
    parts: list[_Part] = []
    shown: list[Check] = []
    for metric in metrics:
        rates, by_group = _by_group(metric, column, seen, slices, id_, f".{metric}" if len(metrics) > 1 else "")
        rows = sum(check.n or 0 for check in by_group if check.outcome is Outcome.PASS)
        parts.append(_Part(metric, rates, rows, len(by_group) - len(rates)))
        shown += by_group
    return parts, shown


def _by_group(
    metric: str, column: str, seen: Seen, slices: Slices, id_: str, suffix: str
) -> tuple[dict[str, Rate], list[Check]]:
    measure = _measures().get(metric)
    if measure is None:
        near = nearest(metric, FAIRNESS_METRICS)
        hint = f"; did you mean `{near}`?" if near else f"; there are {', '.join(FAIRNESS_METRICS)}"
        raise GateError(f"`{metric}` is no fairness metric{hint}")
    truth, said = measure.truth(seen), measure.said(seen)
    rates: dict[str, Rate] = {}
    shown: list[Check] = []
    for name, rows in groups(seen.truth.frame, column).items():
        rate = measure.value(truth[rows], said[rows])
        why = _too_few(metric, count := int(rows.sum()), rate, slices)
        if rate is not None and not why:
            rates[name] = rate
        shown.append(_shown(f"{id_}.{name}{suffix}", f"{column} = {name}", metric, count, rate, why))
    return rates, shown


def _shown(id_: str, subject: str, metric: str, count: int, rate: Rate | None, why: str) -> Check:
    """One group, which decides nothing by itself."""
    return Check(
        id=id_,
        subject=subject,
        statistic=metric,
        outcome=Outcome.SKIPPED if why else Outcome.PASS,
        value=None if rate is None else rate.value,
        note=why or ("" if rate is None or rate.of == count else f"of {rate.of:,} rows"),
        interval=None if rate is None else rate.interval,
        n=count,
        decides=False,
    )


def _too_few(metric: str, count: int, value: Rate | None, slices: Slices) -> str:
    """Why a group is shown and not judged."""
    if count < slices.min_rows:
        return f"not judged: fewer than {slices.min_rows} rows"
    if value is None:
        return "not judged: not defined in this group, which lacks the rows it counts"
    if value.of < LEAST_COUNTED:
        return f"not judged: {metric} counts only {value.of} of its rows"
    return ""


def _bounds(wanted: FairnessCheck) -> list[tuple[str, float]]:
    bounds = (("worst_to_best", wanted.worst_to_best), ("max_difference", wanted.max_difference))
    return [(key, bound) for key, bound in bounds if bound is not None]


def _compared(wanted: FairnessCheck, column: str, parts: list[_Part], id_: str, level: float, seed: int) -> list[Check]:
    bounds = _bounds(wanted)
    if not bounds:
        raise GateError(f"the check of {wanted.metric} has neither `worst_to_best` nor `max_difference`")
    return [_bounded(wanted.metric, column, parts, id_, key, bound, level, seed) for key, bound in bounds]


def _bounded(
    metric: str, column: str, parts: list[_Part], id_: str, key: str, bound: float, level: float, seed: int
) -> Check:
    """The worst of the metrics that could be compared; one that could not leaves a pass undecided.

    The bound gives way to what groups of one rate show by chance in a share `level` of such checks.
    """
    least = key == "worst_to_best"
    id_ = id_ if least else f"{id_}.difference"
    statistic = f"ratio of the lowest to the highest {metric}" if least else f"largest difference in {metric}"
    known = [part for part in parts if len(part.rates) > 1]
    notes = [f"{part.metric}: {part.note}" if len(parts) > 1 else part.note for part in parts]
    if not known:
        return Check(id_, column, statistic, Outcome.INCONCLUSIVE, note="; ".join(notes))
    values, rates = [part.values.values() for part in known], [part.rates.values() for part in known]
    if least:
        value, noise = min(map(alike.ratio, values)), alike.least_ratio(rates, level, seed)
        threshold, loud = min(bound, noise), noise <= alike.LOUD["ratio"]
    else:
        value, noise = max(map(alike.gap, values)), alike.largest_gap(rates, level, seed)
        threshold, loud = max(bound, noise), noise >= alike.LOUD["gap"]
    outcome = Outcome.PASS if _holds(least, value, threshold) else Outcome.FAIL
    if threshold != bound:
        notes.append(f"{key} {bound:g} {'lowered' if least else 'raised'} to what groups that are alike show by chance")
    if loud and outcome is Outcome.PASS and not _holds(least, value, bound):
        outcome = Outcome.INCONCLUSIVE
        notes.append("on so few rows, nothing could be found")
    if outcome is Outcome.PASS and len(known) < len(parts):
        outcome, key = Outcome.INCONCLUSIVE, ""  # another bound would decide no more
    return Check(
        id=id_,
        subject=column,
        statistic=statistic,
        outcome=outcome,
        value=value,
        threshold=threshold,
        direction=">=" if least else "<=",
        note="; ".join(notes),
        n=max(part.rows for part in known),
        noise=noise,
        bound=key,
    )


def _holds(least: bool, value: float, threshold: float) -> bool:
    return value >= threshold if least else value <= threshold


def _measures() -> dict[str, _Measure]:
    def of_positive(counted: Callable[[Array, Array], Array]) -> _Measure:
        return _Measure(
            lambda seen: seen.truth.is_positive,
            lambda seen: seen.is_positive,
            lambda truth, said: _share(counted(truth, said)),
        )

    return {
        "accuracy": _Measure(
            lambda seen: seen.truth.label, lambda seen: seen.labels, lambda truth, said: _share(truth == said)
        ),
        "selection_rate": of_positive(lambda truth, said: said),
        "recall": of_positive(lambda truth, said: said[truth]),
        "fnr": of_positive(lambda truth, said: ~said[truth]),
        "fpr": of_positive(lambda truth, said: said[~truth]),
        "precision": of_positive(lambda truth, said: truth[said]),
        "roc_auc": _Measure(lambda seen: seen.truth.is_positive, lambda seen: seen.scores, _roc_auc),
    }


def _share(flags: Array) -> Rate | None:
    if not len(flags):
        return None
    count, of = int(flags.sum()), len(flags)
    return Rate(count / of, of, intervals.of_share(count, of))


def _roc_auc(truth: Array, said: Array) -> Rate | None:
    from sklearn.metrics import roc_auc_score

    positives = int(truth.sum())
    fewer = min(positives, len(truth) - positives)
    if not fewer:
        return None  # a pair needs a row of each class
    return Rate(float(roc_auc_score(truth, said)), 2 * fewer, pair=(positives, len(truth) - positives))


def _params(question: Question) -> dict[str, Any]:
    assert question.slices is not None, "looked at before"
    return {
        "checks": [
            {
                key: value
                for key, value in (
                    ("metric", check.metric),
                    ("worst_to_best", check.worst_to_best),
                    ("max_difference", check.max_difference),
                )
                if value is not None
            }
            for _, check in question.asked(FairnessCheck)
        ],
        "by": list(question.slices.by),
        "min_rows": question.slices.min_rows,
    }
