"""Queries become tables with the database's types, on SQLite and on a real PostgreSQL server."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data.sources.query import QuerySource, is_ordered


@pytest.fixture
def lite(tmp_path: Path) -> str:
    path = tmp_path / "x.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "create table t (id integer, name text, ok boolean, day date, at timestamp, price decimal(10,2), raw);"
        "insert into t values (2, 'b', 1, '2026-01-02', '2026-01-02 03:04:05', 1, null),"
        " (1, '10:30 100%', 0, null, null, 2.5, null);"
    )
    connection.close()
    return f"sqlite:///{path}"


def _table(found_in: Path) -> pa.Table:
    return pq.read_table(found_in / "rows.parquet")


def test_sqlite_keeps_declared_types_and_order(lite: str, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    source = QuerySource("select * from t order by name desc;", lite)
    found = source.fetch(tmp_path / "in", lambda done, total: told.append((done, total)))
    table = _table(found.root)
    assert table.column("id").to_pylist() == [2, 1]
    assert {each.name: str(each.type) for each in table.schema} == {
        "id": "int64",
        "name": "string",
        "ok": "bool",
        "day": "date32[day]",
        "at": "timestamp[us]",
        "price": "double",
        "raw": "string",
    }
    assert (found.names, found.notes, found.single) == (("rows.parquet",), (), True)
    assert told and told[-1][1] is None
    assert found.fingerprint.value is None
    assert "only running the query" in source.fingerprint().note


def test_the_same_rows_are_the_same_bytes(lite: str, tmp_path: Path) -> None:
    places = [QuerySource("select * from t order by id", lite).fetch(tmp_path / name).place for name in "ab"]
    assert places[0].read_bytes() == places[1].read_bytes()


def test_signs_of_the_query_mean_themselves(lite: str, tmp_path: Path) -> None:
    source = QuerySource("select id from t where name like '10:30 1%' order by 1", lite)
    assert _table(source.fetch(tmp_path / "in").root).column("id").to_pylist() == [1]


def test_no_rows_keep_their_types(lite: str, tmp_path: Path) -> None:
    table = _table(QuerySource("select id, name from t where false order by id", lite).fetch(tmp_path / "in").root)
    assert (len(table), table.schema.types) == (0, [pa.int64(), pa.string()])


def test_many_rows_come_in_pieces(lite: str, tmp_path: Path) -> None:
    sql = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50000)"
        " select i, case when i > 45000 then i / 2.0 end as half from n order by i"
    )
    table = _table(QuerySource(sql, lite).fetch(tmp_path / "in").root)
    assert (len(table), str(table.schema.field("half").type)) == (50_000, "double")
    assert table.column("half").null_count == 45_000


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from none", "no such table: none"),
        ("selec 1", "syntax error"),
        ("select 1 as a, 2 as a", "two columns named `a`"),
        ("select 1; select 2", "one statement at a time"),
        ("delete from t", "readonly"),
        ("select 1 as x union all select 'a'", "column `x` in rows 1 to 2"),
    ],
)
def test_what_is_no_good_query(lite: str, tmp_path: Path, sql: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        QuerySource(sql, lite).fetch(tmp_path / "in")
    assert caught.value.help
    assert [path.name for path in tmp_path.iterdir()] == ["x.db"]
    with sqlite3.connect(tmp_path / "x.db") as connection:
        assert connection.execute("select count(*) from t").fetchone() == (2,)
    connection.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("no address: secret", "holds no address"),
        ("", "holds no address"),
        ("sqlite:////nowhere/secret.db", "does not exist"),
        ("strange://u:secret@h/d", "no driver for `strange`"),
        ("postgresql://u:secret@127.0.0.1:1/d", "refused"),
    ],
)
def test_an_address_is_never_shown(tmp_path: Path, address: str, said: str) -> None:
    source = QuerySource("select 1", address)
    with pytest.raises((UsageError, SurroundingsError), match=said) as caught:
        source.fetch(tmp_path / "in")
    for text in (str(caught.value), caught.value.help, repr(source), repr(caught.value.__cause__)):
        assert "secret" not in text.replace("the secret", "").replace("in the secret", "")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(lite: str, tmp_path: Path) -> None:
    def interrupt(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        QuerySource("select * from t", lite).fetch(tmp_path / "in", interrupt)
    assert [path.name for path in tmp_path.iterdir()] == ["x.db"]


@pytest.mark.parametrize(
    ("sql", "ordered"),
    [
        ("select 1 order by 1", True),
        ("select 1 ORDER\n  BY 1", True),
        ("select 1", False),
        ("select 'order by'", False),
        ('select "order by" from t', False),
        ("select 1 -- order by 1", False),
        ("select 1 /* order by */", False),
        ("select * from (select 1 order by 1) x", False),
        ("select row_number() over (order by (x)) from t", False),
        ("select $$order by$$", False),
        ("select f(g(1)) from t order by f(1)", True),
    ],
)
def test_order(sql: str, ordered: bool) -> None:
    assert is_ordered(sql) is ordered


def test_a_query_without_order_says_so(lite: str, tmp_path: Path) -> None:
    assert "no ORDER BY" in QuerySource("select 1 as x", lite).fetch(tmp_path / "in").notes[0]


def test_postgresql_keeps_types(postgresql: str, tmp_path: Path) -> None:
    sql = """
        select i::smallint as small, i::bigint as big, i / 2.0::float8 as ratio, i::numeric(10, 2) as price,
               (i * 1.5)::numeric as free, (i > 1) as big_one, 'x' || i as word, date '2026-01-02' + i as day,
               timestamp '2026-01-02 03:04' as local, timestamptz '2026-01-02 03:04+02' as moment,
               null::int as missing, '{"a": 1}'::jsonb as doc, '\\x00ff'::bytea as raw, '50%' as percent
        from generate_series(1, 30000) i order by i desc
    """
    found = QuerySource(sql, postgresql).fetch(tmp_path / "in")
    table = _table(found.root)
    assert len(table) == 30_000
    assert table.column("big").to_pylist()[:2] == [30_000, 29_999]
    assert {each.name: str(each.type) for each in table.schema} == {
        "small": "int64",
        "big": "int64",
        "ratio": "double",
        "price": "decimal128(10, 2)",
        "free": "double",
        "big_one": "bool",
        "word": "string",
        "day": "date32[day]",
        "local": "timestamp[us]",
        "moment": "timestamp[us, tz=UTC]",
        "missing": "int64",
        "doc": "string",
        "raw": "binary",
        "percent": "string",
    }
    assert table.column("moment")[0].as_py().isoformat() == "2026-01-02T01:04:00+00:00"
    assert [note[:6] for note in found.notes] == ["`free`"]


def test_postgresql_refuses_in_words(postgresql: str, tmp_path: Path) -> None:
    for sql, said in (
        ("select * from none", 'relation "none" does not exist'),
        ("create table made (x int)", "."),
        ("select 1; drop table x", "."),
        ("select 1/0 as x", "division by zero"),
    ):
        with pytest.raises(UsageError, match=said):
            QuerySource(sql, postgresql).fetch(tmp_path / "in")
    state = QuerySource("select current_setting('transaction_read_only') as state", postgresql)
    assert _table(state.fetch(tmp_path / "state").root).column("state").to_pylist() == ["on"]
    wrong = postgresql.replace("p%25ss%20word", "wrong-one")
    with pytest.raises(SurroundingsError, match="password authentication failed") as caught:
        QuerySource("select 1 as x", wrong).fetch(tmp_path / "in")
    assert "wrong-one" not in str(caught.value)
    table = _table(
        QuerySource("select count(*) as n from pg_tables where tablename = 'made'", postgresql)
        .fetch(tmp_path / "in")
        .root
    )
    assert table.column("n").to_pylist() == [0]
