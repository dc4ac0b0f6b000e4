"""Fairness: one metric for each group of rows, and how far the worst group stands from the best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelsync.core.checks import FairnessCheck, Slices, of_kind
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import scoring
from modelsync.gates.catalogue import FAIRNESS_METRICS, OTHER_NAMES
from modelsync.gates.question import Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Array, Seen

if TYPE_CHECKING:
    import pandas as pd


MISSING = "(missing)"  # rows without a value are people too: they are a group of their own
_MOST_GROUPS = 100  # more is a number that nobody has cut into groups


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a metric takes of the rows of one group, and what it is; None where it is not defined."""

    truth: Callable[[Seen], Array]
    said: Callable[[Seen], Array]
    value: Callable[[Array, Array], float | None]


def answer(question: Question) -> Answer:
    """For each metric and column: one check that decides, and one for each group that shows its value and rows."""
    import sklearn

    if question.slices is None or not question.slices.by:
        raise GateError(f"gate `{question.gate}` names no groups; say `slices: {{by: [column]}}`")
    seen = scoring.see(question, scoring.truth(question), question.model, "model")
    pairs = [(wanted, column) for wanted in of_kind(question.checks, FairnessCheck) for column in question.slices.by]
    checks: list[Check] = []
    aside: set[str] = set()
    for (wanted, column), id_ in zip(pairs, numbered(f"{wanted.metric}.{by}" for wanted, by in pairs), strict=True):
        try:
            groups = _by_group(wanted, column, seen, question.slices, id_)
            checks.extend(_compare(wanted, column, groups, id_))
        except GateError as error:
            checks.append(Check(id_, column, wanted.metric, Outcome.ERROR, note=str(error)))
            continue
        except Exception as error:  # whatever the user's model raises when it predicts
            checks.append(Check(id_, column, wanted.metric, Outcome.ERROR, note=first_line(error)))
            continue
        checks.extend(groups)
        aside.update(check.id for check in groups)
    return Answer(tuple(checks), _params(question), f"scikit-learn {sklearn.__version__}", frozenset(aside))


def _by_group(wanted: FairnessCheck, column: str, seen: Seen, slices: Slices, id_: str) -> list[Check]:
    measure = _measures().get(OTHER_NAMES.get(wanted.metric, wanted.metric))
    if measure is None:
        near = nearest(wanted.metric, FAIRNESS_METRICS)
        hint = f"; did you mean `{near}`?" if near else f"; there are {', '.join(FAIRNESS_METRICS)}"
        raise GateError(f"`{wanted.metric}` is no fairness metric{hint}")
    groups = _groups(seen.truth.frame, column)
    truth, said = measure.truth(seen), measure.said(seen)
    found = []
    for name, rows in groups.items():
        count = int(rows.sum())
        value = measure.value(truth[rows], said[rows])
        note = ""
        if count < slices.min_rows:
            note = f"not judged: fewer than {slices.min_rows} rows"
        elif value is None:
            note = "not judged: not defined in this group, which lacks the rows it counts"
        outcome = Outcome.SKIPPED if note else Outcome.PASS
        subject = f"{column} = {name}"
        found.append(Check(f"{id_}.{name}", subject, wanted.metric, outcome, value, note=note, n=count))
    return found


def _groups(frame: pd.DataFrame, column: str) -> Mapping[str, Array]:
    """The rows of each group by its name, in the order of the names."""
    if column not in frame.columns:
        near = nearest(column, map(str, frame.columns))
        raise GateError(f"the table has no column `{column}`" + (f"; did you mean `{near}`?" if near else ""))
    names = frame[column].astype(object).where(frame[column].notna(), MISSING).map(str).to_numpy()
    found = sorted(set(names))
    if len(found) > _MOST_GROUPS:
        raise GateError(f"`{column}` has {len(found):,} different values; cut it into groups in a step before")
    return {name: names == name for name in found}


def _compare(wanted: FairnessCheck, column: str, groups: list[Check], id_: str) -> list[Check]:
    judged = {group.subject.removeprefix(f"{column} = "): group for group in groups if group.outcome is Outcome.PASS}
    values = {name: group.value for name, group in judged.items() if group.value is not None}
    left = len(groups) - len(values)
    aside = f"; {left} group{'s' if left != 1 else ''} not judged" if left else ""
    if len(values) < 2:
        note = f"{len(values)} group{'s' if len(values) != 1 else ''} with enough rows, and two are needed{aside}"
        return [Check(id_, column, wanted.metric, Outcome.INCONCLUSIVE, note=note)]
    low, high = min(values, key=lambda name: values[name]), max(values, key=lambda name: values[name])
    note = f"{low} {values[low]:.3f}, {high} {values[high]:.3f}{aside}"
    found = []
    if wanted.worst_to_best is not None:
        ratio = values[low] / values[high] if values[high] else 1.0  # all groups at 0 are alike
        found.append((f"ratio of the lowest to the highest {wanted.metric}", ratio, wanted.worst_to_best, ">="))
    if wanted.max_difference is not None:
        gap = values[high] - values[low]
        found.append((f"largest difference in {wanted.metric}", gap, wanted.max_difference, "<="))
    if not found:
        raise GateError(f"the check of {wanted.metric} has neither `worst_to_best` nor `max_difference`")
    rows = sum(group.n or 0 for group in judged.values())
    return [
        Check(
            id=id_ if direction == ">=" else f"{id_}.difference",
            subject=column,
            statistic=statistic,
            outcome=Outcome.PASS if (value >= bound if direction == ">=" else value <= bound) else Outcome.FAIL,
            value=value,
            threshold=bound,
            direction=direction,
            note=note,
            n=rows,
        )
        for statistic, value, bound, direction in found
    ]


def _measures() -> dict[str, _Measure]:
    def of_positive(value: Callable[[Array, Array], float | None]) -> _Measure:
        return _Measure(lambda seen: seen.truth.is_positive, lambda seen: seen.is_positive, value)

    return {
        "accuracy": _Measure(
            lambda seen: seen.truth.label, lambda seen: seen.labels, lambda truth, said: float((truth == said).mean())
        ),
        "selection_rate": of_positive(lambda truth, said: _share(said)),
        "recall": of_positive(lambda truth, said: _share(said[truth])),
        "fnr": of_positive(lambda truth, said: _share(~said[truth])),
        "fpr": of_positive(lambda truth, said: _share(said[~truth])),
        "precision": of_positive(lambda truth, said: _share(truth[said])),
        "roc_auc": _Measure(lambda seen: seen.truth.is_positive, lambda seen: seen.scores, _roc_auc),
    }


def _share(flags: Array) -> float | None:
    return float(flags.mean()) if len(flags) else None


def _roc_auc(truth: Array, said: Array) -> float | None:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, said)) if truth.any() and not truth.all() else None


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
            for check in of_kind(question.checks, FairnessCheck)
        ],
        "by": list(question.slices.by),
        "min_rows": question.slices.min_rows,
    }
