"""The metrics of a model: scikit-learn gives the value, the same formula on weighted resamples gives its spread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from modelsync.core.nearest import nearest
from modelsync.gates import weighted
from modelsync.gates.catalogue import METRICS, OTHER_NAMES
from modelsync.gates.question import GateError
from modelsync.gates.scoring import Array, Seen, Truth


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: what it compares, which way is better, and how it is computed.

    `truth` and `said` take from the rows and from a model what the metric compares; `value` is scikit-learn's function
    on these; `resampled` computes the same for many resamples at once, by the cells of a table when `of_cells`, which
    costs the same for any number of rows. `counted` is how many rows it looks at; without any it says nothing.
    `share`, for a plain share of rows, is a flag for each row that it is of. `ranks`: only the order of rows counts.
    """

    name: str
    greater: bool
    truth: Callable[[Truth, Seen], Array]
    said: Callable[[Seen], Array]
    value: Callable[[Array, Array], float]
    resampled: weighted.Resampled
    stratified: bool = True
    of_cells: bool = False
    counted: Callable[[Array, Array], int] | None = None
    share: Callable[[Array, Array], Array] | None = None
    ranks: bool = False

    @property
    def sign(self) -> int:
        """What makes more better."""
        return 1 if self.greater else -1

    @property
    def direction(self) -> str:
        """How a good value stands to a threshold."""
        return ">=" if self.greater else "<="

    def measure(self, seen: Seen) -> float:
        """The value on all rows; GateError when it is not defined on them."""
        import math
        import warnings

        truth, said = self.truth(seen.truth, seen), self.said(seen)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a class that only the model names, told by the value itself
            found = float(self.value(truth, said))
        if not math.isfinite(found):
            raise GateError(f"{self.name} is not defined on these rows")
        return found

    def says_something(self, seen: Seen) -> bool:
        """Whether there are rows that it counts: a recall needs positive rows."""
        return self.counted is None or self.counted(self.truth(seen.truth, seen), self.said(seen)) > 0


def metric(name: str) -> Metric:
    """The metric of that name; GateError with the nearest one otherwise."""
    found = _table().get(OTHER_NAMES.get(name, name))
    if found is None:
        near = nearest(name, METRICS)
        raise GateError(f"`{name}` is no metric" + (f"; did you mean `{near}`?" if near else ""))
    return found


@cache
def _table() -> Mapping[str, Metric]:
    return {
        entry.name: entry for entry in (*_by_class(), *_by_positive(), *_by_score(), *_by_probability(), *_by_number())
    }


def _by_class() -> list[Metric]:
    """Metrics of the predicted class, whichever is the positive one."""
    from sklearn import metrics as sk

    plain: list[tuple[str, Callable[..., Any], weighted.OfConfusion]] = [
        ("accuracy", sk.accuracy_score, weighted.accuracy),
        ("balanced_accuracy", sk.balanced_accuracy_score, weighted.balanced_accuracy),
        ("matthews_corrcoef", sk.matthews_corrcoef, weighted.matthews_corrcoef),
    ]
    averaged: list[tuple[str, Callable[..., Any], weighted.OfClass]] = [
        ("precision", sk.precision_score, weighted.precision),
        ("recall", sk.recall_score, weighted.recall),
        ("f1", sk.f1_score, weighted.f1),
    ]
    found = [_class_metric(name, value, of) for name, value, of in plain]
    for name, value, of in averaged:
        for average in ("macro", "micro", "weighted"):
            bound = _averaged(value, average)
            found.append(_class_metric(f"{name}_{average}", bound, weighted.averaged(of, average)))
    return found


def _averaged(value: Callable[..., Any], average: str) -> Callable[[Array, Array], float]:
    return lambda truth, said: float(value(truth, said, average=average, zero_division=0))


def _class_metric(name: str, value: Callable[..., Any], of: weighted.OfConfusion) -> Metric:
    def measured(truth: Array, said: Array) -> float:
        codes_truth, codes_said = weighted.encode(truth, said)
        return float(value(codes_truth, codes_said))

    return Metric(
        name,
        True,
        lambda rows, _: rows.label,
        lambda seen: seen.labels,
        measured,
        weighted.by_cells(of),
        of_cells=True,
        share=_right if name == "accuracy" or name.endswith("_micro") else None,  # of one label a row these are one
    )


def _right(truth: Array, said: Array) -> Array:
    codes_truth, codes_said = weighted.encode(truth, said)
    flags: Array = codes_truth == codes_said
    return flags


