"""The file of a dataset must be there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["source: data/customers.csv", "source: data/customer.csv"], ["MS205 data/customer.csv"]),
        (["source: data/customers.csv", "source: nowhere/customers.csv"], ["MS205 nowhere/customers.csv"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_folder_with_a_file_name_is_no_file(spoil: Spoil, project: Path) -> None:
    (project / "data/folder.csv").mkdir()
    assert spoil("source: data/customers.csv", "source: data/folder.csv") == ["MS205 data/folder.csv"]


def test_folders_patterns_and_what_is_put_in(alter: Spoil, project: Path) -> None:
    (project / "data/parts").mkdir()
    old = "source: data/customers.csv"
    assert alter(old, "source: data/parts") == []
    assert alter(old, "source: data/parts/") == []
    assert alter(old, "source: data/prts/") == ["MS205 data/prts/"]
    assert alter(old, "source: data/*.csv") == []
    assert alter(old, "source: dat?/*.csv") == []
    assert alter(old, "source: data/*.json") == ["MS205 data/*.json"]
    assert alter(old, 'source: "https://example.org/a.csv"') == []
