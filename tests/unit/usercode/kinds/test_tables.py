from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from modelsync.core.errors import StepError
from modelsync.usercode.kinds import tables


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "n": [1, 2, 3],
            "x": [0.5, None, 1.5],
            "s": ["a", None, "ü"],
            "b": [True, False, True],
            "c": pd.Categorical(["p", "q", "p"]),
            "t": pd.to_datetime(["2024-01-01", "2024-01-02", "NaT"]),
            "i": pd.array([1, None, 3], dtype="Int64"),
        }
    )


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    path, facts = tables.write(frame(), tmp_path / "t")
    assert path == tmp_path / "t.parquet"
    assert facts == {"rows": 3, "columns": ["n", "x", "s", "b", "c", "t", "i"]}
    pd.testing.assert_frame_equal(tables.read(path), frame())


def test_the_same_table_is_the_same_bytes(tmp_path: Path) -> None:
    one, _ = tables.write(frame(), tmp_path / "one")
    two, _ = tables.write(frame(), tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()


def test_an_unnamed_index_only_numbers_the_rows(tmp_path: Path) -> None:
    whole = pd.DataFrame({"a": [1, 2, 3]})
    one, _ = tables.write(whole[whole["a"] > 1], tmp_path / "one")
    two, _ = tables.write(pd.DataFrame({"a": [2, 3]}), tmp_path / "two")
    assert one.read_bytes() == two.read_bytes()
    assert list(tables.read(one).index) == [0, 1]


def test_a_named_index_becomes_columns(tmp_path: Path) -> None:
    grouped = pd.DataFrame({"k": ["a", "a", "b"], "v": [1, 2, 3]}).groupby("k").sum()
    path, facts = tables.write(grouped, tmp_path / "t")
    assert facts["columns"] == ["k", "v"]
    assert tables.read(path)["k"].tolist() == ["a", "b"]


def test_arrow_and_what_hands_over_arrow(tmp_path: Path) -> None:
    class Other:
        def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
            return pa.table({"a": [1]}).__arrow_c_stream__(requested_schema)

    for value in (pa.table({"a": [1]}), Other()):
        path, facts = tables.write(value, tmp_path / "t")
        assert facts == {"rows": 1, "columns": ["a"]}
        assert tables.read(path)["a"].tolist() == [1]


def test_an_empty_table(tmp_path: Path) -> None:
    path, facts = tables.write(pd.DataFrame({"a": pd.Series([], dtype="float64")}), tmp_path / "t")
    assert facts["rows"] == 0
    assert tables.read(path).dtypes["a"] == np.float64


@pytest.mark.parametrize(
    ("value", "said", "help"),
    [
        (pd.Series([1]), "a Series was returned", "to_frame"),
        ({"a": [1]}, "a dict was returned", "pandas.DataFrame"),
        ([1], "a list was returned", "pandas.DataFrame"),
        (None, "nothing", "return a pandas.DataFrame"),
        (np.zeros((2, 2)), "a ndarray was returned", "return a pandas.DataFrame"),
        (pd.DataFrame([[1]]), "column 0 has no text as its name", "rename"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "2 columns are named `a`", "rename"),
        (pd.DataFrame({"a": [1]}, index=pd.Index([5], name="a")), "2 columns are named `a`", "rename"),
        (pa.table([[1], [2]], names=["a", "a"]), "2 columns are named `a`", "rename"),
        (pd.DataFrame({"a": [1, "x"]}, dtype="object"), "a column can't be stored", "one type"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, value: Any, said: str, help: str) -> None:
    with pytest.raises(StepError, match=said) as info:
        tables.write(value, tmp_path / "t")
    assert help in info.value.help
