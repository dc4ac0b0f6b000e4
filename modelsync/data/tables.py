"""Tables in files: CSV, Parquet and JSON lines in, one deterministic Parquet out."""

from __future__ import annotations

import json
import os
import re
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.contract import Contract
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data import alignment, columns

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_ROWS_PER_GROUP = 1 << 20  # fixed, so that the same frame is the same bytes whatever the library's default becomes
# Pages end where the values say so, and hold nothing that depends on the rows before them: then an insertion changes
# the pages around it, and the store keeps a few chunks instead of half the table. The store compresses, not the file.
_PAGES: dict[str, Any] = {
    "compression": "none",
    "use_dictionary": False,
    "use_content_defined_chunking": {"min_chunk_size": 16 << 10, "max_chunk_size": 64 << 10, "norm_level": 0},
}
_FLOAT_DIGITS = 15  # decimals up to here keep all their digits as a 64-bit float
_INT_DIGITS = 18
_PANDAS_INDEX = re.compile(r"__index_level_\d+__")
_ARROW_ROW = re.compile(r"[Rr]ow #?(\d+)")


def read(path: Path, contract: Contract | None = None) -> pd.DataFrame:
    """The rows of a `.csv`, `.parquet` or `.jsonl` file, with the contract's types where every value fits them.

    A column of which only one value does not fit stays as the file has it; `contracts.violations` reports it. In
    text files a column outside the contract takes the narrowest of integer, float, boolean and text.

    Raises UsageError when the content is no such table, SurroundingsError when the file can't be read.
    """
    reader, undeclared = _READERS.get(path.suffix.lower(), (None, _as_it_is))
    if reader is None:
        known = ", ".join(sorted(_READERS))
        raise UsageError(f"{path} is no table that can be read", help=f"the name must end in one of {known}")
    return _frame(_from_file(path, reader), contract, undeclared)


def read_many(paths: Sequence[Path], contract: Contract | None = None) -> pd.DataFrame:
    """The rows of several files of one ending as one table, in the order given; the columns stand as in the first.

    Types are settled over all rows together, so that a column of text files is a number only where it is one in every
    file. Raises as `read`, and UsageError when a file has other columns than the first, or another type in one.
    """
    reader, undeclared = _READERS[paths[0].suffix.lower()]
    parts = [(path, dict(_from_file(path, reader))) for path in paths]
    first, names = parts[0][0], list(parts[0][1])
    for path, columns_ in parts[1:]:
        _refuse_other_columns(first, names, path, list(columns_))
    return _frame([(name, _together(name, parts)) for name in names], contract, undeclared)


def load(path: Path) -> pd.DataFrame:
    """The table of a Parquet file that `write` made, whatever the file is called, with integers and booleans kept as
    such even where values are missing (pandas alone would make floats and objects of them)."""
    return _frame(_from_file(path, _read_parquet), None, _as_it_is)


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write a Parquet file; the same frame gives the same bytes, and the file is there whole or not at all.

    An unnamed index is not data and is dropped, a named one becomes a column. Raises UsageError for what Parquet
    can't hold: names that are no text or that repeat, columns of mixed types.
    """
    write_arrow(_arrow(frame), path)


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write an Arrow table as `write` does, its column types as they are."""
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with part.open("wb") as handle:
            pq.write_table(table, handle, version="2.6", row_group_size=_ROWS_PER_GROUP, **_PAGES)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
    except OSError as error:
        raise SurroundingsError(f"{path} can't be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


_Columns = list[tuple[str, Any]]  # a name and a pyarrow array, or a list of Python values that no array can hold


def _from_file(path: Path, reader: Callable[[Path], _Columns]) -> _Columns:
    try:
        found = reader(path)
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist", help="check the path; it starts at the project root") from error
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder, not a table", help="name one file") from error
    except OSError as error:
        raise SurroundingsError(f"{path} can't be read: {error.strerror or error}") from error
    _refuse_names(path, [name for name, _ in found])
    return found


def _refuse_other_columns(first: Path, names: list[str], path: Path, own: list[str]) -> None:
    for missing, where, there in ((set(names) - set(own), path, first), (set(own) - set(names), first, path)):
        if missing:
            listed = ", ".join(f"`{name}`" for name in sorted(missing))
            raise UsageError(
                f"{where} has no column {listed}, which {there} has",
                help="all files of one dataset have the same columns",
            )


def _together(name: str, parts: list[tuple[Path, dict[str, Any]]]) -> Any:
    """One column of all files; whole numbers join fractions, and a file in which nothing is known joins anything."""
    import pyarrow as pa

    arrays = [columns_[name] for _, columns_ in parts]
    if any(isinstance(each, list) for each in arrays):
        return [value for each in arrays for value in (each if isinstance(each, list) else each.to_pylist())]
    wanted = alignment.same_type([each.type for each in arrays])
    truths = {pa.types.is_boolean(each.type) for each in arrays if not pa.types.is_null(each.type)}
    cast = [None if wanted is None or len(truths) > 1 else alignment.cast(each, wanted) for each in arrays]
    if any(each is None for each in cast):
        kinds = [str(each.type) for each in arrays]
        other = next((place for place, kind in enumerate(kinds) if kind not in (kinds[0], "null")), 0)
        raise UsageError(
            f"the column `{name}` is {kinds[other]} in {parts[other][0]} and {kinds[0]} in {parts[0][0]}",
            help="give it one type in all files",
        )
    return pa.chunked_array([chunk for each in cast if each is not None for chunk in each.chunks], type=wanted)


def _frame(found: _Columns, contract: Contract | None, undeclared: Callable[[Any], Any]) -> pd.DataFrame:
    import pandas as pd

    declared = contract.columns if contract else {}
    series = {}
    for name, values in found:
        if isinstance(values, list):
            series[name] = pd.Series(values, dtype=object)
        elif name in declared:
            series[name] = columns.to_series(columns.convert(values, declared[name].type))
        else:
            series[name] = columns.to_series(undeclared(values))
    rows = len(found[0][1]) if found else 0
    return pd.DataFrame(series, index=pd.RangeIndex(rows))


def _read_csv(path: Path) -> _Columns:
    import pyarrow as pa
    from pyarrow import csv

    with path.open("rb") as handle:
        names = _csv_names(path)
        try:
            table = csv.read_csv(
                handle,
                # One thread: only then does a fault name its row.
                read_options=csv.ReadOptions(use_threads=False, column_names=names, skip_rows_after_names=1),
                parse_options=csv.ParseOptions(newlines_in_values=True),
                convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
            )
        except pa.ArrowInvalid as error:
            raise _bad_text(path, error) from error
    return [(name, table.column(name)) for name in names]


def _csv_names(path: Path) -> list[str]:
    """The header, read before the rows so that repeated names are seen before they are typed."""
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            names = next((row for row in csv.reader(handle) if row), None)
    except UnicodeDecodeError as error:
        raise _bad_text(path, error) from error
    except csv.Error as error:
        raise UsageError(f"{path}:1: the header can't be read: {error}", help=_CSV_HELP) from error
    if names is None:
        raise UsageError(f"{path} is empty", help="a CSV file starts with a line of column names")
    _refuse_names(path, names)
    return names


_CSV_HELP = "expected UTF-8 text, columns separated by commas, names in the first line"


def _bad_text(path: Path, error: Exception) -> UsageError:
    line = _first_undecodable_line(path)
    if line is not None:
        return UsageError(f"{path}:{line}: not UTF-8 text", help="save the file as UTF-8")
    said = str(error).splitlines()[0].removeprefix("CSV parse error: ")
    row = _ARROW_ROW.search(said)
    said = re.sub(r"^Row #\d+: ", "", said)
    return UsageError(f"{path}{':' + row.group(1) if row else ''}: {said}", help=_CSV_HELP)


def _first_undecodable_line(path: Path) -> int | None:
    with path.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return None


def _read_jsonl(path: Path) -> _Columns:
    """Read with the standard library: exact line numbers, and no text turned into a date on the way."""
    rows: list[dict[str, Any]] = []
    with path.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            if line.strip():
                rows.append(_json_row(path, number, line))
    if not rows:
        raise UsageError(f"{path} is empty", help="a JSON lines file holds one object on each line")
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [(name, _array([row.get(name) for row in rows])) for name in names]


def _json_row(path: Path, number: int, line: bytes) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
            raise UsageError(f"{path}:{number}: `{twice}` stands twice in one row", help="keep one of them")
        return found

    try:
        row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"), object_pairs_hook=unique)
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}:{number}: not UTF-8 text", help="save the file as UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"{path}:{number}: not JSON: {error}", help="each line must be one JSON object") from error
    if not isinstance(row, dict):
        raise UsageError(f'{path}:{number}: expected an object, such as {{"age": 41}}', help="one object on each line")
    return row


