"""What a table looks like: rows, and for every column its type, what is missing and how its values lie."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from modelsync.core.contract import ColumnType, Contract

if TYPE_CHECKING:
    import pandas as pd

_TOP = 10  # the most frequent levels that are kept of a text column


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column in numbers; `min`, `max`, `mean`, `std` (sample, n - 1) are over the finite values.

    `min` and `max` of a datetime are ISO 8601 text. `top` holds the most frequent levels of text and booleans with
    their counts, most frequent first, ties in the order of the text.
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
                ColumnFacts(**{**column, "top": tuple((level, count) for level, count in column["top"])})
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
        ends = (present.min().isoformat(), present.max().isoformat()) if len(present) else (None, None)
        return ColumnFacts(str(values.name), type_, nulls, int(present.nunique()), *ends)
    counts = present.astype(str).value_counts()
    top = sorted(((str(level), int(count)) for level, count in counts.items()), key=lambda pair: (-pair[1], pair[0]))
    return ColumnFacts(str(values.name), type_, nulls, len(counts), top=tuple(top[:_TOP]))


def _number(name: str, type_: str, nulls: int, present: pd.Series) -> ColumnFacts:
    import numpy as np

    whole = type_of(present) is ColumnType.INT
    numbers = present.to_numpy(dtype="int64" if whole else "float64")
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return ColumnFacts(name, type_, nulls, len(np.unique(numbers)), infinite=len(numbers))
    with np.errstate(over="ignore"):  # squares of very large numbers overflow, and then there is no such figure
        mean, std = _finite(finite.mean()), _finite(finite.std(ddof=1)) if len(finite) > 1 else None
    return ColumnFacts(
        name,
        type_,
        nulls,
        distinct=len(np.unique(numbers)),
        min=finite.min().item(),
        max=finite.max().item(),
        mean=mean,
        std=std,
        infinite=len(numbers) - len(finite),
    )


def _finite(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None
