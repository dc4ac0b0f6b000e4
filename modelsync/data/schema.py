"""What a table looks like: rows, and for every column its type, what is missing and how its values lie."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from modelsync.core.contract import ColumnType, Contract

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_TOP = 10  # the most frequent levels that are kept of a text column
_BINS = 20  # of a histogram: as many bars as stand beside a name on one line


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column in numbers; `min`, `max`, `mean`, `std` (sample, n - 1) are over the finite values.

    `min` and `max` of a datetime are ISO 8601 text. `top` holds the most frequent levels of text and booleans with
    their counts, most frequent first, ties in the order of the text. `histogram` counts the finite numbers, or the
    moments, in bins of equal width from `min` to `max`, the last bin with its upper end; whole numbers that are fewer
    than the bins have one each. A description of before there were histograms has none.
    """

    name: str
    type: str
    nulls: int
    distinct: int
    min: float | int | str | None = None
    max: float | int | str | None = None
    mean: float | None = None
    std: float | None = None
    infinite: int = 0
    top: tuple[tuple[str, int], ...] = ()
    histogram: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """The rows and columns of one table, in plain values."""

    rows: int
    columns: tuple[ColumnFacts, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for the journal."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Description:
        """The description that `to_json` described."""
        return cls(
            value["rows"],
            tuple(
                ColumnFacts(
                    **{
                        **column,
                        "top": tuple((level, count) for level, count in column["top"]),
                        "histogram": tuple(column.get("histogram", ())),
                    }
                )
                for column in value["columns"]
            ),
        )


def describe(frame: pd.DataFrame, contract: Contract | None = None) -> Description:
    """The facts of every column; the type is the contract's where it declares the column, else the data's own."""
    declared = contract.columns if contract else {}
    return Description(
        rows=len(frame),
        columns=tuple(
            _facts(frame[name], str(declared[name].type if name in declared else type_of(frame[name])))
            for name in frame.columns
        ),
    )


def type_of(values: pd.Series) -> ColumnType:
    """The contract type that a pandas column has by its dtype; what is no number, truth value or time is text."""
    from pandas.api import types

    if isinstance(values.dtype, _categorical()):
        return ColumnType.CATEGORY
    if types.is_bool_dtype(values.dtype):
        return ColumnType.BOOL
    if types.is_integer_dtype(values.dtype):
        return ColumnType.INT
    if types.is_float_dtype(values.dtype):
        return ColumnType.FLOAT
    if types.is_datetime64_any_dtype(values.dtype):
        return ColumnType.DATETIME
    return ColumnType.STRING


def _categorical() -> type:
    import pandas as pd

    return pd.CategoricalDtype


def _facts(values: pd.Series, type_: str) -> ColumnFacts:
    own = type_of(values)
    nulls = int(values.isna().sum())
    present = values.dropna()
    if own in (ColumnType.INT, ColumnType.FLOAT):
        return _number(str(values.name), type_, nulls, present)
    if own is ColumnType.DATETIME:
        return _moments(type_, nulls, present)
    distinct, top = _levels(present, own)
    return ColumnFacts(str(values.name), type_, nulls, distinct, top=top)


def _moments(type_: str, nulls: int, present: pd.Series) -> ColumnFacts:
    if not len(present):
        return ColumnFacts(str(present.name), type_, nulls, 0)
    first, last = present.min(), present.max()
    numbers = present.astype("int64").to_numpy()  # in whatever unit: only the distances matter
    return ColumnFacts(
        str(present.name),
        type_,
        nulls,
        int(present.nunique()),
        first.isoformat(),
        last.isoformat(),
        histogram=_histogram(numbers, whole=True),
    )


def _levels(present: pd.Series, own: ColumnType) -> tuple[int, tuple[tuple[str, int], ...]]:
    """How many different texts there are, and the most frequent of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(present):
        return 0, ()
    if own is ColumnType.STRING:
        try:
            texts = pa.array(present.astype(str), type=pa.large_string())
        except (pa.ArrowException, UnicodeError):  # text that is no Unicode
            return _counted(present)
        counts = pc.value_counts(texts)
        order = pc.select_k_unstable(
            pa.table([counts.field("values"), counts.field("counts")], names=["level", "count"]),
            k=_TOP,
            sort_keys=[("count", "descending"), ("level", "ascending")],
        )
        return len(counts), tuple((each["values"], each["counts"]) for each in counts.take(order).to_pylist())
    return _counted(present)


def _counted(present: pd.Series) -> tuple[int, tuple[tuple[str, int], ...]]:
    counts: Counter[str] = Counter()
    for level, count in present.value_counts().items():
        counts[str(level)] += int(count)
    counts += Counter()  # a category that no row has is no level
    top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_TOP]
    return len(counts), tuple(top)


def _number(name: str, type_: str, nulls: int, present: pd.Series) -> ColumnFacts:
    import numpy as np
    import pandas as pd

    whole = type_of(present) is ColumnType.INT
    numbers = present.to_numpy(dtype="int64" if whole else "float64")
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return ColumnFacts(name, type_, nulls, len(pd.unique(numbers)), infinite=len(numbers))
    with np.errstate(over="ignore"):  # squares of very large numbers overflow, and then there is no such figure
        mean, std = _finite(finite.mean()), _finite(finite.std(ddof=1)) if len(finite) > 1 else None
    return ColumnFacts(
        name,
        type_,
        nulls,
        distinct=len(pd.unique(numbers)),
        min=finite.min().item(),
        max=finite.max().item(),
        mean=mean,
        std=std,
        infinite=len(numbers) - len(finite),
        histogram=_histogram(finite, whole),
    )


def _histogram(numbers: np.ndarray[Any, Any], whole: bool) -> tuple[int, ...]:
    import numpy as np

    low, high = numbers.min().item(), numbers.max().item()
    if low == high:
        return (len(numbers),)
    bins = min(_BINS, high - low + 1) if whole else _BINS
    half = high / 2 - low / 2  # the whole distance may be more than a float can hold
    if not half or math.isinf(bins / half):  # or less
        return (len(numbers),)
    places = (numbers / 2 - low / 2) * (bins / half)
    inner = np.minimum(places, bins - 1).astype("int64")
    return tuple(np.bincount(inner, minlength=bins).tolist())


def _finite(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None
