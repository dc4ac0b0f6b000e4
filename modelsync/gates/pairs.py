"""One column in two tables, or in a stored profile and a table, as a pair that can be compared, or why it can't."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from modelsync.gates import distances, sides, sketch
from modelsync.gates.distances import Floats
from modelsync.gates.sides import CATEGORY, NOTHING, NUMBER, TIME, LevelSide, NumberSide
from modelsync.gates.sketch import Sketch

if TYPE_CHECKING:
    import pandas as pd

MIN_ROWS = 50  # below that PSI of two samples of one source is 0.6 on average: no threshold means anything
_FREE_TEXT = 0.5  # a text column of which more than this share of values differ is no category
_SHOWN = 50  # levels that are named

_NUMBERS = ("int", "float")
_TIME = "datetime"
_WORDS = {NUMBER: "numbers", CATEGORY: "categories"}


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

    reference: Floats | Sketch
    current: Floats

    @cached_property
    def distance(self) -> distances.Distance:
        """Kolmogorov-Smirnov and Wasserstein."""
        return sketch.distance(self.reference, self.current)

    @cached_property
    def spread(self) -> float:
        """The standard deviation of the reference."""
        if self.constant is not None:
            return 0.0
        return self.reference.deviation if isinstance(self.reference, Sketch) else distances.deviation(self.reference)

    @cached_property
    def edges(self) -> Floats:
        """Inner edges of the quantile bins of the reference."""
        if isinstance(self.reference, Sketch):
            return self.reference.edges
        return distances.quantile_edges(self.reference)

    @cached_property
    def counts(self) -> tuple[Floats, Floats]:
        """Counts in quantile bins of the reference, without those that are empty on both sides."""
        reference = self.reference
        before = reference.counts if isinstance(reference, Sketch) else distances.bin_counts(reference, self.edges)
        now = distances.bin_counts(self.current, self.edges)
        used = (before + now) > 0
        return before[used], now[used]

    @property
    def constant(self) -> float | None:
        """The only number of the reference, None when it has several."""
        values = self.reference.points if isinstance(self.reference, Sketch) else self.reference
        return float(values[0]) if len(values) and values[0] == values[-1] else None

    @property
    def n_other(self) -> int:
        """Rows of the table that differ from the only number of the reference."""
        import numpy as np

        return int(np.count_nonzero(self.current != self.constant))


@dataclass(frozen=True, kw_only=True)
class CategoryPair(_Sides):
    """Two samples of levels, counted."""

    reference: LevelSide
    current: LevelSide

    @cached_property
    def _place(self) -> Any:
        """Where each level of the table stands in the reference; -1 for one that the reference does not name."""
        import pyarrow.compute as pc

        found = pc.index_in(self.current.levels, value_set=self.reference.levels)
        return found.fill_null(-1).to_numpy(zero_copy_only=False)

    @cached_property
    def aligned(self) -> Floats:
        """Rows of the table for each level that the reference names."""
        import numpy as np

        found = np.zeros(len(self.reference.counts))
        known = self._place >= 0
        found[self._place[known]] = self.current.counts[known]
        return found

    @property
    def n_unnamed(self) -> int:
        """Rows of the table with a level that the reference does not name."""
        return int(self.current.counts[self._place < 0].sum())

    @property
    def n_new(self) -> int:
        """Rows with a level that the reference never had; 0 when a profile did not keep all of its levels."""
        return 0 if self.reference.n_others else self.n_unnamed

    @property
    def n_new_levels(self) -> int:
        """Levels that the reference never had."""
        return 0 if self.reference.n_others else int((self._place < 0).sum())

    @property
    def new_levels(self) -> tuple[str, ...]:
        """Levels that the reference never had, most frequent first, at most 50."""
        return _names(self.current, self._place < 0) if self.n_new else ()

    @property
    def n_vanished_levels(self) -> int:
        """Levels of the reference that the table does not have."""
        return int((self.aligned == 0).sum())

    @property
    def vanished_levels(self) -> tuple[str, ...]:
        """Levels of the reference that the table does not have, most frequent first, at most 50."""
        return _names(self.reference, self.aligned == 0) if self.n_vanished_levels else ()

    @cached_property
    def counts(self) -> tuple[Floats, Floats]:
        """Counts by level, every new level for itself: all of them as one would differ from the reference by choice.

        Where a profile did not keep all levels, those that it does not name are one on both sides.
        """
        import numpy as np

        fresh = self.current.counts[self._place < 0].astype(float)
        before, now = np.zeros(len(fresh)), fresh
        if self.reference.n_others:
            before, now = np.array([float(self.reference.n_others)]), np.array([fresh.sum()])
        return np.concatenate([self.reference.counts.astype(float), before]), np.concatenate([self.aligned, now])

    @property
    def constant(self) -> str | None:
        """The only level of the reference, None when it has several."""
        return self.reference.levels[0].as_py() if self.reference.distinct == len(self.reference.counts) == 1 else None

    @property
    def n_other(self) -> int:
        """Rows of the table that differ from the only level of the reference."""
        return self.n_unnamed


Pair = NumberPair | CategoryPair


def pair(
    reference: pd.Series | NumberSide | LevelSide, current: pd.Series, declared: str | None = None
) -> Pair | Unfit:
    """The column of both sides; its kind is the declared contract type, else that of the data. Nothing is guessed."""
    there, here = kind_of(reference), sides.kind(current)
    chosen = choose(there, here, declared)
    if isinstance(chosen, Unfit):
        return chosen
    if chosen == NUMBER:
        return _numbers(reference, current)
    return _categories(reference, current, declared)


def kind_of(reference: pd.Series | NumberSide | LevelSide) -> str:
    """What a reference holds; of a stored one, what it was stored as."""
    if isinstance(reference, NumberSide | LevelSide):
        if reference.rows == reference.n_missing:
            return NOTHING
        return NUMBER if isinstance(reference, NumberSide) else CATEGORY
    return sides.kind(reference)


def choose(there: str, here: str, declared: str | None) -> str | Unfit:
    """As what two columns are compared."""
    kinds = {there, here} - {NOTHING}
    if TIME in kinds or declared == _TIME:
        return Unfit("a time always moves on: compare a number or category made from it", broken=False)
    if len(kinds) > 1 and declared in (None, *_NUMBERS):
        return Unfit(f"{_WORDS[there]} in the reference, {_WORDS[here]} now", broken=True)
    if declared in _NUMBERS and CATEGORY in kinds:
        return Unfit(f"the contract says {declared}, the tables hold text", broken=True)
    return NUMBER if declared in _NUMBERS or (declared is None and CATEGORY not in kinds) else CATEGORY


def is_free_text(side: LevelSide, declared: str | None) -> bool:
    """Whether most values differ from each other, in a column that nobody has called a category."""
    present = side.rows - side.n_missing
    return declared in (None, "string") and present >= MIN_ROWS and side.distinct > _FREE_TEXT * present


def _numbers(reference: pd.Series | NumberSide | LevelSide, current: pd.Series) -> NumberPair | Unfit:
    if isinstance(reference, LevelSide):
        return Unfit("the profile holds categories, the contract says numbers: make the profile anew", broken=True)
    before = reference if isinstance(reference, NumberSide) else sides.numbers(reference)
    now = sides.numbers(current)
    assert not isinstance(now.values, Sketch), "a table is never a sketch"
    return NumberPair(
        name=str(current.name),
        rows=now.rows,
        rows_reference=before.rows,
        n_missing=now.n_missing,
        n_missing_reference=before.n_missing,
        n_infinite=now.n_infinite,
        n_infinite_reference=before.n_infinite,
        reference=before.values,
        current=now.values,
    )


def _categories(
    reference: pd.Series | NumberSide | LevelSide, current: pd.Series, declared: str | None
) -> CategoryPair | Unfit:
    if isinstance(reference, NumberSide):
        return Unfit("the profile holds numbers, the contract says categories: make the profile anew", broken=True)
    before = reference if isinstance(reference, LevelSide) else sides.levels(reference)
    if not len(before.counts) and before.n_others:
        return Unfit("free text or an id, of which a profile keeps no levels", broken=False)
    free = ""
    if is_free_text(before, declared):
        present = before.rows - before.n_missing
        free = f"{before.distinct:,} different values in {present:,} rows: free text or an id, no category"
    now = sides.levels(current)
    return CategoryPair(
        name=str(current.name),
        rows=now.rows,
        rows_reference=before.rows,
        n_missing=now.n_missing,
        n_missing_reference=before.n_missing,
        reference=before,
        current=now,
        free_text=free,
    )


def _names(side: LevelSide, chosen: Any) -> tuple[str, ...]:
    import pyarrow as pa
    import pyarrow.compute as pc

    table = pa.table({"level": side.levels, "rows": side.counts}).filter(pa.array(chosen))
    order = pc.sort_indices(table, sort_keys=[("rows", "descending"), ("level", "ascending")])
    return tuple(table["level"].take(order[:_SHOWN]).to_pylist())
