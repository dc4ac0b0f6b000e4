from __future__ import annotations

from modelsync.gates.page.shares import Part, bar, bars
from modelsync.gates.page.svg import WIDTH
from tests.unit.gates.page.conftest import tree, words


def test_the_parts_of_a_bar_fill_it() -> None:
    drawn = bar("1,000 values", [Part("unexpected", 0.1, "bad-bar"), Part("as they should be", 0.9, "gap-bar")])
    widths = [float(str(box.get("width"))) for box in tree(drawn).iter("rect")]
    assert widths == [WIDTH * 0.1, WIDTH * 0.9]
    assert "10.0 % unexpected, 90.0 % as they should be" in words(drawn)


def test_bars_share_one_line() -> None:
    drawn = bars("Missing values", [("reference", 0.0), ("now", 0.25)], "bad-bar")
    filled = [float(str(box.get("width"))) for box in tree(drawn).iter("rect") if box.get("class") == "bad-bar"]
    assert filled == [0.0, (WIDTH - 64) / 4]
    assert "reference: 0 %; now: 25.0 %" in words(drawn)
