"""The journal: facts in the order they happened, written once, never changed, each effect recorded once by its key."""

from __future__ import annotations

import json
import math
import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from modelsync.core.clock import Clock, now, stamp
from modelsync.core.errors import ExitCode, ModelSyncError
from modelsync.registry.schema import open_for_reading, open_for_writing, said

_PAGE = 500  # events read at once, so that a long journal never stands in memory as a whole
_COLUMNS = "seq, at, kind, key, run, payload"
_NUMBER_TAG = "~number"  # JSON has no nan and no infinity; they are kept as {"~number": "nan"}


class TakenError(ModelSyncError):
    """Somebody else recorded that name meanwhile, such as the same version of the same model."""

    exit_code = ExitCode.STALE_PLAN


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `fresh` is False when it was there before; `fault` says why the payload cannot be read, if so."""

    seq: int
    at: str
    kind: str
    key: str | None
    run: str | None
    payload: Mapping[str, Any] = field(hash=False)
    fresh: bool = False
    fault: str = ""


class Journal:
    """The facts of a project in one SQLite file. Nothing is created before the first append: a journal that is only
    read, of a project that has none yet, is empty. Safe for many threads and processes at once.
    """

    def __init__(self, path: Path, clock: Clock = now) -> None:
        self.path = path
        self._clock = clock
        self._lock = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._process = os.getpid()

    def append(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        key: str | None = None,
        run: str | None = None,
        claim: str | None = None,
    ) -> Event:
        """Record a fact; durable when this returns (inside `transaction`: when that ends).

        With a `key` that is there already nothing is written and the earlier event is the answer. A `claim` is a name
        that only one event may hold; TakenError when another key holds it.
        """
        text = _encode(kind, payload)
        with self.transaction():
            if key is not None and (earlier := self.receipt(key)) is not None:
                return earlier
            if claim is not None:
                self._refuse_taken(claim)
            row = (stamp(self._clock()), kind, key, claim, run, text)
            connection = self._for_writing()
            cursor = connection.execute(
                "insert into event (at, kind, key, claim, run, payload) values (?, ?, ?, ?, ?, ?)", row
            )
            seq = cursor.lastrowid
        assert seq is not None
        return Event(seq, row[0] or "", kind, key, run, json.loads(text, object_hook=_restore), fresh=True)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All appends inside happen together or not at all; nobody else writes meanwhile. May be nested."""
        with self._lock, said(self.path):
            connection = self._for_writing()
            if connection.in_transaction:
                yield
                return
            connection.execute("begin immediate")
            try:
                yield
                connection.execute("commit")
            except BaseException:
                connection.rollback()
                raise

    def receipt(self, key: str) -> Event | None:
        """The event that was recorded under a key."""
        rows = self._rows(f"select {_COLUMNS} from event where key = ?", (key,))  # noqa: S608 - a constant
        return _event(rows[0]) if rows else None

    def claims(self, prefix: str) -> int:
        """How many names that begin with `prefix` are taken."""
        rows = self._rows("select count(*) from event where claim >= ? and claim < ?", (prefix, prefix + "\U0010ffff"))
        return int(rows[0][0]) if rows else 0

    def events(self, *, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Event]:
        """The events behind number `after` in order; with `kinds` only those."""
        chosen = f"and kind in ({', '.join('?' * len(kinds))})" if kinds else ""
        query = f"select {_COLUMNS} from event where seq > ? {chosen} order by seq limit {_PAGE}"  # noqa: S608 - marks only
        while rows := self._rows(query, (after, *kinds)):
            for row in rows:
                yield _event(row)
            after = rows[-1][0]

    def close(self) -> None:
        """Let go of the file; the journal opens again when it is used again."""
        with self._lock:
            for connection in (self._writer, self._reader):
                if connection is not None and self._process == os.getpid():
                    connection.close()
            self._writer = self._reader = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        with self._lock, said(self.path):
            self._leave_parent_behind()
            if self._writer is None and self._reader is None:
                self._reader = open_for_reading(self.path)
            connection = self._writer or self._reader
            return [] if connection is None else connection.execute(query, values).fetchall()

    def _for_writing(self) -> sqlite3.Connection:
        self._leave_parent_behind()
        if self._writer is None:
            self._writer = open_for_writing(self.path)
        return self._writer

    def _leave_parent_behind(self) -> None:
        """A connection must not be used in a forked child; dropping it there would release the parent's locks."""
        if self._process != os.getpid():
            _inherited.extend(connection for connection in (self._writer, self._reader) if connection is not None)
            self._writer = self._reader = None
            self._process = os.getpid()

    def _refuse_taken(self, claim: str) -> None:
        holder = self._rows(f"select {_COLUMNS} from event where claim = ?", (claim,))  # noqa: S608 - a constant
        if holder:
            event = _event(holder[0])
            by = f" by run {event.run}" if event.run else ""
            raise TakenError(
                f"`{claim}` was recorded{by} at {event.at} (event {event.seq})",
                help="run again: what comes next is then decided from what is there",
            )


_inherited: list[sqlite3.Connection] = []  # connections of a parent process, kept so that nothing closes them here


def _event(row: tuple[int, str, str, str | None, str | None, str]) -> Event:
    seq, at, kind, key, run, text = row
    try:
        payload = json.loads(text, object_hook=_restore)
        if not isinstance(payload, dict):
            raise ValueError("it is not a map")
    except (ValueError, TypeError, RecursionError) as error:
        return Event(seq, at, kind, key, run, {}, fault=f"its payload is no JSON: {error}")
    return Event(seq, at, kind, key, run, payload)


def _encode(kind: str, payload: Mapping[str, Any]) -> str:
    plain = _plain(kind, dict(payload))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _plain(kind: str, value: Any) -> Any:
    """The value in JSON's own types. A NumPy number becomes Python's; anything else is a fault of the writer."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {_NUMBER_TAG: repr(float(value))}
    if isinstance(value, Mapping):
        return {str(name): _plain(kind, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(kind, inner) for inner in value]
    if hasattr(value, "item") and not getattr(value, "shape", None):
        return _plain(kind, value.item())
    raise ModelSyncError(
        f"a fact `{kind}` holds a {type(value).__name__}, which cannot be kept: {value!r}",
        help="this is a fault of ModelSync; please report it",
    )


def _restore(value: dict[str, Any]) -> Any:
    if len(value) == 1 and _NUMBER_TAG in value:
        return float(value[_NUMBER_TAG])
    return value
