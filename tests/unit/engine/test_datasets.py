"""Datasets of every kind of source: planned without fetching, fetched and versioned in a run."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from modelsync.core.artifacts import OutputType
from modelsync.core.digest import Digest
from modelsync.core.errors import ExitCode
from modelsync.data import tables
from modelsync.engine.results import NodeResult, Status
from tests.unit.engine.conftest import Place, Site

ROWS = "id,age\n1,20\n2,30\n3,40\n"
MORE = "id,age\n1,20\n2,30\n3,40\n4,50\n"


def said(result: NodeResult) -> tuple[str, str]:
    return str(result.status), result.detail


def test_a_file(place: Place) -> None:
    place.write("data/rows.csv", ROWS)
    place.declare("data/rows.csv")
    assert place.reason() == "run: first version"
    assert said(place.run()) == ("done", "version 1.0.0, 3 rows, first version")
    assert place.reason() == "reuse: version 1.0.0"
    assert said(place.run()) == ("reused", "version 1.0.0")
    place.write("data/rows.csv", MORE)
    assert place.reason() == "run: its content changed since 1.0.0"
    assert said(place.run()) == ("done", "version 1.1.0, 4 rows, minor when contract.extended or rows.added")
    first, second = place.versions
    assert (first.source, first.form, first.filename, first.author, first.run) == (
        *("data/rows.csv", "file", "rows.csv", "ana", "r" * 32),
    )
    assert [column["name"] for column in second.columns] == ["id", "age"]
    assert second.columns[1]["histogram"] != []
    assert not list((place.root / ".modelsync/work").rglob("*.parquet"))


def test_a_folder_of_tables_is_one_table_in_the_order_of_paths(place: Place) -> None:
    place.write("data/b.csv", "id,age\n2,30\n")
    place.write("data/a.csv", "id,age\n1,20\n")
    place.declare("data/")
    assert said(place.run()) == ("done", "version 1.0.0, 2 rows, first version")
    [version] = place.versions
    assert (version.form, version.filename, version.described) == ("folder", "rows", {"format": "table", "files": 2})
    assert list(tables.load(place.last.path(version.table))["id"]) == [1, 2]
    place.write("data/c.csv", "id,age\n3,40\n")
    assert place.reason() == "run: its content changed since 1.0.0"


def test_a_pattern_takes_the_files_that_match_and_no_others(place: Place) -> None:
    for name in ("data/1/a.csv", "data/2/b.csv"):
        place.write(name, ROWS)
    place.write("data/notes.txt", "no table")
    place.declare("data/*/*.csv")
    assert said(place.run()) == ("done", "version 1.0.0, 6 rows, first version")
    assert place.reason() == "reuse: version 1.0.0"
    place.write("data/notes.txt", "still no table")
    assert place.reason() == "reuse: version 1.0.0"
    manifest = place.last.workspace.store.read_manifest(Digest(place.versions[0].digest))
    assert [entry.path for entry in manifest.entries] == ["data/1/a.csv", "data/2/b.csv"]
    place.write("data/3/c.csv", ROWS)
    assert place.reason() == "run: its content changed since 1.0.0"


def test_an_address_is_fetched_only_when_its_tag_changed(place: Place, site: Site) -> None:
    site.body, site.headers = ROWS.encode(), {"ETag": '"one"'}
    place.declare(f'"{site.url}"')
    assert place.reason() == "run: first version"
    assert site.gets == 0
    assert said(place.run()) == ("done", "version 1.0.0, 3 rows, first version")
    assert place.reason() == "reuse: version 1.0.0"
    assert said(place.run()) == ("reused", "version 1.0.0")
    assert site.gets == 1
    site.headers = {"ETag": '"two"'}
    assert place.reason() == "run: its source changed since 1.0.0"
    assert said(place.run()) == ("reused", "version 1.0.0: fetched, the same content")
    assert site.gets == 2
    assert place.reason() == "reuse: version 1.0.0"  # what was fetched in vain is not fetched again
    site.body, site.headers = MORE.encode(), {"ETag": '"three"'}
    assert place.run().detail.startswith("version 1.1.0, 4 rows")
    assert [version.filename for version in place.versions] == ["rows.csv", "rows.csv"]


def test_an_address_that_says_nothing_is_looked_at_in_the_run(place: Place, site: Site) -> None:
    site.body = ROWS.encode()
    place.declare(f'"{site.url}"')
    place.run()
    assert place.reason().startswith("wait: is looked at when it runs: ")
    assert site.gets == 1
    assert said(place.run()) == ("reused", "version 1.0.0: fetched, the same content")
    assert len(place.versions) == 1


def test_a_query(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = tmp_path / "base.db"
    with closing(sqlite3.connect(base)) as connection, connection:
        connection.execute("create table people (id integer, age real)")
        connection.executemany("insert into people values (?, ?)", [(1, 20.5), (2, None)])
    monkeypatch.setenv("BASE", f"sqlite:///{base}")
    query = '{sql: "select id, age from people order by id", connection: secrets.base}'
    place.declare(query, "secrets: {base: {env: BASE}}\n")
    assert place.reason() == "run: first version"
    assert said(place.run()) == ("done", "version 1.0.0, 2 rows, first version")
    assert place.reason().startswith("wait: is looked at when it runs: only running the query")
    assert said(place.run()) == ("reused", "version 1.0.0: fetched, the same content")
    with closing(sqlite3.connect(base)) as connection, connection:
        connection.execute("insert into people values (3, 40.0)")
    assert place.run().detail.startswith("version 1.1.0, 3 rows")
    assert str(base) not in "".join(str(version.payload()) for version in place.versions)
    place.declare(query.replace(" order by id", ""), "secrets: {base: {env: BASE}}\n")
    place.run()
    assert [notice[:38] for notice in place.last.notices] == ["dataset: rows: the query has no ORDER B"[:38]]


def test_images_and_bytes_are_versioned_without_rows(place: Place) -> None:
    place.write("pictures/cat/a.png", "no picture")
    place.write("pictures/dog/b.png", "none either")
    place.declare("pictures/")
    assert said(place.run()) == ("done", "version 1.0.0, first version")
    [version] = place.versions
    assert (version.rows, version.columns, version.table.type) == (None, [], OutputType.FOLDER)
    assert version.described["classes"] == [["cat", 1], ["dog", 1]]
    assert version.described["unreadable_count"] == 2
    place.write("pictures/dog/c.png", "one more")
    assert said(place.run()) == ("done", "version 1.0.1, patch when content.changed")


def test_a_broken_contract_stores_nothing_and_fails_like_a_gate(place: Place) -> None:
    place.write("rows.csv", ROWS)
    place.declare("rows.csv", "    contract: {columns: {age: {type: int, max: 30}}}\n")
    result = place.run()
    assert (result.status, result.exit) == (Status.FAILED, ExitCode.GATE_FAILED)
    assert result.detail.startswith("the contract does not hold: ")
    assert result.verdict is not None
    assert (result.verdict.gate, result.verdict.kind) == ("contract of rows", "contract")
    assert place.versions == []
    assert not (place.root / ".modelsync/store/packs").exists()


def test_a_contract_needs_a_table(place: Place) -> None:
    place.write("rows.bin", "bytes")
    place.declare("rows.bin", "    contract: {columns: {age: int}}\n")
    result = place.run()
    assert (result.status, result.exit) == (Status.FAILED, ExitCode.GATE_FAILED)
    assert result.detail == "dataset `rows` has a contract, and its source is no table"


@pytest.mark.parametrize(
    ("text", "version", "promise"),
    [
        ("id,age,city\n1,20,x\n2,30,y\n3,40,z\n", "1.1.0", {"extended": ["column `city` was added"]}),
        ("id\n1\n2\n3\n", "2.0.0", {"breaking": ["column `age` was removed"]}),
        ("id,age\n1,a\n2,b\n3,c\n", "2.0.0", {"breaking": ["`age`: type int became string"]}),
        ("id,age\n1,20\n2,30.5\n3,40\n", "1.1.0", {"extended": ["`age`: type int became float"]}),
        ("id,age\n1,20\n2,\n3,40\n", "1.1.0", {"extended": ["`age`: missing values are now allowed"]}),
        ("id,age\n1,20\n2,30\n", "1.0.1", None),
    ],
)
def test_without_a_contract_the_columns_themselves_are_compared(
    place: Place, text: str, version: str, promise: dict[str, list[str]] | None
) -> None:
    place.write("rows.csv", ROWS)
    place.declare("rows.csv")
    place.run()
    place.write("rows.csv", text)
    place.run()
    last = place.versions[-1]
    expected = None if promise is None else {"breaking": [], "extended": [], **promise}
    assert (str(last.version), last.described.get("promise")) == (version, expected)


def test_missing_values_that_came_and_went_break_nothing(place: Place) -> None:
    place.write("rows.csv", "id,age\n1,20\n2,\n")
    place.declare("rows.csv")
    place.run()
    place.write("rows.csv", "id,age\n1,20\n2,30\n")
    place.run()
    assert "promise" not in place.versions[-1].described


def test_content_that_is_too_old_blocks_before_anything_runs(place: Place) -> None:
    place.write("rows.csv", ROWS)
    place.declare("rows.csv", "    freshness: 1h\n")
    assert place.reason() == "run: first version"
    old = time.time() - 7200
    os.utime(place.root / "rows.csv", (old, old))
    assert place.reason() == "block: its newest content is 2 h 0 min old, more than `max_age: 1h`"
    result = place.run()  # as when it became too old between plan and run
    assert (result.status, result.exit) == (Status.FAILED, ExitCode.GATE_FAILED)
    assert result.detail.startswith("the freshness does not hold: ")
    assert place.versions == []


def test_an_address_without_a_time_is_not_fresh(place: Place, site: Site) -> None:
    site.body, site.headers = ROWS.encode(), {"ETag": '"one"'}
    place.declare(f'"{site.url}"', "    freshness: 1h\n")
    assert place.reason().startswith("block: its source gives no time")
    site.headers["Last-Modified"] = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
    assert place.reason() == "run: first version"
    assert place.run().status is Status.DONE


def test_bytes_that_are_gone_are_stored_again(place: Place) -> None:
    place.write("rows.csv", ROWS)
    place.declare("rows.csv")
    place.run()
    place.last.workspace.store.close()
    for pack in (place.root / ".modelsync/store/packs").rglob("*.pack"):
        pack.chmod(0o644)
        pack.unlink()
    assert place.reason() == "run: its stored bytes are gone"
    assert said(place.run()) == ("done", "version 1.0.0, whose bytes were gone, is stored again")
    assert place.reason() == "reuse: version 1.0.0"
