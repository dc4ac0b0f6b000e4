"""Codes are found however they are written, and the page holds every one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.api.explaining import find, page
from modelsync.core.errors import UsageError
from modelsync.language.catalogue import CATALOGUE

PAGE = Path(__file__).parents[3] / "specs/diagnostics.md"


@pytest.mark.parametrize("written", ["MS506", "ms506", "506", "Ms-506", " MS 506 "])
def test_a_code_is_found_however_it_is_written(written: str) -> None:
    assert find(written).code == "MS506"


@pytest.mark.parametrize(
    ("written", "near"), [("MS599", "MS601"), ("MS001a", ""), ("0", "MS001"), ("520", "MS518"), ("999", "")]
)
def test_a_wrong_code_names_the_nearest(written: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(written)
    assert near in caught.value.help
    assert "`modelsync explain`" in caught.value.help or near


def test_the_page_is_as_the_catalogue_writes_it() -> None:
    if os.environ.get("MODELSYNC_GOLDEN") == "write":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_page_has_a_section_for_every_code() -> None:
    text = page()
    for code, entry in CATALOGUE.items():
        assert text.count(f"### {code}\n") == 1
        assert entry.bad in text and entry.good in text
