"""One column in two tables, ready to be compared: sorted numbers or counted levels, and what had to be left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from modelsync.gates import distances
from modelsync.gates.distances import Floats

if TYPE_CHECKING:
    import pandas as pd

MIN_ROWS = 50  # below that PSI of two samples of one source is 0.6 on average: no threshold means anything
_FREE_TEXT = 0.5  # a text column of which more than this share of values differ is no category

_NUMBERS = ("int", "float")
_TIME = "datetime"
_KIND = {"number": "numbers", "category": "categories"}


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a column can't be compared; `broken` when that is a fault and not only a column of another kind."""

    why: str
    broken: bool


@dataclass(frozen=True, kw_only=True)
class _Sides:
    name: str
    rows: int
    rows_reference: int
    n_missing: int
    n_missing_reference: int
    n_infinite: int = 0
    n_infinite_reference: int = 0
    free_text: str = ""  # why the column is no category, when it looks like none

    @property
    def n(self) -> int:
        """Values of the table that a statistic can use."""
        return self.rows - self.n_missing - self.n_infinite

    @property
    def n_reference(self) -> int:
        """Values of the reference that a statistic can use."""
        return self.rows_reference - self.n_missing_reference - self.n_infinite_reference


@dataclass(frozen=True, kw_only=True)
class NumberPair(_Sides):
    """Two samples of finite numbers, each sorted once; everything else is read off the sorted values."""

    reference: Floats
    current: Floats

    @cached_property
    def distance(self) -> distances.Distance:
        """Kolmogorov-Smirnov and Wasserstein, from one merge."""
        return distances.distance(self.reference, self.current)

    @cached_property
    def spread(self) -> float:
        """The standard deviation of the reference."""
        return 0.0 if self.constant is not None else float(self.reference.std())

    @cached_property
    def counts(self) -> tuple[Floats, Floats]:
        """Counts in quantile bins of the reference."""
        edges = distances.quantile_edges(self.reference)
        before, now = (distances.bin_counts(values, edges) for values in (self.reference, self.current))
        used = (before + now) > 0
        return before[used], now[used]

    @property
    def constant(self) -> float | None:
        """The only number of the reference, None when it has several."""
        if len(self.reference) and self.reference[0] == self.reference[-1]:
            return float(self.reference[0])
        return None


@dataclass(frozen=True, kw_only=True)
class CategoryPair(_Sides):
    """Two samples of levels as counts by level."""

    before: dict[str, int]
    now: dict[str, int]

    @cached_property
    def new_levels(self) -> tuple[str, ...]:
        """Levels that the reference never had, most frequent first."""
        new = {level: count for level, count in self.now.items() if level not in self.before}
        return tuple(sorted(new, key=lambda level: (-new[level], level)))

    @property
    def n_new(self) -> int:
        """Rows with a level that the reference never had."""
        return sum(self.now[level] for level in self.new_levels)

    @cached_property
    def counts(self) -> tuple[Floats, Floats]:
        """Counts by level of the reference; all new levels together are one more."""
        import numpy as np

        before = [*self.before.values(), *([0] if self.new_levels else [])]
        now = [*(self.now.get(level, 0) for level in self.before), *([self.n_new] if self.new_levels else [])]
        return np.array(before, dtype=float), np.array(now, dtype=float)

    @property
    def constant(self) -> str | None:
        """The only level of the reference, None when it has several."""
        return next(iter(self.before)) if len(self.before) == 1 else None


Pair = NumberPair | CategoryPair


def pair(reference: pd.Series, current: pd.Series, declared: str | None = None) -> Pair | Unfit:
    """The column of both tables; its kind is the declared contract type, else that of the data. Nothing is guessed."""
    kinds = {_kind(reference), _kind(current)}
    if _TIME in kinds or declared == _TIME:
        return Unfit("a time always moves on: compare a number or category made from it", broken=False)
    if len(kinds) > 1 and declared in (None, *_NUMBERS):
        return Unfit(f"{_KIND[_kind(reference)]} in the reference, {_KIND[_kind(current)]} now", broken=True)
    if declared in _NUMBERS and kinds != {"number"}:
        return Unfit(f"the contract says {declared}, the tables hold text", broken=True)
    if declared in _NUMBERS or (declared is None and kinds == {"number"}):
        return _numbers(reference, current)
    return _categories(reference, current, declared)


def _kind(values: pd.Series) -> str:
    from pandas.api import types

    if types.is_datetime64_any_dtype(values.dtype):
        return _TIME
    if types.is_numeric_dtype(values.dtype) and not types.is_bool_dtype(values.dtype):
        return "number"
    # A column without a single value has lost its type on the way and goes with the other side.
    return "number" if values.dtype == object and values.isna().all() else "category"


def _numbers(reference: pd.Series, current: pd.Series) -> NumberPair:
    import numpy as np

    sides = []
    for values in (current, reference):
        numbers = values.to_numpy(dtype="float64", na_value=np.nan)
        missing = np.isnan(numbers)
        finite = np.isfinite(numbers)
        sides.append((np.sort(numbers[finite]), int(missing.sum()), int((~finite & ~missing).sum())))
    (now, n_missing, n_infinite), (before, n_missing_reference, n_infinite_reference) = sides
    return NumberPair(
        name=str(current.name),
        rows=len(current),
        rows_reference=len(reference),
        n_missing=n_missing,
        n_missing_reference=n_missing_reference,
        n_infinite=n_infinite,
        n_infinite_reference=n_infinite_reference,
        reference=before,
        current=now,
    )


def _categories(reference: pd.Series, current: pd.Series, declared: str | None) -> CategoryPair:
    before, now = _levels(reference), _levels(current)
    free = ""
    present = sum(before.values())
    if declared in (None, "string") and present >= MIN_ROWS and len(before) > _FREE_TEXT * present:
        free = f"{len(before):,} different values in {present:,} rows: free text or an id, no category"
    return CategoryPair(
        name=str(current.name),
        rows=len(current),
        rows_reference=len(reference),
        n_missing=int(current.isna().sum()),
        n_missing_reference=int(reference.isna().sum()),
        before=before,
        now=now,
        free_text=free,
    )


def _levels(values: pd.Series) -> dict[str, int]:
    """Rows by level as text, in the order of the text; 1, 1.0 and `1` are one level, True and `true` another."""
    found: dict[str, int] = {}
    for level, count in values.value_counts(dropna=True).items():
        if count:
            text = _text(level)
            found[text] = found.get(text, 0) + int(count)
    return dict(sorted(found.items()))


def _text(level: Any) -> str:
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    text = str(level)
    return text.lower() if text in ("True", "False") else text
