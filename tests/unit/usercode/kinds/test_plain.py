from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.errors import StepError
from modelsync.usercode.kinds import plain


def test_metrics_become_plain_numbers_in_one_order(tmp_path: Path) -> None:
    value = {"b": np.float32(0.5), "a": 1, "c": np.array(2.0), "d": np.int64(3)}
    path, facts = plain.write_metrics(value, tmp_path / "m")
    assert json.loads(path.read_text()) == {"a": 1, "b": 0.5, "c": 2.0, "d": 3}
    assert list(facts.items()) == [("a", 1), ("b", 0.5), ("c", 2.0), ("d", 3)]
    assert plain.read_json(path) == facts
    again, _ = plain.write_metrics(dict(reversed(value.items())), tmp_path / "n")
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"auc": float("nan")}, "metric `auc` is nan"),
        ({"auc": np.inf}, "metric `auc` is inf"),
        ({"auc": True}, "metric `auc` is a bool"),
        ({"auc": np.bool_(True)}, "metric `auc` is a bool"),
        ({"auc": {"mean": 1}}, "metric `auc` is a mapping"),
        ({"auc": "high"}, "metric `auc` is a str"),
        ({"auc": None}, "metric `auc` is nothing"),
        ({"auc": np.array([1.0, 2.0])}, "metric `auc` is a ndarray"),
        ({1: 0.5}, "a metric is named 1"),
        ({"": 0.5}, "a metric is named ''"),
        ([0.5], "a list was returned"),
        (0.5, "a float was returned"),
    ],
)
def test_what_is_no_metric_is_named(tmp_path: Path, value: Any, said: str) -> None:
    with pytest.raises(StepError, match=said) as info:
        plain.write_metrics(value, tmp_path / "m")
    assert info.value.help


def test_json_at_any_depth(tmp_path: Path) -> None:
    value = {"b": (1, np.float64(2.5)), "a": [None, True, "ü", np.arange(2)], "s": pd.Series([1, 2])}
    path, _ = plain.write_json(value, tmp_path / "j")
    assert path.suffix == ".json"
    assert plain.read_json(path) == {"a": [None, True, "ü", [0, 1]], "b": [1, 2.5], "s": [1, 2]}
    assert "ü" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": [1, {"b": float("nan")}]}, r"`\$\.a\[1\]\.b` is nan"),
        ({1: 2}, "has the key 1"),
        ({"a": object()}, r"`\$\.a` is an object"),
        ({"a": "\ud800"}, "half a character"),
    ],
)
def test_what_json_can_not_hold_is_named_with_its_place(tmp_path: Path, value: Any, said: str) -> None:
    with pytest.raises(StepError, match=said):
        plain.write_json(value, tmp_path / "j")


def test_text_keeps_its_line_ends(tmp_path: Path) -> None:
    path, facts = plain.write_text("a\r\nü\n", tmp_path / "t")
    assert path.name == "t.txt"
    assert plain.read_text(path) == "a\r\nü\n"
    assert facts == {"characters": 5}


@pytest.mark.parametrize(("value", "said"), [(b"a", "a bytes was returned"), ("a\ud800", "character 2 is half")])
def test_what_is_no_text(tmp_path: Path, value: Any, said: str) -> None:
    with pytest.raises(StepError, match=said):
        plain.write_text(value, tmp_path / "t")
