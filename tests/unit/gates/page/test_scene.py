"""The rows that are drawn: all, or always the same ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import Label
from modelsync.gates.page import scene
from modelsync.gates.page.scene import Scene
from modelsync.gates.question import GateError, Question

FRAME = pd.DataFrame({"a": np.arange(1000.0), "b": ["x"] * 1000})


def test_a_small_table_is_drawn_whole() -> None:
    drawn = Scene(Question("g", "drift", table=FRAME))
    assert drawn.now.part() is FRAME
    assert drawn.now.column("a") is not None
    assert (drawn.drawn, drawn.is_sample) == ("all rows", False)
    assert drawn.before.column("a") is None
    assert drawn.now.column("c") is None


def test_a_large_table_is_drawn_from_the_same_rows_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "SAMPLE_ROWS", 100)
    parts = [Scene(Question("g", "drift", table=FRAME, seed=seed)).now.part() for seed in (1, 1, 2)]
    rows = [part.index.tolist() for part in parts if part is not None]
    assert rows[0] == rows[1] == sorted(set(rows[0]))
    assert rows[0] != rows[2]
    assert len(rows[0]) == 100
    drawn = Scene(Question("g", "drift", table=FRAME, reference=FRAME.head(10)))
    values = drawn.now.column("a")
    assert values is not None
    assert len(values) == 100
    assert drawn.drawn == "a sample of 100 of 1,000 rows"


def test_what_the_model_says_of_the_drawn_rows(diabetes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "SAMPLE_ROWS", 50)
    question = Question("g", "residuals", table=diabetes.test, model=diabetes.model, label=Label("progression"))
    assert len(Scene(question).seen.numbers) == 50
    with pytest.raises(GateError):
        _ = Scene(Question("g", "residuals", table=diabetes.test)).seen
