from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelsync.core.errors import DamageError, ExitCode, ModelSyncError, SurroundingsError
from modelsync.registry import schema
from modelsync.registry.journal import Journal, TakenError

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".modelsync" / "registry.db"


@pytest.fixture
def journal(path: Path) -> Journal:
    return Journal(path, clock=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC))


def _spoil(path: Path, column: str, value: object, seq: int) -> None:
    """As damage would: past the guard that keeps the journal append-only."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("drop trigger event_stays")
        connection.execute(f"update event set {column} = ? where seq = ?", (value, seq))


def test_reading_creates_nothing(journal: Journal, path: Path) -> None:
    assert list(journal.events()) == []
    assert journal.receipt("k") is None
    assert journal.claims("x") == 0
    assert not path.parent.exists()


def test_events_come_back_in_order_as_they_were_written(journal: Journal, path: Path) -> None:
    first = journal.append("a", {"x": 1, "ü": [1.5, None, True, {"y": "z"}]}, run="r1")
    second = journal.append("b", {}, key="k")
    assert (first.seq, first.at, first.fresh, second.seq) == (1, "2026-03-01T12:00:00.000Z", True, 2)
    with Journal(path) as other:
        events = list(other.events())
    assert [(event.seq, event.at, event.kind, event.key, event.run, event.payload) for event in events] == [
        (1, first.at, "a", None, "r1", {"x": 1, "ü": [1.5, None, True, {"y": "z"}]}),
        (2, first.at, "b", "k", None, {}),
    ]
    assert not any(event.fresh or event.fault for event in events)


def test_a_second_use_of_a_key_returns_the_first_answer(journal: Journal) -> None:
    first = journal.append("a", {"x": 1}, key="k", run="r1")
    again = journal.append("a", {"x": 2}, key="k", run="r2")
    assert first.fresh
    assert not again.fresh
    assert (again.seq, again.payload, again.run) == (first.seq, {"x": 1}, "r1")
    assert journal.receipt("k") == again
    assert len(list(journal.events())) == 1


def test_a_claim_belongs_to_one_key(journal: Journal) -> None:
    journal.append("a", {}, key="k", run="r1", claim="models.m@1.0.0")
    assert not journal.append("a", {}, key="k", claim="models.m@1.0.0").fresh
    with pytest.raises(TakenError, match=r"`models.m@1.0.0` was recorded by run r1") as caught:
        journal.append("a", {}, key="other", claim="models.m@1.0.0")
    assert caught.value.exit_code == ExitCode.STALE_PLAN
    with pytest.raises(TakenError, match="event 1"):
        journal.append("a", {}, claim="models.m@1.0.0")
    journal.append("a", {}, claim="models.m@1.1.0")
    assert (journal.claims("models.m@"), journal.claims("models."), journal.claims("models.n")) == (2, 2, 0)


def test_kinds_and_a_place_to_go_on_from(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelsync.registry.journal._PAGE", 3)
    for number in range(10):
        journal.append("even" if number % 2 == 0 else "odd", {"n": number})
    assert [event.payload["n"] for event in journal.events(after=4)] == [4, 5, 6, 7, 8, 9]
    assert [event.payload["n"] for event in journal.events(kinds=["odd"])] == [1, 3, 5, 7, 9]
    assert [event.payload["n"] for event in journal.events(after=8, kinds=["odd", "x"])] == [9]


def test_numbers_that_json_does_not_know_come_back(journal: Journal, path: Path) -> None:
    event = journal.append("a", {"x": [math.inf, -math.inf, math.nan], "y": np.float64(0.5), "z": np.int64(3)})
    [read] = Journal(path).events()
    for payload in (event.payload, read.payload):
        assert payload["x"][:2] == [math.inf, -math.inf]
        assert math.isnan(payload["x"][2])
        assert (payload["y"], payload["z"]) == (0.5, 3)
        assert type(payload["z"]) is int
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select json_valid(payload) from event").fetchone() == (1,)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", np.zeros(3), Path("x"), datetime.now(UTC)])
def test_what_cannot_be_kept_is_refused_before_anything_is_written(journal: Journal, path: Path, value: object) -> None:
    with pytest.raises(ModelSyncError, match=r"a fact `a` holds a .*cannot be kept"):
        journal.append("a", {"x": [value]})
    assert not path.exists()


def test_a_transaction_is_all_or_nothing(journal: Journal) -> None:
    def half() -> None:
        with journal.transaction():
            journal.append("a", {})
            assert len(list(journal.events())) == 1
            raise KeyError("x")

    with pytest.raises(KeyError):
        half()
    assert list(journal.events()) == []
    with journal.transaction():
        journal.append("a", {})
        journal.append("b", {})
    assert [event.seq for event in journal.events()] == [1, 2]


def test_one_bad_row_does_not_hide_the_others(journal: Journal, path: Path) -> None:
    for number in range(6):
        journal.append("a", {"n": number})
    journal.close()
    for seq, text in ((2, "{"), (3, "[1]"), (4, b"\xff\xfe"), (5, "[" * 100_000)):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("drop trigger if exists event_stays")
            connection.execute("update event set payload = ? where seq = ?", (text, seq))
    events = list(journal.events())
    assert [bool(event.fault) for event in events] == [False, True, True, True, True, False]
    assert events[5].payload == {"n": 5}


def test_damaged_text_is_shown(journal: Journal, path: Path) -> None:
    journal.append("a", {})
    journal.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("drop trigger event_stays")
        connection.execute("update event set kind = cast(x'61ff' as text)")
    assert [event.kind for event in journal.events()] == ["a\ufffd"]


def test_a_damaged_file_is_told(journal: Journal, path: Path) -> None:
    for number in range(500):
        journal.append("a", {"n": number})
    journal.close()
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(DamageError, match="cannot be read"):
        list(journal.events())


def test_a_busy_registry_is_told(journal: Journal, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.append("a", {})
    journal.close()
    monkeypatch.setattr(schema, "_PATIENCE", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(SurroundingsError, match="has been busy"):
            journal.append("b", {})
        assert len(list(journal.events())) == 1
    assert journal.append("b", {}).seq == 2


def test_it_opens_again_after_it_was_closed(journal: Journal) -> None:
    journal.append("a", {})
    journal.close()
    journal.close()
    assert [event.kind for event in journal.events()] == ["a"]
    assert journal.append("b", {}).seq == 2


def test_many_threads_share_a_journal(journal: Journal) -> None:
    with ThreadPoolExecutor(8) as pool:
        events = list(pool.map(lambda number: journal.append("a", {"n": number}, key=f"k{number % 20}"), range(40)))
    assert sorted(event.seq for event in events if event.fresh) == list(range(1, 21))
    for number, event in enumerate(events):
        assert event.payload["n"] % 20 == number % 20


def test_a_forked_child_writes_through_a_connection_of_its_own(journal: Journal) -> None:
    journal.append("a", {})
    inherited = journal._writer
    child = os.fork()
    if child == 0:
        try:
            journal.append("child", {})
            os._exit(0 if journal._writer is not inherited else 2)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WEXITSTATUS(status) == 0
    journal.append("b", {})
    assert [event.kind for event in journal.events()] == ["a", "child", "b"]


def _append_many(path: str, worker: int, start: Any) -> None:
    start.wait(60)
    with Journal(Path(path)) as journal:
        for number in range(25):
            journal.append("own", {"worker": worker, "n": number}, key=f"{worker}-{number}")
            journal.append("shared", {"worker": worker}, key=f"shared-{number}", claim=f"name-{number}")


def test_eight_processes_append_without_loss_twin_or_gap(path: Path) -> None:
    """They begin at once on a database that does not exist yet, so the making of the tables is raced, too."""
    start = SPAWN.Barrier(8)
    workers = [SPAWN.Process(target=_append_many, args=(str(path), worker, start)) for worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * 8
    events = list(Journal(path).events())
    assert [event.seq for event in events] == list(range(1, 226))
    assert len([event for event in events if event.kind == "shared"]) == 25
    for number in range(8):
        own = [event.payload["n"] for event in events if event.kind == "own" and event.payload["worker"] == number]
        assert own == list(range(25))


class _Killing(sqlite3.Connection):
    """Dies at the statement of that number, before or after it, as a process can at any moment."""

    left = 0

    def execute(self, *arguments: Any) -> Any:
        _Killing.left -= 1
        if _Killing.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(*arguments)


def _in_child(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1]


def test_a_kill_at_any_statement_leaves_the_whole_fact_or_none(tmp_path: Path) -> None:
    """From a database that does not exist to a fact that is durable, the child is killed before each statement once."""
    kills = 0
    for count in range(1, 100):
        path = tmp_path / f"{count}.db"

        def work(path: Path = path, count: int = count) -> None:
            connect = sqlite3.connect
            sqlite3.connect = lambda *a, **o: connect(*a, factory=_Killing, **o)  # type: ignore[assignment]
            _Killing.left = count
            Journal(path).append("a", {"x": 1}, key="k", claim="c")

        status = _in_child(work)
        after = Journal(path)
        assert [dict(event.payload) for event in after.events()] in ([], [{"x": 1}])
        assert after.append("a", {"x": 1}, key="k", claim="c").seq == 1
        assert after.append("b", {}).seq == 2
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        after.close()
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            break
        kills += 1
    assert kills > 10
