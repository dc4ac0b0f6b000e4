"""Files are told to be a table, images or bytes, and many tables of one schema are one table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from modelsync.core.contract import Column, ColumnType, Contract
from modelsync.core.errors import UsageError
from modelsync.data import formats
from modelsync.data.formats import Format
from modelsync.data.sources.base import Fetched
from modelsync.data.sources.local import FileSource, FolderSource, PatternSource


@pytest.mark.parametrize(
    ("names", "format_"),
    [
        (["a.csv"], Format.TABLE),
        (["b/a.CSV", "b/c.csv", "_SUCCESS", ".x/y.png"], Format.TABLE),
        (["a.csv", "b.parquet"], Format.BYTES),
        (["a.csv", "README.md"], Format.BYTES),
        (["cat/1.png", "dog/2.JPG", ".DS_Store"], Format.IMAGES),
        (["cat/1.png", "labels.csv"], Format.BYTES),
        (["model.bin"], Format.BYTES),
        ([".hidden"], Format.BYTES),
        (["_rows.csv"], Format.TABLE),
        (["_parts/a.csv", "_parts/b.csv"], Format.TABLE),
        ([], Format.BYTES),
    ],
)
def test_what_files_are(names: list[str], format_: Format) -> None:
    assert formats.recognise(names) is format_


def _files(folder: Path, **contents: str) -> Fetched:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_text(content)
    return FolderSource(folder).fetch(folder / "in")


def test_rows_stand_in_the_order_of_paths(tmp_path: Path) -> None:
    found = _files(tmp_path / "d", b__csv="v,k\n3,x\n", a__csv="k,v\n1,1\n2,2\n", _note__txt="x")
    frame = formats.read(found)
    assert list(frame.columns) == ["k", "v"]
    assert frame["v"].tolist() == [1, 2, 3]
    assert frame["k"].tolist() == ["1", "2", "x"]  # a number only where it is one in every file
    assert frame.index.tolist() == [0, 1, 2]
    assert formats.read(PatternSource(tmp_path, "d/*.csv").fetch(tmp_path / "in"))["v"].tolist() == [1, 2, 3]
    assert len(formats.read(FileSource(tmp_path / "d/a.csv").fetch(tmp_path / "in"))) == 2


def test_a_contract_holds_for_all(tmp_path: Path) -> None:
    found = _files(tmp_path / "d", a__csv="k\n01\n", b__csv="k\n\n2\n")
    assert formats.read(found, Contract({"k": Column("k", ColumnType.STRING)}))["k"].tolist() == ["01", "2"]


def test_json_lines_and_parquet(tmp_path: Path) -> None:
    found = _files(tmp_path / "j", a__jsonl='{"k": 1, "n": null}\n', b__jsonl='{"n": "x", "k": 1.5}\n')
    frame = formats.read(found)
    assert (frame["k"].tolist(), frame["n"].isna().tolist()) == ([1.0, 1.5], [True, False])
    (tmp_path / "p").mkdir()
    for number in range(3):
        pd.DataFrame({"k": [number]}).to_parquet(tmp_path / f"p/{number}.parquet")
    assert formats.read(FolderSource(tmp_path / "p").fetch(tmp_path / "in"))["k"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ({"a__csv": "k\n1\n", "b__csv": "k,n\n1,2\n"}, r"a\.csv has no column `n`, which .*b\.csv has"),
        ({"a__csv": "k,n\n1,2\n", "b__csv": "k\n1\n"}, r"b\.csv has no column `n`, which .*a\.csv has"),
        ({"a__csv": "k\n1\n", "b__jsonl": '{"k": 1}'}, r"several kinds: \.csv, \.jsonl"),
        ({"a__csv": "k\n1\n", "b__md": "x"}, r"`b\.md` in .* is no table"),
        ({"__x": "1"}, r"`\.x` in .* is no table"),
        ({"a__jsonl": '{"k": 1}', "b__jsonl": '{"k": "x"}'}, r"`k` is string in .*b\.jsonl and int64 in .*a\.jsonl"),
        ({"a__jsonl": '{"k": 1}', "b__jsonl": '{"k": true}'}, r"`k` is bool in .*b\.jsonl"),
        ({"a__jsonl": '{"k": 9007199254740993}', "b__jsonl": '{"k": 0.5}'}, r"`k` is double in"),
    ],
)
def test_tables_that_are_not_one(tmp_path: Path, contents: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        formats.read(_files(tmp_path / "d", **contents))
    assert caught.value.help
