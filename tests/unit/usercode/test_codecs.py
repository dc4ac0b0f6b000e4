from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from modelsync.core.artifacts import OutputType
from modelsync.core.errors import DamageError, StepError, SurroundingsError
from modelsync.usercode import codecs
from modelsync.usercode.codecs import Produced


def objects(tmp_path: Path) -> dict[OutputType, Any]:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "a").write_text("a")
    rows = pd.DataFrame({"a": [0.0, 1.0]})
    return {
        OutputType.TABLE: rows,
        OutputType.MODEL: LinearRegression().fit(rows, [0, 1]),
        OutputType.METRICS: {"r2": 1.0},
        OutputType.JSON: [1],
        OutputType.PLOT: "<p></p>",
        OutputType.TEXT: "hello",
        OutputType.FILE: b"bytes",
        OutputType.FOLDER: tmp_path / "made",
    }


def test_every_type_goes_out_and_in(tmp_path: Path) -> None:
    given = objects(tmp_path)
    assert given.keys() == set(OutputType)
    for type, value in given.items():
        seen = [given[OutputType.TABLE]]
        made = codecs.encode(value, type, tmp_path / "out", "it", label="step", seen=seen)
        assert made.type is type
        assert made.path.parent == tmp_path / "out"
        assert made.path.stem == "it"
        back = codecs.decode(type, made.path)
        if type is OutputType.TABLE:
            pd.testing.assert_frame_equal(back, value)
        elif type is OutputType.MODEL:
            assert back.coef_ == value.coef_
            assert made.facts["signature"]["inputs"] == [{"name": "a", "type": "float"}]
        elif type in (OutputType.PLOT, OutputType.FILE, OutputType.FOLDER):
            assert back == made.path
        else:
            assert back == value


@pytest.mark.parametrize("type", [OutputType.TABLE, OutputType.METRICS, OutputType.JSON, OutputType.TEXT])
def test_bytes_that_are_not_what_they_should_be(type: OutputType, tmp_path: Path) -> None:
    file = tmp_path / "x"
    with pytest.raises(DamageError, match=f"can't be read as {type}"):
        codecs.decode(type, file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(DamageError, match=f"can't be read as {type}") as info:
        codecs.decode(type, file)
    assert info.value.help


def test_a_place_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder should be")
    with pytest.raises(SurroundingsError, match="output `m` of `step` can't be written"):
        codecs.encode({"a": 1}, OutputType.METRICS, tmp_path / "out", "m", label="step")


def test_nothing_but_the_output_is_left(tmp_path: Path) -> None:
    codecs.encode({"a": 1}, OutputType.METRICS, tmp_path / "out", "m", label="step")
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["m.json"]


@pytest.mark.parametrize("type", sorted(OutputType))
def test_an_object_that_does_not_fit_names_output_step_type_and_way_out(type: OutputType, tmp_path: Path) -> None:
    with pytest.raises(StepError) as info:
        codecs.encode(object(), type, tmp_path, "it", label="flows/a.py:fit")
    assert info.value.message.startswith(f"output `it` of `flows/a.py:fit` is declared `{type}`, but ")
    assert "object" in info.value.message
    assert info.value.help
    assert list(tmp_path.iterdir()) == []


def test_produced_travels_as_json() -> None:
    made = Produced(Path("/a/b"), OutputType.TABLE, {"rows": 3})
    assert Produced.from_json(made.to_json()) == made
