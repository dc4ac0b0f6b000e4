"""The pages of a verdict: ours, and those of other libraries beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from modelsync.core.checks import Report
from modelsync.core.verdict import GateSeverity, Outcome, Verdict
from modelsync.gates import report
from modelsync.gates.page import scene
from modelsync.gates.page.about import Beside
from modelsync.gates.question import Question

VERDICT = Verdict("g", "drift", GateSeverity.CRITICAL, Outcome.PASS, "holds")


def test_our_page_needs_no_other(tmp_path: Path) -> None:
    page = tmp_path / "run-1" / "g.html"
    report.draw(Question("g", "drift"), VERDICT, page)
    assert "<h1>g</h1>" in page.read_text(encoding="utf-8")
    assert [entry.name for entry in page.parent.iterdir()] == ["g.html"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Report.NONE, ()),
        (Report.PAGE, ()),
        (Report.EVIDENTLY, (Beside("g.evidently.html", "evidently"),)),
        (Report.DATA_DOCS, (Beside("g.data_docs.html", "Great Expectations"),)),
    ],
)
def test_what_is_drawn_beside(asked: Report, found: tuple[Beside, ...]) -> None:
    assert report.beside(asked, Path("reports/g.html")) == found


def test_evidently_is_given_a_sample_and_great_expectations_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "SAMPLE_ROWS", 10)
    frame: Any = pd.DataFrame({"a": range(50)})
    question = Question("g", "drift", table=frame, reference=frame)
    given = report.PEERS[Report.EVIDENTLY].given(question)
    assert given.table is not None
    assert given.reference is not None
    assert (len(given.table), len(given.reference)) == (10, 10)
    assert report.PEERS[Report.DATA_DOCS].given(question) is question


def test_a_drawing_knows_its_place_and_its_name(tmp_path: Path) -> None:
    peer = report.PEERS[Report.EVIDENTLY]
    drawing = report.Drawing("g", "key", peer, Question("g", "drift"), VERDICT, tmp_path / "g.html")
    assert (drawing.label, drawing.path) == ("report: g", tmp_path / "g.evidently.html")
