from __future__ import annotations

from modelsync.gates.page.reliability import Bin, plot, table
from tests.unit.gates.page.conftest import tree, words

BINS = [Bin(0.0, 0.5, 60, 0.2, 0.1), Bin(0.5, 0.9, 0, None, None), Bin(0.9, 1.0, 30, 0.95, 0.6)]


def test_a_dot_for_each_bin_with_rows_and_a_bar_for_each_bin() -> None:
    drawn = plot(BINS)
    element = tree(drawn)
    assert len(list(element.iter("circle"))) == 2
    heights = [float(str(bar.get("height"))) for bar in element.iter("rect")]
    assert heights == [44, 0, 22]
    assert "60.0 % positive where 95.0 % is predicted" in words(drawn)


def test_the_numbers_and_no_rows_at_all() -> None:
    assert "0.9 to 1 30 0.95 0.6" in " ".join(text for text in tree(table(BINS)).itertext())
    assert len(list(tree(plot([])).iter("circle"))) == 0
