"""One column from what a file holds to what the contract says, without ever changing a value in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from modelsync.core.contract import ColumnType

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# What stands for "no value" in a text file. A text column takes only the empty cell as missing: `NA` may be Namibia.
MISSING_WORDS = ("", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "None", "<NA>")

_WHOLE = r"^[+-]?[0-9]+(\.0*)?$"
_LEADING_ZERO = r"^[+-]?0[0-9]"
_EXACT_FLOAT = 2**53  # whole numbers up to here are exact as a 64-bit float


def convert(values: pa.ChunkedArray, wanted: ColumnType) -> pa.ChunkedArray:
    """The column as `wanted`; given back as it came when only one of its values can't be converted exactly.

    Text is parsed, whole floats become integers, 0 and 1 become booleans, ISO 8601 text becomes a datetime. Text and
    categories become plain strings.
    """
    import pyarrow as pa

    try:
        return _CONVERTERS[wanted](values)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, _UnfitError):
        return values


def infer(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """A text column without a contract: integers, else floats, else true/false, else text (`007` stays text)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_string(values.type):
        return values
    bare = _without_missing_words(values)
    if bare.null_count == len(bare) or pc.any(pc.match_substring_regex(bare, _LEADING_ZERO)).as_py():
        return _blank_to_null(values)
    # `127.0` is how a column of fractions writes a whole number: the next row may hold 127.5.
    fractions = pc.any(pc.match_substring(bare, ".")).as_py()
    for kind in (ColumnType.FLOAT,) if fractions else (ColumnType.INT, ColumnType.FLOAT):
        found = convert(values, kind)
        if found.type != values.type:
            return found
    if pc.all(pc.is_in(pc.utf8_lower(bare), value_set=pa.array(["true", "false", None]))).as_py():
        return convert(values, ColumnType.BOOL)
    return _blank_to_null(values)


def to_series(values: pa.ChunkedArray) -> pd.Series:
    """The pandas column: plain numpy types, and the nullable ones only where integers or booleans are missing."""
    import pandas as pd
    import pyarrow as pa

    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()} if values.null_count else {}
    series: pd.Series = values.to_pandas(types_mapper=nullable.get)
    return series


class _UnfitError(Exception):
    """A value has no exact counterpart in the wanted type."""


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return _blank_to_null(values.cast(pa.string()))
    if pa.types.is_null(values.type):
        return values.cast(pa.string())
    raise _UnfitError


def _category(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Levels written as numbers are names all the same: 1 and 1.0 become `1`."""
    import pyarrow as pa

    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_floating(values.type):
        values = _integer(values)
    if pa.types.is_integer(values.type) or pa.types.is_boolean(values.type):
        return values.cast(pa.string())
    return _text(values)


def _integer(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_boolean(values.type) or pa.types.is_temporal(values.type):
        raise _UnfitError
    if pa.types.is_string(values.type):
        bare = _without_missing_words(values)
        if not pc.all(pc.fill_null(pc.match_substring_regex(bare, _WHOLE), True)).as_py():
            raise _UnfitError
        return pc.replace_substring_regex(bare, r"^\+|\.0*$", "").cast(pa.int64())
    if pa.types.is_floating(values.type):
        values = _nan_to_null(values)
        if pc.any(pc.greater(pc.abs(values), _EXACT_FLOAT)).as_py():
            raise _UnfitError
    return values.cast(pa.int64())


def _floating(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    if pa.types.is_boolean(values.type) or pa.types.is_temporal(values.type):
        raise _UnfitError
    return (_without_missing_words(values) if pa.types.is_string(values.type) else values).cast(pa.float64())


def _boolean(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_string(values.type):
        return _without_missing_words(values).cast(pa.bool_())
    if pa.types.is_boolean(values.type) or pa.types.is_null(values.type):
        return values.cast(pa.bool_())
    whole = _integer(values)
    if pc.any(pc.or_(pc.less(whole, 0), pc.greater(whole, 1))).as_py():
        raise _UnfitError
    return whole.cast(pa.bool_())


def _datetime(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    if pa.types.is_timestamp(values.type):
        return values
    if pa.types.is_date(values.type) or pa.types.is_null(values.type):
        return values.cast(pa.timestamp("us"))
    if not pa.types.is_string(values.type):
        raise _UnfitError  # a number may be seconds, milliseconds or days: not ours to guess
    bare = _without_missing_words(values)
    try:
        return bare.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return bare.cast(pa.timestamp("us", tz="UTC"))


def _without_missing_words(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(values)
    missing = pc.is_in(trimmed, value_set=pa.array(MISSING_WORDS))
    return pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)


def _blank_to_null(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.equal(values, ""), pa.scalar(None, values.type), values)


def _nan_to_null(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)


_CONVERTERS: dict[ColumnType, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    ColumnType.STRING: _text,
    ColumnType.CATEGORY: _category,
    ColumnType.INT: _integer,
    ColumnType.FLOAT: _floating,
    ColumnType.BOOL: _boolean,
    ColumnType.DATETIME: _datetime,
}
