"""Groups one under the other, on one line of numbers."""

from __future__ import annotations

import math
from xml.etree.ElementTree import Element

import pytest

from modelsync.core.verdict import Outcome
from modelsync.gates.page.forest import Row, cell, forest, pictured
from modelsync.gates.page.markup import tag
from tests.unit.gates.page.conftest import tree, words


def _dots(element: Element) -> list[float]:
    return [float(str(dot.get("cx"))) for dot in element.iter("circle")]


def test_larger_values_lie_further_right_and_the_limit_between() -> None:
    rows = [Row("a", 0.2, (0.1, 0.3), 40, Outcome.FAIL), Row("b", 0.8, (0.7, 0.9), 60, Outcome.PASS)]
    element = tree(f"<div>{forest('groups', rows, [0.5])}</div>")
    low, high = _dots(element)
    limit = next(float(str(line.get("x1"))) for line in element.iter("line") if line.get("class") == "chance")
    assert low < limit < high
    assert [svg.get("class") for svg in element.iter("svg")] == ["chart of-fail", "chart of-pass"]
    assert [head.text for head in element.iter("th") if head.get("class") == "num"] == ["value", "interval", "rows"]


def test_only_columns_in_which_something_stands() -> None:
    said = words(forest("both", [Row("model", 0.7), Row("champion", 0.6)], first="scored"))
    assert "interval" not in said
    assert "note" not in said


def test_the_ends_of_the_line_are_round_and_keep_to_what_is_possible() -> None:
    element = tree(f"<div>{forest('rates', [Row('a', 0.02), Row('b', 0.97)])}</div>")
    ends = [span.text for span in element.iter("span") if span.get("class") != "muted" and span.text]
    assert ends == ["0", "1"]


def test_too_many_rows_keep_the_worst() -> None:
    rows = [Row(f"g{place}", 0.5, outcome=Outcome.PASS) for place in range(100)]
    rows[97] = Row("the bad one", 0.1, outcome=Outcome.FAIL)
    rows.append(Row("shown only", 0.5))
    said = words(forest("groups", rows))
    assert said.index("the bad one") < said.index("g0")
    assert "41 more are in the table of everything" in said


@pytest.mark.parametrize("value", [None, math.nan, math.inf, 0.0, 1e300])
def test_odd_values(value: float | None) -> None:
    drawn = forest("odd", [Row("<x>" * 100, value, (-math.inf, math.nan), 0, note="y" * 1000)])
    element = tree(f"<div>{drawn}</div>")
    assert len(_dots(element)) == (1 if value is not None and math.isfinite(value) else 0)
    assert len(drawn) < 5000


def test_rows_stay_rows_where_they_are_laid_out_anew() -> None:
    table = tree(pictured("c", [tag("th", "x", scope="col")], [tag("tr", cell("value", "1"), role="row")]))
    assert {element.get("role") for element in table.iter() if element.tag in ("table", "tr", "td")} == {
        "table",
        "row",
        "cell",
    }
    assert tree(cell("rows", "12")).get("data-head") == "rows"
    assert tree(cell("rows", "")).get("data-head") is None
