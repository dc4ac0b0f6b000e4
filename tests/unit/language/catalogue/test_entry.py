"""The table has every code that can be told and no other, and each entry is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from modelsync.language.catalogue import CATALOGUE, FAMILIES
from modelsync.language.catalogue.entry import Entry

PACKAGE = Path(__file__).parents[4] / "modelsync"
EMITTED = re.compile(r'"(MS\d{3})"')


def test_every_code_that_is_told_is_in_the_table_and_the_other_way_round() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "catalogue"]
    told = {code for path in modules for code in EMITTED.findall(path.read_text(encoding="utf-8"))}
    assert told == set(CATALOGUE)


def test_codes_stand_once_and_in_their_order() -> None:
    codes = [entry.code for entries in FAMILIES.values() for entry in entries]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=list(CATALOGUE))
def test_an_entry_is_whole(entry: Entry) -> None:
    assert entry.title and not entry.title.endswith(".") and len(entry.title) <= 60
    assert entry.meaning.endswith(".") and entry.why.endswith(".")
    assert entry.bad != entry.good
    assert max(map(len, (entry.bad + entry.good).splitlines())) <= 120
    assert set(entry.see) <= set(CATALOGUE) - {entry.code}


def test_no_two_titles_are_the_same() -> None:
    assert len({entry.title for entry in CATALOGUE.values()}) == len(CATALOGUE)
