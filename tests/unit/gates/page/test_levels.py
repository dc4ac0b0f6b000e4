from __future__ import annotations

from modelsync.gates.page.levels import levels
from tests.unit.gates.page.conftest import tree, words


def test_what_changed_most_comes_first_and_what_is_new_says_so() -> None:
    table = levels("job", {"clerk": 0.5, "cook": 0.49, "gone": 0.01}, {"clerk": 0.5, "cook": 0.2, "<pilot>": 0.3})
    heads = ["".join(cell.itertext()) for cell in tree(table).iter("th") if cell.get("scope") == "row"]
    assert heads == ["<pilot>new", "cook", "gonevanished", "clerk"]
    said = words(table)
    assert "−29.0 points" in said
    assert "49.0 % before, 20.0 % now" in said


def test_many_levels_are_one_row_in_the_end() -> None:
    before = {f"l{number}": 1 / 1000 for number in range(1000)}
    table = levels("id", before, {**before, "l7": 0.5})
    rows = [cell for cell in tree(table).iter("th") if cell.get("scope") == "row"]
    assert len(rows) == 13
    assert "988 other levels" in words(table)
    assert len(table) < 10_000


def test_no_levels_at_all() -> None:
    assert len(list(tree(levels("empty", {}, {})).iter("tbody"))) == 1
