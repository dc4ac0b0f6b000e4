"""A version's content in plain values: tables with figures, images with headers, bytes with sizes."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from modelsync.core.contract import Column, ColumnType, Contract
from modelsync.data import facts, formats
from modelsync.data.facts import Facts
from modelsync.data.formats import Format
from modelsync.data.sources.local import FileSource, FolderSource
from modelsync.data.sources.query import QuerySource


def _later() -> int:
    return 4_000_000_000_000_000_000


def _kept(found: Facts) -> Facts:
    return Facts.from_json(json.loads(json.dumps(found.to_json(), allow_nan=False)))


def test_a_table(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("k,v\na,1\nb,2\n")
    source = FileSource(tmp_path / "x.csv", _later)
    fetched = source.fetch(tmp_path / "in")
    contract = Contract({"k": Column("k", ColumnType.CATEGORY)})
    found = facts.of_table(source.label, fetched, formats.read(fetched, contract), contract)
    assert (found.format, found.files, found.size, found.rows) == (Format.TABLE, 1, 12, 2)
    assert found.table is not None and found.table.columns[0].type == "category"
    assert found.fingerprint == source.fingerprint().value
    assert found.modified is not None and found.modified.endswith("Z")
    assert _kept(found) == found


def test_images(tmp_path: Path) -> None:
    (tmp_path / "cat").mkdir()
    Image.new("L", (4, 5)).save(tmp_path / "cat" / "1.png")
    (tmp_path / ".DS_Store").write_text("x")
    found = facts.of_files("images", FolderSource(tmp_path, _later).fetch(tmp_path / "in"))
    assert found.format is Format.IMAGES
    assert found.images is not None and found.images.classes == (("cat", 1),)
    assert (found.files, found.rows) == (2, None)
    assert _kept(found) == found


def test_bytes(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"123")
    found = facts.of_files("x", FileSource(tmp_path / "x.bin", _later).fetch(tmp_path / "in"))
    assert (found.format, found.size, found.images, found.table) == (Format.BYTES, 3, None, None)
    assert _kept(found) == found


def test_what_a_person_should_know_is_kept(tmp_path: Path) -> None:
    fetched = QuerySource("select 1 as x", "sqlite://").fetch(tmp_path / "in")
    found = facts.of_table("query", fetched, formats.read(fetched))
    assert "no ORDER BY" in found.notes[0]
    assert (found.fingerprint, found.modified, found.rows) == (None, None, 1)
    assert _kept(found) == found
