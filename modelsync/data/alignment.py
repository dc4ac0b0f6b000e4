"""Rows of several tables brought together: equal values get equal numbers, exactly, one column in memory at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


def codes(columns: Sequence[pa.ChunkedArray]) -> list[np.ndarray[Any, Any]]:
    """One column of several tables as whole numbers: two rows have the same number when they hold the same value.

    1, 1.0 and true-as-1 of the same column in different types are one value, 0.0 and -0.0 too; NaN and a missing value
    are one. Where types have nothing in common, values are the same when their text is.
    """
    import numpy as np

    joined = _joined(columns)
    numbers = _encoded(joined)
    ends = np.cumsum([len(column) for column in columns])
    return np.split(numbers, ends[:-1])


def fold(so_far: Sequence[np.ndarray[Any, Any]], more: Sequence[np.ndarray[Any, Any]]) -> list[np.ndarray[Any, Any]]:
    """The numbers of two columns together: the same when both are the same."""
    import numpy as np
    import pandas as pd

    first, second = np.concatenate(so_far), np.concatenate(more)
    width = int(second.max()) + 1 if len(second) else 1
    both = pd.factorize(first * width + second)[0].astype("int64")  # below rows squared: 3 billion rows fit
    return np.split(both, np.cumsum([len(part) for part in so_far])[:-1])


def occurrences(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """For each row how many rows before it have its number."""
    import numpy as np

    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else ordered
    lengths = np.diff(np.concatenate([starts, [len(ordered)]]))
    found = np.empty(len(ordered), dtype="int64")
    found[order] = np.arange(len(ordered)) - np.repeat(starts, lengths)
    return found


def places(numbers: Sequence[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """Which row of each table has a number: one line for each number, one column for each table, -1 for none.

    Each number stands at most once in a table.
    """
    import numpy as np

    size = max((int(part.max()) + 1 for part in numbers if len(part)), default=0)
    found = np.full((size, len(numbers)), -1, dtype="int64")
    for which, part in enumerate(numbers):
        found[part, which] = np.arange(len(part))
    return found


def same_type(types: Sequence[pa.DataType]) -> pa.DataType | None:
    """The type in which values of all these types are compared and kept; None when only text holds them all."""
    import pyarrow as pa

    plain = [each.value_type if pa.types.is_dictionary(each) else each for each in types]
    known = [each for each in plain if not pa.types.is_null(each)]
    if not known:
        return pa.string()
    if all(each == known[0] for each in known):
        return known[0]
    if all(pa.types.is_integer(each) or pa.types.is_boolean(each) for each in known):
        return pa.int64()
    if all(pa.types.is_integer(each) or pa.types.is_floating(each) for each in known):
        return pa.float64()
    if all(pa.types.is_string(each) or pa.types.is_large_string(each) for each in known):
        return pa.large_string()
    if all(pa.types.is_timestamp(each) and each.tz == known[0].tz for each in known):
        return pa.timestamp("ns", tz=known[0].tz)
    return None


def cast(column: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray | None:
    """The column in another type; None when a value would change."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if column.type == wanted:
        return column
    try:
        made = column.cast(wanted)
        exact = not (pa.types.is_floating(wanted) and pa.types.is_integer(column.type))
        return made if exact or pc.all(pc.equal(made.cast(column.type), column)).as_py() is not False else None
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return None


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any column as text; a missing value stays missing."""
    import pyarrow as pa

    made = cast(column, pa.large_string())
    if made is not None:
        return made
    texts = [None if value is None else str(value) for value in column.to_pylist()]
    return pa.chunked_array([pa.array(texts, type=pa.large_string())])


def _joined(columns: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    import pyarrow as pa

    wanted = same_type([column.type for column in columns])
    parts = [None if wanted is None else cast(column, wanted) for column in columns]
    if any(part is None for part in parts):
        parts = [as_text(column) for column in columns]
    chunks = [chunk for part in parts if part is not None for chunk in part.chunks]
    kind = parts[0].type if parts[0] is not None else pa.string()
    return pa.chunked_array(chunks, type=kind)


def _encoded(values: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
        values = pc.add(values, pa.scalar(0.0, values.type))  # -0.0 becomes 0.0
    if pa.types.is_string(values.type) or pa.types.is_binary(values.type):
        # 32-bit places end at 2 GiB of text
        values = values.cast(pa.large_string() if pa.types.is_string(values.type) else pa.large_binary())
    try:
        encoded = values.combine_chunks().dictionary_encode(null_encoding="encode")
    except pa.ArrowNotImplementedError:  # lists and structures
        encoded = as_text(values).combine_chunks().dictionary_encode(null_encoding="encode")
    chunks = encoded.chunks if isinstance(encoded, pa.ChunkedArray) else [encoded]
    indices = chunks[0].indices if chunks else pa.array([], pa.int32())  # one chunk went in, one came out
    found: np.ndarray[Any, Any] = indices.to_numpy().astype("int64")
    return found