def _array(values: list[Any]) -> Any:
    import pyarrow as pa

    try:
        return pa.chunked_array([pa.array(values)])
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return values


def _read_parquet(path: Path) -> _Columns:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as handle:
            table = pq.read_table(handle)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise UsageError(f"{path} is no Parquet file: {str(error).splitlines()[0]}", help="write it again") from error
    return [
        (name, _plain(table.column(place)))
        for place, name in enumerate(table.column_names)
        if not _PANDAS_INDEX.fullmatch(name)
    ]


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Every width of integer as 64 bits and every width of text as one, so that later code meets few types.

    Decimals become numbers too where every one of their values has a number of its own; longer ones stay decimals.
    """
    import pyarrow as pa

    kind = values.type
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return values.cast(pa.int64())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return values.cast(pa.string())
    if pa.types.is_decimal(kind) and kind.precision <= (_FLOAT_DIGITS if kind.scale > 0 else _INT_DIGITS):
        return values.cast(pa.float64() if kind.scale > 0 else pa.int64())
    return values


def _refuse_names(path: Path, names: list[str]) -> None:
    if not names:
        raise UsageError(f"{path} has no columns", help="a table needs at least one column")
    for place, name in enumerate(names, start=1):
        if not name.strip():
            raise UsageError(f"{path}:1: column {place} has no name", help="name every column")
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise UsageError(f"{path}:1: the column `{repeated[0]}` stands twice", help="give every column its own name")


def _arrow(frame: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    frame = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    for name in frame.columns:
        if not isinstance(name, str):
            raise UsageError(
                f"the column name {name!r} is no text", help="name the columns, e.g. frame.columns = [...]"
            )
    repeated = [str(name) for name, count in Counter(frame.columns).items() if count > 1]
    if repeated:
        raise UsageError(f"the column `{repeated[0]}` stands twice", help="give every column its own name")
    try:
        table = pa.Table.from_pandas(frame, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise UsageError(
            f"the table can't be stored as Parquet: {'; '.join(str(part) for part in error.args)}",
            help="give every column one type",
        ) from error
    return table.replace_schema_metadata(None)  # it names library versions, which are no part of the data


def _as_it_is(values: Any) -> Any:
    return values


# By ending: how the file is read, and what becomes of a column that no contract declares (only CSV has no types).
_READERS: dict[str, tuple[Callable[[Path], _Columns], Callable[[Any], Any]]] = {
    ".csv": (_read_csv, columns.infer),
    ".parquet": (_read_parquet, _as_it_is),
    ".jsonl": (_read_jsonl, _as_it_is),
}

ENDINGS = tuple(sorted(_READERS))
