"""What a gate is asked to check: the entries of `checks:`, typed, one form for each question that can be asked."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Any, TypeVar

from modelsync.core.records import record


class WhenAbsent(StrEnum):
    """What to do when a comparison can't be made or decided: `no_reference`, `inconclusive`."""

    PASS = "pass"
    FAIL = "fail"
    HOLD = "hold"


class Report(StrEnum):
    """Which pages are drawn beside a verdict; ours is drawn with each of them, and none of them decides."""

    NONE = "false"
    PAGE = "true"
    EVIDENTLY = "evidently"
    DATA_DOCS = "data_docs"


@record
class Expectation:
    """One Great Expectations expectation by its own snake-case name, with its own keyword arguments."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@record
class MissingCheck:
    """At most `max_share` of the values of each column are missing (all columns when `columns` is None)."""

    max_share: float
    columns: tuple[str, ...] | None = None


@record
class OutlierCheck:
    """At most `max_share` of the values of each number column lie outside.

    Outside is, for `iqr`, more than `factor` times the interquartile range beyond the quartiles (Tukey 1977); for
    `zscore` more than `factor` standard deviations from the mean; for `mad` a modified z-score above `factor` (Iglewicz
    and Hoaglin 1993). With a reference, quartiles, means and deviations are those of the reference.
    """

    max_share: float
    columns: tuple[str, ...] | None = None
    method: str = "iqr"  # iqr | zscore | mad
    factor: float | None = None  # None: 1.5, 3 and 3.5


@record
class FreshnessCheck:
    """The newest time in a column is at most `max_age` seconds old when the gate is judged."""

    column: str
    max_age: float


@record
class DriftCheck:
    """One drift statistic over some columns (all of them when `columns` is None).

    The statistic of each column must be at most `max`; the check fails when more than `failing_share` of its columns
    do not hold that (0: every column must hold). With `alpha` a column fails only when, besides, its p value, corrected
    over the columns of the gate, is below it: a p value alone never decides.
    """

    test: str  # psi | ks | wasserstein | jensen_shannon | tvd | cramers_v | chi2
    max: float
    columns: tuple[str, ...] | None = None
    failing_share: float = 0.0
    alpha: float | None = None
    correction: str = "bh"  # bh | bonferroni | none


@record
class PerformanceCheck:
    """One scikit-learn metric of a model on a table: within bounds, or against the champion on the same rows.

    `min_delta` is the least difference candidate minus champion that is allowed, in the metric's own unit (for a
    metric where less is better: champion minus candidate). With `decide_on: interval` the bounds must hold for the
    whole interval of the metric.
    """

    metric: str
    min: float | None = None
    max: float | None = None
    versus: str | None = None  # "champion"
    min_delta: float = 0.0
    method: str = "point"  # point | paired_bootstrap | delong | mcnemar
    confidence: float = 0.95
    decide_on: str = "point"  # point | interval


@record
class ChampionCheck:
    """One metric of the candidate against the champion, both scored now on the same rows.

    `superior`: better by more than `margin`; `non_inferior`: not worse by more than `margin`; both for the whole
    interval of the difference. `guardrail`: not worse by more than `margin` as measured. `margin` is in the metric's
    own unit and never negative. `auto` takes DeLong for roc_auc, McNemar's exact test for accuracy, the paired
    bootstrap for the rest, and the corrected resampled t test when there are `folds`.
    """

    metric: str
    rule: str = "non_inferior"  # non_inferior | superior | guardrail
    margin: float = 0.0
    method: str = "auto"  # auto | delong | mcnemar | paired_bootstrap | corrected_resampled_t
    confidence: float = 0.95
    folds: int = 0  # both models are trained anew on so many folds
    repeats: int = 1


@record
class FairnessCheck:
    """One metric by group.

    The worst group over the best must be at least `worst_to_best`, or the gap between them at most `max_difference`.
    """

    metric: str  # recall, precision, accuracy, selection_rate, equalized_odds ...
    worst_to_best: float | None = None
    max_difference: float | None = None


@record
class StabilityCheck:
    """One metric over several trainings: its spread and its worst must stay within bounds.

    The trainings are the members of a matrix (`across`), cross-validation of the model on the gate's data (`folds`),
    or trainings on one split with several seeds (`seeds`). `max_std` is the standard deviation over them, `max_range`
    the largest minus the smallest, both in the metric's own unit; `max_cv` is the standard deviation over the mean;
    `min` and `max` bound every training; `max_gap` bounds the mean difference between training and held-out rows.
    """

    metric: str
    across: str = ""  # the step whose members are compared, as `pipeline.step`
    folds: int = 0
    repeats: int = 1
    splitter: str = "auto"  # auto | stratified_kfold | kfold | group | time_series
    group: str = ""  # the column of groups, or the column to sort by for time_series
    seeds: tuple[int, ...] = ()
    max_std: float | None = None
    max_cv: float | None = None
    max_range: float | None = None
    max_gap: float | None = None
    min: float | None = None
    max: float | None = None


@record
class CalibrationCheck:
    """How far predicted probabilities lie from what happens: `ece`, `mce` (bins of equal width) or `brier`."""

    metric: str
    max: float
    bins: int = 10


@record
class ResidualCheck:
    """What is left of a regression: truth minus prediction.

    `bias`: absolute mean in standard deviations of the truth; `skew`: absolute skewness; `heteroscedasticity`: the R²
    of the squared residuals on the predictions (Breusch and Pagan 1979), all at most `max`; `autocorrelation`: the
    statistic of Durbin and Watson (1950) of the rows in the order of `order_by`, between `min` and `max`. With `by`
    every segment with `min_rows` rows must hold it.
    """

    test: str  # bias | skew | heteroscedasticity | autocorrelation
    max: float | None = None
    min: float | None = None
    by: str | None = None
    order_by: str | None = None
    min_rows: int = 50


@record
class Slices:
    """The groups of a fairness or performance gate: the columns, and the least rows a group must have to be judged."""

    by: tuple[str, ...]
    min_rows: int = 50


@record
class Label:
    """Which column of a table is the truth, and which of its values is the positive class (None: regression)."""

    column: str
    positive: Any = None


Asked = (
    Expectation
    | MissingCheck
    | OutlierCheck
    | FreshnessCheck
    | DriftCheck
    | PerformanceCheck
    | ChampionCheck
    | FairnessCheck
    | StabilityCheck
    | CalibrationCheck
    | ResidualCheck
)
"""One entry of `checks:`."""

_Kind = TypeVar("_Kind")


def of_kind(checks: tuple[Any, ...], kind: type[_Kind]) -> tuple[_Kind, ...]:
    """Those of the checks that are of one kind, in their order."""
    return tuple(check for check in checks if isinstance(check, kind))
