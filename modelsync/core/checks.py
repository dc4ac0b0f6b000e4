"""What a gate is asked to check: the entries of `checks:`, typed, one form for each kind of gate."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Any

from modelsync.core.records import record


class WhenAbsent(StrEnum):
    """What to do when a comparison can't be made or decided: `no_reference`, `inconclusive`."""

    PASS = "pass"
    FAIL = "fail"
    HOLD = "hold"


@record
class Expectation:
    """One Great Expectations expectation by its own snake-case name, with its own keyword arguments."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


@record
class DriftCheck:
    """One drift statistic over some columns (all of them when `columns` is None).

    The statistic of each column must be at most `max`; the check fails when more than `failing_share` of its columns
    do not hold that (0: every column must hold).
    """

    test: str  # psi | ks | wasserstein | jensen_shannon | tvd | cramers_v | chi2
    max: float
    columns: tuple[str, ...] | None = None
    failing_share: float = 0.0


@record
class PerformanceCheck:
    """One scikit-learn metric of a model on a table: within bounds, or against the champion on the same rows.

    `min_delta` is the least difference candidate minus champion that is allowed, in the metric's own unit (for a
    metric where less is better: champion minus candidate).
    """

    metric: str
    min: float | None = None
    max: float | None = None
    versus: str | None = None  # "champion"
    min_delta: float = 0.0
    method: str = "point"  # point | paired_bootstrap | delong | mcnemar
    confidence: float = 0.95


@record
class FairnessCheck:
    """One metric by group.

    The worst group over the best must be at least `worst_to_best`, or the gap between them at most `max_difference`.
    """

    metric: str  # recall, precision, accuracy, selection_rate ...
    worst_to_best: float | None = None
    max_difference: float | None = None


@record
class StabilityCheck:
    """One metric over the members of a matrix: its spread and its worst must stay within bounds.

    `max_std` is the standard deviation over the members, `max_range` the largest minus the smallest, both in the
    metric's own unit; `min` and `max` bound every member.
    """

    metric: str
    across: str  # the step whose members are compared, as `pipeline.step`
    max_std: float | None = None
    max_range: float | None = None
    min: float | None = None
    max: float | None = None


@record
class Slices:
    """The groups of a fairness gate: the columns, and the least rows a group must have to be judged."""

    by: tuple[str, ...]
    min_rows: int = 50


@record
class Label:
    """Which column of a table is the truth, and which of its values is the positive class (None: regression)."""

    column: str
    positive: Any = None