def _by_positive() -> list[Metric]:
    """Metrics of one class against the rest."""
    from sklearn import metrics as sk

    def entry(
        name: str,
        value: Callable[..., Any],
        of: weighted.OfClass,
        counted: Callable[[Array, Array], int],
        share: Callable[[Array, Array], Array] | None = None,
    ) -> Metric:
        return Metric(
            name,
            True,
            lambda rows, _: rows.is_positive,
            lambda seen: seen.is_positive,
            lambda truth, said: float(value(truth, said, zero_division=0)),
            weighted.by_cells(lambda confusion: of(confusion)[..., 1]),
            of_cells=True,
            counted=counted,
            share=share,
        )

    return [
        entry(
            "precision",
            sk.precision_score,
            weighted.precision,
            lambda _, said: int(said.sum()),
            lambda truth, said: truth[said],
        ),
        entry(
            "recall",
            sk.recall_score,
            weighted.recall,
            lambda truth, _: int(truth.sum()),
            lambda truth, said: said[truth],
        ),
        entry("f1", sk.f1_score, weighted.f1, lambda truth, _: int(truth.sum())),
    ]


def _by_score() -> list[Metric]:
    """Metrics of the order in which a model ranks the rows."""
    from sklearn import metrics as sk

    def both_classes(truth: Array) -> Array:
        if truth.all() or not truth.any():
            raise GateError("the label holds only one class on these rows, so no ranking can be measured")
        return truth

    def entry(name: str, value: Callable[..., Any], resampled: weighted.OfRows) -> Metric:
        return Metric(
            name,
            True,
            lambda rows, _: both_classes(rows.is_positive),
            lambda seen: seen.scores,
            lambda truth, said: float(value(truth, said)),
            weighted.by_rows(resampled),
            ranks=True,
        )

    return [
        entry("roc_auc", sk.roc_auc_score, weighted.roc_auc),
        entry("average_precision", sk.average_precision_score, weighted.average_precision),
    ]


def _by_probability() -> list[Metric]:
    """Metrics of the probabilities themselves."""
    from sklearn import metrics as sk

    def brier(truth: Array, said: Array) -> float:
        return float(sk.brier_score_loss(truth, said, pos_label=True))

    def log_loss(truth: Array, said: Array) -> float:
        return float(sk.log_loss(truth, said, labels=list(range(said.shape[1]))))

    return [
        Metric(
            "brier_score_loss",
            False,
            lambda rows, _: rows.is_positive,
            lambda seen: seen.positive_probability,
            brier,
            weighted.by_rows(weighted.mean_of(lambda truth, said: (said - truth) ** 2)),
        ),
        Metric(
            "log_loss",
            False,
            _class_places,
            lambda seen: seen.probabilities,
            log_loss,
            weighted.by_rows(weighted.mean_of(weighted.log_losses)),
        ),
    ]


def _class_places(rows: Truth, seen: Seen) -> Array:
    """Each row's class as the place of its column in the model's probabilities."""
    import numpy as np

    places = {value: place for place, value in enumerate(seen.classes)}
    unknown = set(rows.label) - set(places)
    if unknown:
        raise GateError(f"the {seen.who} gives no probability for {', '.join(sorted(map(repr, unknown)))}")
    return np.array([places[value] for value in rows.label])


def _by_number() -> list[Metric]:
    """Metrics of regression."""
    from sklearn import metrics as sk

    table: list[tuple[str, bool, Callable[..., Any], weighted.OfRows]] = [
        ("mae", False, sk.mean_absolute_error, weighted.mean_of(lambda truth, said: abs(truth - said))),
        ("mse", False, sk.mean_squared_error, weighted.mean_of(lambda truth, said: (truth - said) ** 2)),
        ("rmse", False, sk.root_mean_squared_error, weighted.rmse),
        ("mape", False, sk.mean_absolute_percentage_error, weighted.mean_of(weighted.relative_errors)),
        ("max_error", False, sk.max_error, weighted.max_error),
        ("median_absolute_error", False, sk.median_absolute_error, weighted.median_absolute_error),
        ("r2", True, sk.r2_score, weighted.r2),
        ("explained_variance", True, sk.explained_variance_score, weighted.explained_variance),
    ]
    return [
        Metric(
            name,
            greater,
            lambda rows, _: rows.numbers,
            lambda seen: seen.numbers,
            value,
            weighted.by_rows(resampled),
            stratified=False,
        )
        for name, greater, value, resampled in table
    ]
