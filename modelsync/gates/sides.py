"""One column of one table, ready to be compared: sorted numbers or counted levels, and what had to be left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelsync.gates.distances import Floats, Integers
from modelsync.gates.sketch import Sketch

if TYPE_CHECKING:
    import pandas as pd

NUMBER, CATEGORY, TIME, NOTHING = "number", "category", "time", "nothing"
LARGEST = 1e150  # squares of larger numbers are no numbers of a computer any more
_TRUTHS = ("True", "False")


@dataclass(frozen=True, slots=True, eq=False)
class NumberSide:
    """A sample of finite numbers, sorted or as a sketch, and how many rows hold none."""

    rows: int
    n_missing: int
    n_infinite: int
    values: Floats | Sketch


@dataclass(frozen=True, slots=True, eq=False)
class LevelSide:
    """A sample of levels; each level is there once, as text, in no particular order."""

    rows: int
    n_missing: int
    levels: Any  # an Arrow array of text: no Python object for each of perhaps a million levels
    counts: Integers
    n_others: int = 0  # rows of levels that a profile did not keep
    other_levels: int = 0

    @property
    def distinct(self) -> int:
        """How many levels there are."""
        return len(self.counts) + self.other_levels


def kind(values: pd.Series) -> str:
    """What a column holds by its type; `nothing` for a column without a value, whose type was lost on the way."""
    from pandas.api import types

    if types.is_datetime64_any_dtype(values.dtype):
        return TIME
    if types.is_numeric_dtype(values.dtype) and not types.is_bool_dtype(values.dtype):
        return NUMBER
    return NOTHING if values.dtype == object and values.isna().all() else CATEGORY


def numbers(values: pd.Series) -> NumberSide:
    """The finite numbers, sorted once; everything else is found at the ends of the sorted values.

    OverflowError when one is beyond 1e150.
    """
    import numpy as np

    ordered = np.sort(values.to_numpy(dtype="float64", na_value=np.nan))
    present = int(np.searchsorted(ordered, np.nan, side="left"))
    low = int(np.searchsorted(ordered, -np.inf, side="right"))
    high = int(np.searchsorted(ordered, np.inf, side="left"))
    if low < high and max(-ordered[low], ordered[high - 1]) > LARGEST:
        raise OverflowError(f"it holds numbers beyond {LARGEST:g}")
    return NumberSide(len(ordered), len(ordered) - present, low + present - high, ordered[low:high])


def levels(values: pd.Series) -> LevelSide:
    """Rows by level as text; 1, 1.0 and `1` are one level, True and `true` another."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(values.dtype, pd.StringDtype):
        counted = pc.value_counts(pa.chunked_array(values).cast(pa.large_string()))
        names, counts = counted.field("values"), counted.field("counts")
        present = names.is_valid()
        names, counts = names.filter(present), counts.filter(present).to_numpy(zero_copy_only=False)
        if not pc.any(pc.is_in(names, value_set=pa.array(_TRUTHS, names.type))).as_py():
            return LevelSide(len(values), len(values) - int(counts.sum()), names, counts)
    found = _by_text(values)
    names = pa.array(list(found), pa.large_string())
    counts = pa.array(list(found.values()), pa.int64()).to_numpy()
    return LevelSide(len(values), int(values.isna().sum()), names, counts)


def _by_text(values: pd.Series) -> dict[str, int]:
    found: dict[str, int] = {}
    for level, count in values.value_counts(dropna=True).items():
        if count:
            text = _text(level)
            found[text] = found.get(text, 0) + int(count)
    return found


def _text(level: Any) -> str:
    if isinstance(level, float) and level.is_integer():
        return str(int(level))
    text = str(level)
    return text.lower() if text in _TRUTHS else text
