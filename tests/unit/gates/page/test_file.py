"""A page is there as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.gates.page.file import keep


def test_a_page_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "page.html"
    keep("old", path)
    keep("new ≤ \ud800", path)  # half of a pair is no text that a file can hold
    assert path.read_text(encoding="utf-8") == "new ≤ ?"
    assert [entry.name for entry in path.parent.iterdir()] == ["page.html"]


def test_a_name_as_long_as_a_disk_allows(tmp_path: Path) -> None:
    keep("page", tmp_path / ("x" * 250 + ".html"))
    with pytest.raises(OSError, match="too long"):
        keep("page", tmp_path / ("x" * 300))
