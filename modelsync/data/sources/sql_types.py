"""Column types of SQLite and PostgreSQL, and how their values become Arrow arrays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_DIGITS = 38  # of a decimal in 128 bits


@dataclass(frozen=True, slots=True)
class Kind:
    """How one column is read: the Arrow type's name (see `_type`), what to do with a value first, a note for people.

    Without a name the type is that of the values. A `loose` kind is only what a column claims: where its values do
    not fit, they keep their own type, as SQLite allows.
    """

    name: str = ""
    first: Callable[[Any], Any] | None = None
    loose: bool = False
    note: str = ""

    def array(self, values: list[Any]) -> pa.Array:
        """The values as one array; errors of Arrow and of the conversion come through."""
        import pyarrow as pa

        wanted = _type(self.name)
        if not self.loose:
            return pa.array([_each(self.first, value) for value in values], type=wanted)
        try:
            return pa.array([_each(self.first, value) for value in values], type=wanted)
        except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError, TypeError):
            return pa.array(values)


UNKNOWN = Kind()


def of_postgresql(column: Any) -> Kind:
    """The kind of one column of a cursor's description: number of the type, and digits where it declares them."""
    code, precision, scale = column[1], column[4], column[5]
    if code == _NUMERIC:
        if precision is None or precision > _MOST_DIGITS:
            return Kind("float64", float, note=f"`{column[0]}` has no declared digits and is read as a 64-bit float")
        return Kind(f"decimal {precision} {scale or 0}", note="")
    return _POSTGRESQL.get(code, Kind("", _plain))


def of_sqlite(declared: str) -> Kind:
    """The kind of a declared type, which SQLite itself does not enforce; none where nothing is declared."""
    name = declared.upper().partition("(")[0].strip()
    return _SQLITE.get(name, UNKNOWN)


def notes(kinds: list[Kind]) -> tuple[str, ...]:
    """What a person should know of the types."""
    return tuple(kind.note for kind in kinds if kind.note)


def without_null(schema: pa.Schema) -> pa.Schema:
    """The schema with text where no value told a type."""
    import pyarrow as pa

    return pa.schema([each.with_type(pa.string()) if pa.types.is_null(each.type) else each for each in schema])


def _each(first: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if value is None or first is None else first(value)


def _type(name: str) -> Any:
    import pyarrow as pa

    if not name:
        return None
    if name.startswith("decimal "):
        _, precision, scale = name.split()
        return pa.decimal128(int(precision), int(scale))
    return {
        "bool": pa.bool_(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "string": pa.string(),
        "binary": pa.binary(),
        "date": pa.date32(),
        "time": pa.time64("us"),
        "timestamp": pa.timestamp("us"),
        "timestamp utc": pa.timestamp("us", tz="UTC"),
    }[name]


def _plain(value: Any) -> Any:
    """A value of a type that is not listed: text, unless Arrow knows it as it is."""
    return value if isinstance(value, bool | int | float | Decimal | bytes | list | str) else str(value)


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _truth(value: Any) -> bool:
    if value not in (0, 1):
        raise ValueError(f"{value!r} is neither true nor false")
    return bool(value)


def _moment(value: Any) -> Any:
    from datetime import datetime

    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError("it has a time zone")
    return moment


def _day(value: Any) -> Any:
    from datetime import date

    return date.fromisoformat(value)


_NUMERIC = 1700
# By the numbers that PostgreSQL gives its built-in types for ever (pg_type.dat).
_POSTGRESQL = {
    16: Kind("bool"),
    17: Kind("binary"),
    **dict.fromkeys((20, 21, 23, 26), Kind("int64")),
    **dict.fromkeys((700, 701), Kind("float64")),
    **dict.fromkeys((18, 19, 25, 1042, 1043, 2950), Kind("string", str)),
    **dict.fromkeys((114, 3802), Kind("string", _json)),
    1082: Kind("date"),
    1083: Kind("time"),
    1114: Kind("timestamp"),
    1184: Kind("timestamp utc"),
}
_SQLITE = {
    **dict.fromkeys(
        ("INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "MEDIUMINT", "INT2", "INT8"), Kind("int64", loose=True)
    ),
    **dict.fromkeys(("REAL", "DOUBLE", "FLOAT", "DOUBLE PRECISION", "NUMERIC", "DECIMAL"), Kind("float64", loose=True)),
    **dict.fromkeys(("TEXT", "VARCHAR", "CHAR", "CLOB", "NVARCHAR", "NCHAR"), Kind("string", loose=True)),
    "BLOB": Kind("binary", loose=True),
    **dict.fromkeys(("BOOLEAN", "BOOL"), Kind("bool", _truth, loose=True)),
    "DATE": Kind("date", _day, loose=True),
    **dict.fromkeys(("DATETIME", "TIMESTAMP"), Kind("timestamp", _moment, loose=True)),
}
