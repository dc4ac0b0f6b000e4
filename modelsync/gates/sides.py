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
EXACT = 2.0**53  # beyond that, floats lie more than 1 apart
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


def named(frame: pd.DataFrame, whose: str) -> pd.DataFrame:
    """The same table, its columns named by text; ValueError when two have one name."""
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise ValueError(f"the {whose} has two columns `{twice}`: rename or drop one of them")
    return frame if all(isinstance(name, str) for name in frame.columns) else frame.set_axis(names, axis=1)


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

    OverflowError when one is beyond 1e150, or an integer so large that no float is equal to it.
    """
    import numpy as np

    ordered = np.sort(values.to_numpy(dtype="float64", na_value=np.nan))
    present = int(np.searchsorted(ordered, np.nan, side="left"))
    low = int(np.searchsorted(ordered, -np.inf, side="right"))
    high = int(np.searchsorted(ordered, np.inf, side="left"))
    if low < high and max(-ordered[low], ordered[high - 1]) > LARGEST:
        raise OverflowError(f"it holds numbers beyond {LARGEST:g}")
    if low < high and max(-ordered[low], ordered[high - 1]) >= EXACT and _is_rounded(values):
        raise OverflowError(
            "it holds integers beyond 2^53, of which a float keeps the first 16 digits only: "
            "take them less a constant, or declare the column `type: category`"
        )
    return NumberSide(len(ordered), len(ordered) - present, low + present - high, ordered[low:high])


def _is_rounded(values: pd.Series) -> bool:
    """Whether an integer changes when it becomes a float; compared in halves, both of which floats hold exactly."""
    import numpy as np
    from pandas.api import types

    if not types.is_integer_dtype(values.dtype):
        return False
    unsigned = types.is_unsigned_integer_dtype(values.dtype)
    whole = np.abs(values.dropna().to_numpy(dtype="uint64" if unsigned else "int64")).astype("uint64")
    high = (whole >> np.uint64(32)).astype(float) * 2.0**32
    low = (whole & np.uint64(2**32 - 1)).astype(float)
    return bool((whole.astype(float) - high != low).any())


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
