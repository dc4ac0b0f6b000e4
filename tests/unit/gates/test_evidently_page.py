"""The page beside a verdict: our numbers on top, evidently's pictures below, and never an exception."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck, FairnessCheck, Label, PerformanceCheck, Slices
from modelsync.gates import evidently_page
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

ODD = pd.DataFrame(
    {
        "constant": [1.0] * 60,
        "infinite": [np.inf, 1.0] * 30,
        "empty": [np.nan] * 60,
        "level": ["<b>", None] * 30,
        "flag": pd.array([True, None] * 30, dtype="boolean"),
        "day": pd.date_range("2026-01-01", periods=60),
        "id": [f"customer {number}" for number in range(60)],
    }
)


def _page(folder: Path, question: Question) -> str:
    path = folder / "deep" / "page.html"
    evidently_page.draw(question, judge(question), path)
    assert [entry.name for entry in path.parent.iterdir()] == ["page.html"]
    return path.read_text(encoding="utf-8")


def _drawn(page: str) -> bool:
    return "No pictures" not in page and "drawDashboard" in page


def _cancer(cancer: Any, **more: Any) -> Question:
    settings = {
        "kind": "performance",
        "table": cancer.test,
        "model": cancer.model,
        "label": Label("diagnosis", "malignant"),
        "checks": (PerformanceCheck("roc_auc", min=0.8),),
        **more,
    }
    return Question("g", **settings)


def test_drift(cancer: Any, tmp_path: Path) -> None:
    columns = ["mean area", "site"]
    question = Question(
        "input_drift",
        "drift",
        table=cancer.test[columns],
        reference=cancer.train[columns],
        checks=(DriftCheck("psi", 0.2), DriftCheck("ks", 0.1, ("mean area",))),
    )
    page = _page(tmp_path, question)
    assert _drawn(page)
    assert page.index("ks of mean area is 0.1562, must be &lt;= 0.1") < page.index("drawDashboard")
    assert "drawn from all rows" in page


def test_a_page_loads_nothing(cancer: Any, tmp_path: Path) -> None:
    page = _page(tmp_path, _cancer(cancer, champion=cancer.champion))
    assert _drawn(page)
    assert "the champion on the same rows is its reference" in page
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?http", page) == []
    assert "Content-Security-Policy" in page


def test_scores_of_a_margin_and_of_several_classes(cancer: Any, wine: Any, tmp_path: Path) -> None:
    assert _drawn(_page(tmp_path, _cancer(cancer, model=cancer.margin)))
    several = Question(
        "g",
        "performance",
        table=wine.test,
        model=wine.model,
        label=Label("kind"),
        checks=(PerformanceCheck("accuracy", min=0.5),),
    )
    assert _drawn(_page(tmp_path, several))


def test_fairness(cancer: Any, tmp_path: Path) -> None:
    question = _cancer(cancer, kind="fairness", checks=(FairnessCheck("recall", 0.8),), slices=Slices(("site",), 50))
    assert _drawn(_page(tmp_path, question))


def test_regression(diabetes: Any, tmp_path: Path) -> None:
    question = Question(
        "g",
        "performance",
        table=diabetes.test,
        model=diabetes.model,
        champion=diabetes.champion,
        label=Label("progression"),
        checks=(PerformanceCheck("root_mean_squared_error", max=60),),
    )
    assert _drawn(_page(tmp_path, question))


def test_odd_data_are_drawn_all_the_same(tmp_path: Path) -> None:
    page = _page(tmp_path, Question("g", "custom", table=ODD, function=lambda data: True))
    assert _drawn(page)
    beside = _page(tmp_path, Question("g", "custom", table=ODD, reference=ODD.head(50), function=lambda data: True))
    assert _drawn(beside)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("g", "custom", function=lambda: True), "there is no row to draw"),
        (Question("g", "custom", table=ODD.head(0), function=lambda data: True), "there is no row to draw"),
        (Question("g", "drift", table=ODD), "there is no reference to draw"),
        (Question("g", "drift", table=ODD[["empty"]], reference=ODD), "no column holds values"),
        (Question("g", "performance", table=ODD), "knows no label"),
        (Question("g", "performance", table=ODD, model=object(), label=Label("constant")), "AttributeError"),
    ],
)
def test_what_cannot_be_drawn(tmp_path: Path, question: Question, said: str) -> None:
    page = _page(tmp_path, question)
    assert f"No pictures: {said}" in page or ("No pictures" in page and said in page)
    assert page.startswith("<!DOCTYPE html>")


def test_a_large_table_is_drawn_from_a_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidently_page, "SAMPLE_ROWS", 200)
    frame = pd.DataFrame({"a": np.arange(1000.0)})
    page = _page(tmp_path, Question("g", "custom", table=frame, function=lambda data: True))
    assert "drawn from a sample of 200 of 1,000 rows" in page
    one, two = evidently_page._sample(frame), evidently_page._sample(frame)
    assert one is not None
    assert two is not None
    assert one.index.tolist() == two.index.tolist() == sorted(one.index)
    assert len(one) == 200
