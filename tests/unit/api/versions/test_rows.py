from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelsync.api.versions.rows import read, write
from modelsync.core.errors import UsageError


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("t.csv", b"", "no names"),
        ("t.csv", b"a,a\n1,2\n", "one name twice"),
        ("t.csv", b"\xff\xfe\n", "no CSV table"),
        ("t.csv", b"a,b\n1\n", "no CSV table"),
        ("t.csv", b"a\n\xff\n", "no CSV table"),
        ("t.jsonl", b"{\n", "line 1 is no JSON"),
        ("t.jsonl", b'{"a": 1}\n[]\n', "line 2 is no object"),
        ("t.jsonl", b'{"a": 1, "a": 2}\n', "stands twice"),
        ("t.jsonl", b"[" * 100_000, "no JSON"),
        ("t.parquet", b"PAR1", "no Parquet table"),
    ],
)
def test_what_is_no_table_is_told(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(UsageError, match=said):
        read(file)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "a,b\n1,\n,2\n1.50,007\n"),
        ("t.csv", 'a,b\r\n"x, y","say ""it"""\r\nnull,NA\r\n'),
        ("t.csv", 'a\n"two\nlines"\n'),
        ("t.jsonl", '{"a": 1.50, "b": null}\n{"b": {"x": [1e5, true, "ü"]}}\n'),
        ("t.jsonl", '{"a": 123456789012345678901234567890, "ü": -0.0}\n'),
    ],
)
def test_a_table_comes_out_as_it_went_in(tmp_path: Path, name: str, text: str) -> None:
    file, made = tmp_path / name, tmp_path / f"made{Path(name).suffix}"
    file.write_bytes(text.encode())
    write(read(file), made, file)
    assert made.read_bytes().decode() == text


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters='\n",'), max_size=6)


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_cell_keeps_its_text(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    import pyarrow as pa

    table = pa.table({"key": [first for first, _ in rows], "b": [second for _, second in rows]})
    like, file = tmp_path / "like.csv", tmp_path / "t.csv"
    like.write_text("a\n")
    write(table, file, like)
    assert read(file).to_pylist() == table.to_pylist()
