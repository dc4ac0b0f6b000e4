"""A spec on an editor's desk: the cursor is where `|` stands."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.editing import Desk
from modelsync.language.load import Loaded, load_text

GOOD = Path(__file__).parents[4] / "specs/conformance/ok"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder that the good spec fits."""
    for folder in ("data", "flows"):
        shutil.copytree(GOOD / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def good() -> str:
    """The text of the good spec."""
    return (GOOD / "everything.yaml").read_text(encoding="utf-8")


@pytest.fixture
def desk(project: Path, good: str) -> Desk:
    """A desk on which the good spec was understood."""
    found = Desk(project / "modelsync.yaml")
    found.change(good)
    return found


@pytest.fixture
def loaded(project: Path, good: str) -> Loaded:
    """The good spec as it was understood."""
    from modelsync.api.specs import known

    return load_text(project / "modelsync.yaml", good.encode(), known(), {}, os.environ)


@pytest.fixture
def offered(desk: Desk, good: str) -> Callable[[str, str], list[str]]:
    """Replace one text of the good spec by another with a `|` in it, and ask for completions there."""

    def ask(old: str, new: str) -> list[str]:
        assert old in good
        text = good.replace(old, new, 1)
        offset = text.index(new) + new.index("|")
        text = text[:offset] + text[offset + 1 :]
        desk.change(text)
        before = text[:offset].split("\n")
        return [each.label for each in desk.complete(len(before), len(before[-1]) + 1)]

    return ask
