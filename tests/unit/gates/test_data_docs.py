"""Data Docs offline: the results of Great Expectations' own page, and nothing that a browser would fetch."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from modelsync.core.checks import Expectation
from modelsync.core.verdict import Verdict
from modelsync.gates import data_docs
from modelsync.gates.judging import judge
from modelsync.gates.question import Question

TABLE = pd.DataFrame(
    {
        "age": [20, 30, 40, 150],
        "plan": ["basic", "pro", None, "<script src='https://evil.example/x.js'></script><img src=//evil.example/y>"],
        "size": ["s", "m", "s", "m"],
    }
)
ASKED = (
    Expectation("expect_table_row_count_to_equal", {"value": 4}),
    Expectation("expect_column_values_to_be_between", {"column": "age", "max_value": 120}),
    Expectation("expect_column_values_to_be_in_set", {"column": "plan", "value_set": ["basic", "pro"]}),
    Expectation("expect_column_quantile_values_to_be_between", {
        "column": "age", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[30, 40]]},
    }),
    Expectation("expect_column_kl_divergence_to_be_less_than", {
        "column": "size", "partition_object": {"values": ["s", "m"], "weights": [0.5, 0.5]}, "threshold": 5,
    }),
)  # fmt: skip
LOADS = re.compile(r"""<(script|link|img|iframe|object|embed|form|a|svg|base|video|audio)\b
    |\b(src|href|action|on\w+)\s*=|url\(|@import""", re.IGNORECASE | re.VERBOSE)  # fmt: skip


def _drawn(folder: Path, *asked: Expectation, table: pd.DataFrame | None = TABLE) -> tuple[str, Verdict]:
    question = Question("rows & ages", "quality", table=table, checks=asked)
    verdict = judge(question)
    data_docs.draw(question, verdict, folder / "pages" / "docs.html")
    assert [path.name for path in (folder / "pages").iterdir()] == ["docs.html"]
    return (folder / "pages" / "docs.html").read_text(encoding="utf-8"), verdict


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _drawn(tmp_path_factory.mktemp("docs"), *ASKED)[0]


def test_nothing_is_loaded(page: str) -> None:
    tags = re.sub(r">[^<]*<", "><", page.split("</style>", 1)[1])  # tags and attributes without the words between
    assert LOADS.findall(tags) == []
    assert "http" not in tags
    assert re.findall(r"https?://[\w.]*", page) == ["https://evil.example"] * page.count("https://"), "only as data"
    head = page.split("</head>", maxsplit=1)[0]
    assert "default-src 'none'" in head
    assert LOADS.findall(head) == []
    assert "http" not in head.replace("http-equiv", "")


def test_the_results_are_there(page: str) -> None:
    words = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    for said in (
        "rows &amp; ages fail",
        "Successful Expectations 3",
        "Must have exactly 4 rows.",
        "values must be less than or equal to 120",
        "1 unexpected values found",
        "150",
        "loads styles, scripts and a logo from ten servers on the internet",
    ):
        assert said in words, words
    assert "&lt;script src=" in page, "what the data hold is shown and not meant"
    assert page.count("<div") == page.count("</div>")
    assert page.count("<table") == page.count("</table>") > 3
    assert 'class="fas fa-check-circle text-success"' in page
    assert "vega" not in page.lower()
    assert "$(" not in page


def test_what_could_not_be_decided_is_said(tmp_path: Path) -> None:
    bad = Expectation("expect_column_to_exists", {"column": "age"})
    page, _ = _drawn(tmp_path, ASKED[0], bad)
    assert "1 of 2 expectations could not be decided" in page


def test_without_a_page_the_verdict_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page, verdict = _drawn(tmp_path, Expectation("expect_nothing"))
    assert "No page by Great Expectations: Great Expectations could decide none" in page
    assert verdict.reason.split("`")[1] in page
    page, _ = _drawn(tmp_path, *ASKED, table=None)
    assert "was given no table" in page

    def other(result: Any) -> str:
        return "<html><body><p>another form</p></body></html>"

    monkeypatch.setattr(data_docs, "_page", other)
    page, _ = _drawn(tmp_path, ASKED[0])
    assert "its form must have changed" in page
    assert "another form" not in page


def test_what_is_left_open_is_closed() -> None:
    said = data_docs._inside('<p>no</p><div class="x ge-section"><ul><li>one<br><li onclick="x()">two</div><b>no</b>')
    assert said == '<div class="x ge-section"><ul><li>one<br><li>two</li></li></ul></div>'


def test_words_of_the_data_stay_words_and_scripts_are_silent() -> None:
    text = '<div class="ge-section">&lt;img src=x&gt;<script>alert("a < b")</script><style>p {}</style>b</div>'
    assert data_docs._inside(text) == '<div class="ge-section">&lt;img src=x&gt;b</div>'
