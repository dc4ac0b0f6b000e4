"""Files become tables with the right types, or an error that names the file and the line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from modelsync.core.contract import Column, ColumnType, Contract
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data import contracts, tables

CONTRACT = Contract(
    {
        "id": Column("id", ColumnType.STRING),
        "age": Column("age", ColumnType.INT),
        "paid": Column("paid", ColumnType.BOOL),
    }
)


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_csv_with_a_contract(tmp_path: Path) -> None:
    path = _file(tmp_path, "x.csv", 'id,age,paid,rest\n007,41,true,1.5\nNA,,0,"two\nlines"\n')
    frame = tables.read(path, CONTRACT)
    assert frame["id"].tolist() == ["007", "NA"]
    assert frame["age"].dtype == "Int64"
    assert frame["age"].isna().tolist() == [False, True]
    assert frame["paid"].dtype == "bool"
    assert frame["rest"].tolist() == ["1.5", "two\nlines"]


def test_line_breaks_inside_values_of_a_long_file(tmp_path: Path) -> None:
    """The reader works in pieces of a megabyte, and a value may be cut by one."""
    rows = 40_000
    path = _file(tmp_path, "x.csv", "n,text\n" + "".join(f'{n},"one\n,two\n{n}"\n' for n in range(rows)) * 2)
    frame = tables.read(path, None)
    assert len(frame) == 2 * rows
    assert frame["text"].tolist()[-1] == f"one\n,two\n{rows - 1}"


def test_what_cannot_be_converted_is_kept_and_reported(tmp_path: Path) -> None:
    path = _file(tmp_path, "x.csv", "id,age,paid\na,41,true\nb,many,maybe\n")
    frame = tables.read(path, CONTRACT)
    assert frame["age"].tolist() == ["41", "many"]
    broken = {check.id: check for check in contracts.violations(frame, CONTRACT)}
    assert broken["age.type"].value == 1
    assert "row 2: many" in broken["age.type"].note
    assert "paid.type" in broken


def test_csv_without_a_contract(tmp_path: Path) -> None:
    path = _file(tmp_path, "x.csv", "\ufeffn,zip,f,b,t\r\n1,01234,1.5,true,x\r\n2,99999,,false,\r\n")
    frame = tables.read(path, None)
    assert [str(frame[name].dtype) for name in ("n", "f", "b")] == ["int64", "float64", "bool"]
    assert frame["zip"].tolist() == ["01234", "99999"]
    assert frame["t"].isna().tolist() == [False, True]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    frame = tables.read(_file(tmp_path, "x.csv", "a,b\n"), None)
    assert list(frame.columns) == ["a", "b"]
    assert len(frame) == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", "", "x.csv is empty"),
        ("x.csv", "\n\n", "x.csv is empty"),
        ("x.csv", "a,b\n1,2\n3\n", "x.csv:3: Expected 2 columns, got 1"),
        ("x.csv", "a,b\n1,2\n3,4,5\n", "x.csv:3: Expected 2 columns, got 3"),
        ("x.csv", "a,a\n1,2\n", "x.csv:1: the column `a` stands twice"),
        ("x.csv", "a,\n1,2\n", "x.csv:1: column 2 has no name"),
        ("x.csv", b"a,b\n1,2\n\xff,3\n", "x.csv:3: not UTF-8 text"),
        ("x.csv", "a,b\n1,2\n".encode("utf-16"), "x.csv:1: not UTF-8 text"),
        ("x.csv", "a\n" * 2 + '"' + "x" * 200_000, None),
        ("x.csv", '"' + "x" * 200_000 + "\n", "x.csv:1: the header can't be read"),
        ("x.jsonl", "", "x.jsonl is empty"),
        ("x.jsonl", '{"a": 1}\n{oops}\n', "x.jsonl:2: not JSON"),
        ("x.jsonl", "[1]\n", "x.jsonl:1: expected an object"),
        ("x.jsonl", "{}\n", "x.jsonl has no columns"),
        ("x.jsonl", '{"a": 1, "a": 2}\n', "x.jsonl:1: `a` stands twice"),
        ("x.jsonl", b'{"a": "\xff"}\n', "x.jsonl:1: not UTF-8"),
        ("x.parquet", "no parquet", "x.parquet is no Parquet file"),
        ("x.xlsx", "PK", "x.xlsx is no table that can be read"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, content: str | bytes, said: str | None) -> None:
    path = _file(tmp_path, name, content)
    if said is None:
        assert len(tables.read(path, None)) == 2
        return
    with pytest.raises(UsageError) as caught:
        tables.read(path, None)
    assert said in caught.value.message
    assert caught.value.help


def test_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        tables.read(tmp_path / "no.csv", None)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError, match="is a folder"):
        tables.read(tmp_path / "folder.csv", None)
    path = _file(tmp_path, "x.csv", "a\n1\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SurroundingsError, match="can't be read: Permission denied"):
        tables.read(path, None)


def test_json_lines_keep_text_as_text(tmp_path: Path) -> None:
    path = _file(tmp_path, "x.jsonl", '{"day": "2026-01-01", "n": 1}\n\n{"n": 2.5, "mixed": "a"}\n{"mixed": 3}\n')
    frame = tables.read(path, None)
    assert frame["day"].tolist()[0] == "2026-01-01"
    assert frame["n"].tolist()[:2] == [1.0, 2.5]
    assert frame["mixed"].tolist() == [None, "a", 3]


def test_parquet_keeps_what_it_was_given(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "n": pd.array([1, None], dtype="Int64"),
            "small": np.array([1, 2], dtype="int8"),
            "flag": pd.array([True, None], dtype="boolean"),
            "level": pd.Categorical(["a", "b"]),
            "t": pd.to_datetime(["2026-01-01", "2026-01-02"]),
        },
        index=[7, 9],
    )
    path = tmp_path / "deep" / "x.parquet"
    tables.write(frame, path)
    found = tables.read(path, None)
    assert [str(found[name].dtype) for name in ("n", "small", "flag", "level")] == [
        "Int64",
        "int64",
        "boolean",
        "category",
    ]
    assert found["t"].tolist() == frame["t"].tolist()
    assert found.index.tolist() == [0, 1]
    typed = tables.read(path, Contract({"level": Column("level", ColumnType.CATEGORY)}))
    assert typed["level"].tolist() == ["a", "b"]
    assert str(typed["level"].dtype) != "category"


def test_a_stored_file_has_no_ending(tmp_path: Path) -> None:
    tables.write(pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}), tmp_path / "0a1b2c")
    assert tables.load(tmp_path / "0a1b2c")["n"].dtype == "Int64"
    with pytest.raises(UsageError, match="does not exist"):
        tables.load(tmp_path / "none")


def test_the_same_frame_is_the_same_bytes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": range(1000), "b": ["x", "y"] * 500})
    tables.write(frame, tmp_path / "a.parquet")
    tables.write(frame.set_index(frame.index + 5), tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.parquet", "b.parquet"]


def test_a_named_index_is_data(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="who"))
    tables.write(frame, tmp_path / "x.parquet")
    assert list(tables.read(tmp_path / "x.parquet", None).columns) == ["who", "a"]


def test_an_index_that_pandas_stored_is_left_out(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1, 2]}, index=[3, 1]).to_parquet(tmp_path / "x.parquet")
    assert list(tables.read(tmp_path / "x.parquet", None).columns) == ["a"]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame([[1, 2]]), "the column name 0 is no text"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "the column `a` stands twice"),
        (pd.DataFrame({"a": [1, "x"]}), "can't be stored as Parquet"),
    ],
)
def test_what_parquet_cannot_hold(tmp_path: Path, frame: pd.DataFrame, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        tables.write(frame, tmp_path / "x.parquet")
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(SurroundingsError, match="No space left"):
        tables.write(pd.DataFrame({"a": [1]}), tmp_path / "x.parquet")
    assert not list(tmp_path.iterdir())
