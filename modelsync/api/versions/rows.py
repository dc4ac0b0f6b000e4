"""Tables as their files write them: every cell as its own text, so that what is not touched comes out as it went in."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelsync.core.errors import UsageError
from modelsync.data import tables

if TYPE_CHECKING:
    import pyarrow as pa

_LONGEST_CELL = 1 << 27


def read(path: Path) -> pa.Table:
    """The rows of a `.csv`, `.jsonl` (cells are text: that of CSV, or JSON) or `.parquet` file.

    UsageError when it is no such table.
    """
    return _READERS[path.suffix.lower()](path)


def write(table: pa.Table, path: Path, like: Path) -> None:
    """Write a table as `read` gave it, with the ends of lines that `like` has."""
    _WRITERS[path.suffix.lower()](table, path, like)


def _read_csv(path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = _header(path)
    options = arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    try:
        return arrow.read_csv(
            path,
            read_options=arrow.ReadOptions(column_names=names, skip_rows_after_names=1, use_threads=False),
            parse_options=arrow.ParseOptions(newlines_in_values=True),
            convert_options=options,
        )
    except pa.ArrowInvalid as error:
        raise UsageError(f"it is no CSV table: {str(error).splitlines()[0]}", help="mend the file") from None


def _header(path: Path) -> list[str]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            names = next((row for row in csv.reader(handle) if row), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"it is no CSV table: {error}", help="save it as UTF-8, with a line of names") from None
    if not names or len(set(names)) < len(names):
        raise UsageError("its columns have no names, or one name twice", help="name every column once")
    return names


def _write_csv(table: pa.Table, path: Path, like: Path) -> None:
    end = _line_end(like)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator=end)
        writer.writerow(table.column_names)
        for batch in table.to_batches(max_chunksize=1 << 14):
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))


def _line_end(like: Path) -> str:
    with like.open("rb") as handle:
        return "\r\n" if handle.readline().endswith(b"\r\n") else "\n"


def _read_jsonl(path: Path) -> pa.Table:
    import pyarrow as pa

    found: list[dict[str, str]] = []
    with path.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line, parse_float=_Text, parse_int=_Text, object_pairs_hook=_once)
            except (ValueError, RecursionError) as error:
                raise UsageError(f"line {number} is no JSON: {error}", help="one object on each line") from None
            if not isinstance(row, dict):
                raise UsageError(f"line {number} is no object", help="one object on each line")
            found.append({name: _json(value) for name, value in row.items()})
    names = list(dict.fromkeys(name for row in found for name in row))
    return pa.table({name: pa.array([row.get(name) for row in found], pa.string()) for name in names})


def _write_jsonl(table: pa.Table, path: Path, like: Path) -> None:
    end = _line_end(like)
    names = [json.dumps(name, ensure_ascii=False) for name in table.column_names]
    with path.open("w", encoding="utf-8", newline="") as handle:
        for batch in table.to_batches(max_chunksize=1 << 14):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                cells = (f"{name}: {cell}" for name, cell in zip(names, row, strict=True) if cell is not None)
                handle.write("{" + ", ".join(cells) + "}" + end)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


class _Text(float):
    """A number that is written as it was read."""

    def __new__(cls, text: str) -> _Text:
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str

    def __repr__(self) -> str:
        return self.text


def _json(value: Any) -> str:
    if isinstance(value, _Text):
        return value.text
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _read_parquet(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except pa.ArrowInvalid as error:
        raise UsageError(f"it is no Parquet table: {str(error).splitlines()[0]}", help="write it again") from None


def _write_parquet(table: pa.Table, path: Path, like: Path) -> None:
    tables.write_arrow(table, path)


def write_listing(path: Path, head: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
    """A small CSV file for people; a missing value is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)


_READERS: dict[str, Callable[[Path], pa.Table]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
}
_WRITERS: dict[str, Callable[[pa.Table, Path, Path], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
