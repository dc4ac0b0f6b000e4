"""Fairness: one metric for each group of rows, and how far the worst group stands from the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from modelsync.core.checks import FairnessCheck, Slices
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import intervals, scoring
from modelsync.gates.catalogue import FAIRNESS_METRICS, OTHER_NAMES
from modelsync.gates.groups import groups
from modelsync.gates.question import Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Array, Seen

_OF = {"demographic_parity": ("selection_rate",), "equal_opportunity": ("recall",), "equalized_odds": ("recall", "fpr")}
"""The field's names for a comparison of groups, and the metrics that are compared; the worst of them decides."""
_LEAST_COUNTED = 10  # of fewer rows a share has a 95 % interval wider than a half: it would compare chance


@dataclass(frozen=True, slots=True)
class _Value:
    """A metric of one group, with its interval; `of` is the number of rows that a share counts."""

    value: float
    of: int
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a metric takes of the rows of one group, and what it is; None where it is not defined."""

    truth: Callable[[Seen], Array]
    said: Callable[[Seen], Array]
    value: Callable[[Array, Array], _Value | None]


@dataclass(frozen=True, slots=True)
class _Part:
    """One metric over the groups that could be judged: their values, and how many could not be."""

    metric: str
    values: dict[str, float]
    rows: int
    left: int

    @property
    def note(self) -> str:
        """The two ends and what is not among them."""
        aside = f"; {self.left} group{'s' if self.left != 1 else ''} not judged" if self.left else ""
        if len(self.values) < 2:
            many = f"{len(self.values)} group{'s' if len(self.values) != 1 else ''}"
            return f"{many} with enough rows, and two are needed{aside}"
        low, high = (pick(self.values, key=lambda name: self.values[name]) for pick in (min, max))
        return f"{low} {self.values[low]:.3f}, {high} {self.values[high]:.3f}{aside}"

    @property
    def ratio(self) -> float:
        """The lowest over the highest; groups that are all at 0 are alike."""
        low, high = min(self.values.values()), max(self.values.values())
        return low / high if high else 1.0

    @property
    def gap(self) -> float:
        """The highest minus the lowest."""
        return max(self.values.values()) - min(self.values.values())


def answer(question: Question) -> Answer:
    """For each metric and column: one check that decides, and one for each group that shows its value and rows."""
    import sklearn

    if question.slices is None or not question.slices.by:
        raise GateError(f"gate `{question.gate}` names no groups; say `slices: {{by: [column]}}`")
    seen = scoring.see(question, scoring.truth(question), question.model, "model")
    pairs = [(place, wanted, by) for place, wanted in question.asked(FairnessCheck) for by in question.slices.by]
    checks: list[Check] = []
    for (place, wanted, column), id_ in zip(
        pairs, numbered(f"{wanted.metric}.{by}" for _, wanted, by in pairs), strict=True
    ):
        try:
            found = _checked(wanted, column, seen, question.slices, id_)
        except GateError as error:
            found = [Check(id_, column, wanted.metric, Outcome.ERROR, note=str(error))]
        except Exception as error:  # whatever the user's model raises when it predicts
            found = [Check(id_, column, wanted.metric, Outcome.ERROR, note=first_line(error))]
        checks.extend(replace(check, asked=place) for check in found)
    return Answer(tuple(checks), _params(question), f"scikit-learn {sklearn.__version__}")


def _checked(wanted: FairnessCheck, column: str, seen: Seen, slices: Slices, id_: str) -> list[Check]:
    name = OTHER_NAMES.get(wanted.metric, wanted.metric)
    metrics = _OF.get(name, (name,))
    parts, shown = [], []
    for metric in metrics:
        by_group = _by_group(metric, column, seen, slices, id_, f".{metric}" if len(metrics) > 1 else "")
        judged = {check.subject.removeprefix(f"{column} = "): check for check in by_group if _is_judged(check)}
        values = {group: check.value for group, check in judged.items() if check.value is not None}
        rows = sum(check.n or 0 for check in judged.values())
        parts.append(_Part(metric, values, rows, len(by_group) - len(values)))
        shown += by_group
    return [*_compared(wanted, column, parts, id_), *shown]


def _is_judged(check: Check) -> bool:
    return check.outcome is Outcome.PASS


def _by_group(metric: str, column: str, seen: Seen, slices: Slices, id_: str, suffix: str) -> list[Check]:
    measure = _measures().get(metric)
    if measure is None:
        near = nearest(metric, FAIRNESS_METRICS)
        hint = f"; did you mean `{near}`?" if near else f"; there are {', '.join(FAIRNESS_METRICS)}"
        raise GateError(f"`{metric}` is no fairness metric{hint}")
    truth, said = measure.truth(seen), measure.said(seen)
    found = []
    for name, rows in groups(seen.truth.frame, column).items():
        count = int(rows.sum())
        value = measure.value(truth[rows], said[rows])
        found.append(
            Check(
                id=f"{id_}.{name}{suffix}",
                subject=f"{column} = {name}",
                statistic=metric,
                outcome=Outcome.SKIPPED if (why := _too_few(metric, count, value, slices)) else Outcome.PASS,
                value=None if value is None else value.value,
                note=why or ("" if value is None or value.of == count else f"of {value.of:,} rows"),
                interval=None if value is None else value.interval,
                n=count,
                decides=False,
            )
        )
    return found


def _too_few(metric: str, count: int, value: _Value | None, slices: Slices) -> str:
    """Why a group is shown and not judged."""
    if count < slices.min_rows:
        return f"not judged: fewer than {slices.min_rows} rows"
    if value is None:
        return "not judged: not defined in this group, which lacks the rows it counts"
    if value.of < _LEAST_COUNTED:
        return f"not judged: {metric} counts only {value.of} of its rows"
    return ""


def _compared(wanted: FairnessCheck, column: str, parts: list[_Part], id_: str) -> list[Check]:
    bounds = []
    if wanted.worst_to_best is not None:
        bounds.append((f"ratio of the lowest to the highest {wanted.metric}", wanted.worst_to_best, ">="))
    if wanted.max_difference is not None:
        bounds.append((f"largest difference in {wanted.metric}", wanted.max_difference, "<="))
    if not bounds:
        raise GateError(f"the check of {wanted.metric} has neither `worst_to_best` nor `max_difference`")
    return [_bounded(column, parts, id_, *bound) for bound in bounds]


def _bounded(column: str, parts: list[_Part], id_: str, statistic: str, bound: float, direction: str) -> Check:
    """The worst of the metrics that could be compared; one that could not leaves a pass undecided."""
    id_ = id_ if direction == ">=" else f"{id_}.difference"
    known = [part for part in parts if len(part.values) > 1]
    note = "; ".join(f"{part.metric}: {part.note}" if len(parts) > 1 else part.note for part in parts)
    if not known:
        return Check(id_, column, statistic, Outcome.INCONCLUSIVE, note=note)
    value = min(part.ratio for part in known) if direction == ">=" else max(part.gap for part in known)
    held = value >= bound if direction == ">=" else value <= bound
    outcome = Outcome.FAIL if not held else Outcome.PASS if len(known) == len(parts) else Outcome.INCONCLUSIVE
    key = "worst_to_best" if direction == ">=" else "max_difference"
    return Check(
        id=id_,
        subject=column,
        statistic=statistic,
        outcome=outcome,
        value=value,
        threshold=bound,
        direction=direction,
        note=note,
        n=max(part.rows for part in known),
        bound="" if outcome is Outcome.INCONCLUSIVE else key,  # another bound would decide no more
    )


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


def _share(flags: Array) -> _Value | None:
    if not len(flags):
        return None
    count, of = int(flags.sum()), len(flags)
    return _Value(count / of, of, intervals.of_share(count, of))


def _roc_auc(truth: Array, said: Array) -> _Value | None:
    from sklearn.metrics import roc_auc_score

    positives = int(truth.sum())
    fewer = min(positives, len(truth) - positives)
    return _Value(float(roc_auc_score(truth, said)), 2 * fewer) if fewer else None  # a pair needs a row of each class


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
