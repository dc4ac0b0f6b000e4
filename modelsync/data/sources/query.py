"""A source that is a SQL query: its result as one Parquet file, with the database's column types and its row order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data import tables
from modelsync.data.sources import sql_types
from modelsync.data.sources.base import Fetched, Fingerprint, Progress, arriving, silent

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import URL, Connection, CursorResult

NAME = "rows.parquet"
_ROWS_AT_ONCE = 20_000
_UNORDERED = "the query has no ORDER BY: the database may give the same rows in another order, and then bytes differ"
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_INSTALL = {"postgresql+psycopg": "psycopg[binary]"}


@dataclass(frozen=True, slots=True)
class QuerySource:
    """The rows of `sql` in the database at `connection`, a SQLAlchemy address that is never shown.

    SQLite and PostgreSQL keep their column types; of other databases the types are those of the values that come.
    """

    sql: str
    connection: str = field(repr=False)

    @property
    def label(self) -> str:
        """The start of the query; it holds no address."""
        text = " ".join(self.sql.split())
        return f"the query `{text if len(text) <= 60 else text[:57] + '...'}`"

    def fingerprint(self) -> Fingerprint:
        """None: a database says of no query whether its rows changed."""
        return Fingerprint(None, "only running the query can tell whether its rows changed")

    def fetch(self, into: Path, progress: Progress = silent) -> Fetched:
        """One Parquet file; `progress` is told the bytes of the rows in memory."""
        with arriving(into) as folder:
            table, notes = self._rows(progress)
            tables.write_arrow(table, folder / NAME)
            size = (folder / NAME).stat().st_size
        unordered = () if is_ordered(self.sql) else (_UNORDERED,)
        return Fetched(into, (NAME,), size, self.fingerprint(), True, (*unordered, *notes))

    def _rows(self, progress: Progress) -> tuple[pa.Table, tuple[str, ...]]:
        import pyarrow as pa
        from sqlalchemy.pool import NullPool

        url = _url(self.connection)
        with self._explained(url):
            from sqlalchemy import create_engine

            engine = create_engine(url, poolclass=NullPool)
            with engine.connect() as connection:
                result, kinds = _run(connection, self.sql)
                names = list(result.keys())
                self._refuse_repeated(names)
                parts: list[pa.Table] = []
                done = rows_before = 0
                for rows in result.partitions(_ROWS_AT_ONCE):
                    parts.append(self._part(names, kinds, rows, rows_before))
                    rows_before += len(rows)
                    done += parts[-1].nbytes
                    progress(done, None)
        if not parts:
            parts.append(self._part(names, kinds, [], 0))
        try:
            table = pa.concat_tables(parts, promote_options="permissive")
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise UsageError(f"{self.label}: a column holds values of several types: {error}", help=_CAST) from None
        return table.cast(sql_types.without_null(table.schema)), sql_types.notes(kinds)

    def _refuse_repeated(self, names: list[str]) -> None:
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError(f"{self.label} gives two columns named `{twice}`", help="name one of them with `as`")

    def _part(self, names: list[str], kinds: list[sql_types.Kind], rows: Any, before: int) -> pa.Table:
        import pyarrow as pa

        arrays = []
        for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
            values = [row[place] for row in rows]
            try:
                arrays.append(kind.array(values))
            except (pa.ArrowInvalid, pa.ArrowTypeError, ValueError, OverflowError, TypeError) as error:
                said = str(error).splitlines()[0]
                at = f"rows {before + 1:,} to {before + len(rows):,}"
                raise UsageError(f"{self.label}: column `{name}` in {at}: {said}", help=_CAST) from None
        return pa.Table.from_arrays(arrays, names=names)

    @contextmanager
    def _explained(self, url: URL) -> Iterator[None]:
        """What the database says, without the address and without the parameters that SQLAlchemy adds."""
        from sqlalchemy import exc

        try:
            yield
        except (exc.NoSuchModuleError, ModuleNotFoundError):
            package = _INSTALL.get(url.drivername, f"the driver for `{url.drivername}`")
            raise SurroundingsError(
                f"no driver for `{url.drivername}` is installed", help=f"install {package}"
            ) from None
        except exc.InterfaceError as error:
            raise self._said(url, error.orig, SurroundingsError, _REACHABLE) from None
        except exc.OperationalError as error:
            if error.statement is None:  # it failed before the query began
                raise self._said(url, error.orig, SurroundingsError, _REACHABLE) from None
            raise self._said(url, error.orig, UsageError, _CORRECT) from None
        except exc.DBAPIError as error:
            raise self._said(url, error.orig, UsageError, _CORRECT) from None
        except exc.SQLAlchemyError as error:
            raise self._said(url, error, UsageError, _CORRECT) from None

    def _said(self, url: URL, error: object, kind: type[Any], help_: str) -> Any:
        first = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
        return kind(f"{self.label} failed: {_without_secrets(first, url)}", help=help_)


_CAST = "give the column one type, such as `cast(x as text)`"
_REACHABLE = "check that the database runs, and the secret that holds its address"
_CORRECT = "run the query in the database's own tool to see what is wrong"


def is_ordered(sql: str) -> bool:
    """Whether the outermost query says ORDER BY; text, comments and what stands in brackets are left out."""
    bare = _ASIDE.sub(" ", sql)
    while (shorter := re.sub(r"\([^()]*\)", " ", bare)) != bare:
        bare = shorter
    return re.search(r"\border\s+by\b", bare, re.IGNORECASE) is not None


_ASIDE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(\$\w*\$).*?\1", re.DOTALL)


def _url(connection: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(connection.strip())
    except (ArgumentError, ValueError):  # its own words repeat the address
        raise UsageError(
            "the secret holds no address of a database",
            help="write it as postgresql://user:password@host/name or sqlite:///path",
        ) from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    if is_file and not str(url.database).startswith("file:") and not Path(str(url.database)).is_file():
        raise UsageError("the SQLite database does not exist", help="check the path in the secret")
    return url


def _run(connection: Connection, sql: str) -> tuple[CursorResult[Any], list[sql_types.Kind]]:
    """Start the query as it is written (no parameters, so `:` and `%` mean themselves) and learn its columns."""
    backend = connection.dialect.name
    bare = sql.strip().rstrip(";")
    declared: list[str] | None = None
    if backend == "postgresql":
        connection = connection.execution_options(postgresql_readonly=True)
    if backend == "sqlite":
        declared = _sqlite_types(connection, bare)
        connection.exec_driver_sql("pragma query_only = on")
    result = connection.execution_options(no_parameters=True, stream_results=True).exec_driver_sql(bare)
    if not result.returns_rows or result.cursor is None:
        raise UsageError("the query gives no rows", help="write one that starts with select or with")
    if declared is not None:
        return result, [sql_types.of_sqlite(each) for each in declared]
    if backend == "postgresql":
        return result, [sql_types.of_postgresql(column) for column in result.cursor.description]
    return result, [sql_types.UNKNOWN for _ in result.cursor.description]


def _sqlite_types(connection: Connection, sql: str) -> list[str] | None:
    """The declared type of each column of the result, empty where it is no plain column; only a view tells them."""
    from sqlalchemy import exc

    try:
        connection.exec_driver_sql(f"create temp view modelsync_query as {sql}")
    except exc.OperationalError:  # what no view can hold, such as a pragma, or a fault that the query itself tells
        return None
    return [row[2] for row in connection.exec_driver_sql("pragma table_info(modelsync_query)")]


def _without_secrets(text: str, url: URL) -> str:
    password = "" if url.password is None else str(url.password)
    for secret in (password, quote(password), quote_plus(password), url.render_as_string(hide_password=False)):
        text = text.replace(secret, "***") if secret else text
    return text
