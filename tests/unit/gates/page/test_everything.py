"""Every check in one table, within so many bytes."""

from __future__ import annotations

from modelsync.core.verdict import Outcome
from modelsync.gates.page.everything import table
from tests.unit.gates.page.conftest import check, tree, verdict, words

MANY = [check(f"psi.c{number}", f"c{number}", outcome=Outcome.PASS, value=number / 5000) for number in range(999)]


def test_what_passed_is_there_too_and_only_columns_in_use() -> None:
    drawn = str(table(verdict([check(), check("b", "b", outcome=Outcome.PASS, value=0.1)]), 10_000))
    element = tree(f"<div>{drawn}</div>")
    heads = [head.text for head in element.iter("th") if head.get("scope") == "col"]
    assert heads == ["outcome", "what", "on", "value", "must be"]
    assert [row[2].text for row in element.iter("tr")][1:] == ["age", "b"]
    assert "<details" not in drawn


def test_a_check_that_only_shows_a_number_is_told_from_one_that_passed() -> None:
    shown = check("g", "sex = f", outcome=Outcome.PASS, threshold=None, decides=False)
    assert "shown" in words(str(table(verdict([shown]), 10_000)))
    failing = check("g", "sex = f", decides=False)
    assert "Fail" in words(str(table(verdict([failing]), 10_000)))


def test_a_long_table_is_folded_and_one_too_long_is_cut_with_the_worst_kept() -> None:
    drawn = str(table(verdict([*MANY, check("last", "the bad one")]), 50_000))
    assert len(drawn) < 55_000
    said = words(drawn)
    assert "<details" in drawn
    assert said.index("the bad one") < said.index("c998")
    assert "more checks, further from their limits than these, are left out here" in said
    assert "c5 " not in said
