"""Rows out of a request: every input form becomes columns, checked against what the model was trained on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import isfinite, nan
from typing import Any

from modelsync.serving.web import RefusedError

ROW_LIMIT = 10_000
_FAULTS_SHOWN = 20
_INT64 = 1 << 63
_HELP = (
    'send {"rows": [{"column": value}]}, {"features": [[value, ...]]}, {"dataframe_records": [...]}, '
    '{"dataframe_split": {"columns": [...], "data": [...]}}, {"inputs": ...} or one row as {"column": value}'
)

Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """An input of the model."""

    name: str
    type: str  # int | float | bool | string | datetime | unknown


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in the rows; `row` counts from 0."""

    row: int | None
    column: str | None
    expected: str
    got: str


def decode(body: bytes, columns: Sequence[Column]) -> Columns:
    """The rows of a JSON body by column, in the order of the signature.

    Integers fit 64 bits, floats are finite or missing (NaN), times carry no zone (one that is given is turned to UTC).
    RefusedError 400 for what is not JSON, 413 for too many rows, 422 naming every wrong cell by row and column.
    """
    rows = _rows(_parsed(body), columns)
    faults: list[Fault] = []
    checked = {column.name: _checked(column, rows[column.name], faults) for column in columns}
    if faults:
        raise _refused(faults)
    return checked


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        payload = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, f"the request is not JSON: {error}", _HELP) from None
    if not isinstance(payload, dict):
        raise RefusedError(400, f"expected a JSON object, got {_say(payload)}", _HELP)
    return payload


def _rows(payload: Mapping[str, Any], columns: Sequence[Column]) -> Columns:
    for form, read in _FORMS.items():
        # A column may have the name of a form: then the value decides, for a cell is never a list or an object.
        if isinstance(payload.get(form), list | dict):
            return read(payload[form], columns)
    return _records([payload], columns)


def _records(rows: Any, columns: Sequence[Column]) -> Columns:
    _require_list(rows)
    names = [column.name for column in columns]
    known = set(names)
    faults: list[Fault] = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            faults.append(Fault(number, None, "an object of columns", _say(row)))
        elif row.keys() != known:
            faults += [Fault(number, c.name, c.type, "nothing") for c in columns if c.name not in row]
            faults += [Fault(number, name, "no such column", _say(row[name])) for name in row if name not in known]
    if faults:
        raise _refused(faults)
    return {name: [row[name] for row in rows] for name in names}


def _positional(rows: Any, columns: Sequence[Column]) -> Columns:
    _require_list(rows)
    if len(columns) == 1 and not any(isinstance(row, list) for row in rows):
        rows = [[value] for value in rows]
    wide = f"a list of {len(columns)} values"
    faults = [
        Fault(number, None, wide, f"{len(row)} values" if isinstance(row, list) else _say(row))
        for number, row in enumerate(rows)
        if not isinstance(row, list) or len(row) != len(columns)
    ]
    if faults:
        raise _refused(faults)
    return {column.name: [row[place] for row in rows] for place, column in enumerate(columns)}


def _split(value: Any, columns: Sequence[Column]) -> Columns:
    if not isinstance(value, dict) or not isinstance(value.get("data"), list):
        raise RefusedError(422, "`dataframe_split` needs `columns` and `data`, both lists", _HELP)
    names = value.get("columns", [column.name for column in columns])
    if not isinstance(names, list) or len(set(map(str, names))) != len(names):
        raise RefusedError(422, "`columns` of `dataframe_split` must be a list of different names", _HELP)
    _require_list(value["data"])
    faults = [
        Fault(number, None, f"a list of {len(names)} values", _say(row))
        for number, row in enumerate(value["data"])
        if not isinstance(row, list) or len(row) != len(names)
    ]
    if faults:
        raise _refused(faults)
    return _records([dict(zip(map(str, names), row, strict=True)) for row in value["data"]], columns)


def _inputs(value: Any, columns: Sequence[Column]) -> Columns:
    if isinstance(value, list):
        return (_records if value and isinstance(value[0], dict) else _positional)(value, columns)
    lists = {name: cells for name, cells in value.items() if isinstance(cells, list)}
    if not lists:
        return _records([value], columns)
    length = max(len(cells) for cells in lists.values())
    faults = [
        Fault(None, name, f"a list of {length} values", _say(cells))
        for name, cells in value.items()
        if not isinstance(cells, list) or len(cells) != length
    ]
    if faults:
        raise _refused(faults)
    return _records([dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)], columns)


def _require_list(rows: Any) -> None:
    if not isinstance(rows, list):
        raise RefusedError(422, f"expected a list of rows, got {_say(rows)}", _HELP)
    if not rows:
        raise RefusedError(422, "there is no row in the request", _HELP)
    if len(rows) > ROW_LIMIT:
        raise RefusedError(413, f"{len(rows)} rows are more than the {ROW_LIMIT} of one request", "send them in parts")


def _checked(column: Column, cells: list[Any], faults: list[Fault]) -> list[Any]:
    read, expected = _READERS[column.type]
    result = []
    for number, cell in enumerate(cells):
        try:
            result.append(read(cell))
        except (TypeError, ValueError, OverflowError):
            faults.append(Fault(number, column.name, expected, _say(cell)))
    return result


def _refused(faults: Sequence[Fault]) -> RefusedError:
    first = faults[0]
    place = " ".join(
        part
        for part in (
            f"row {first.row}" if first.row is not None else "",
            f"column `{first.column}`" if first.column is not None else "",
        )
        if part
    )
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    shown = [asdict(fault) for fault in faults[:_FAULTS_SHOWN]]
    return RefusedError(
        422,
        f"{place}: expected {first.expected}, got {first.got}{more}",
        "GET / shows the columns and an example",
        {"faults": shown},
    )


def _say(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON number; write null for a missing one")


def _int(cell: Any) -> int:
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell != int(cell):
        raise TypeError
    if not -_INT64 <= int(cell) < _INT64:
        raise OverflowError
    return int(cell)


def _float(cell: Any) -> float:
    if cell is None:
        return nan
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not isfinite(cell):
        raise TypeError
    return float(cell)


def _bool(cell: Any) -> bool:
    if not isinstance(cell, bool):
        raise TypeError
    return cell


def _string(cell: Any) -> str | None:
    if cell is not None and not isinstance(cell, str):
        raise TypeError
    return cell


def _scalar(cell: Any) -> Any:
    if isinstance(cell, list | dict):
        raise TypeError
    return cell


def _datetime(cell: Any) -> datetime | None:
    if cell is None:
        return None
    if not isinstance(cell, str):
        raise TypeError
    moment = datetime.fromisoformat(cell)
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


_READERS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "int": (_int, "int"),
    "float": (_float, "float"),
    "bool": (_bool, "bool"),
    "string": (_string, "string"),
    "datetime": (_datetime, "datetime such as 2024-03-01T12:00:00"),
    "unknown": (_scalar, "a single value"),  # the model was fitted without a table that says more
}

_FORMS: Mapping[str, Callable[[Any, Sequence[Column]], Columns]] = {
    "rows": _records,
    "features": _positional,
    "dataframe_records": _records,
    "dataframe_split": _split,
    "inputs": _inputs,
}
