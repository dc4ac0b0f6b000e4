"""Counts as block characters."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import pytest

from modelsync.cli.datasets.bars import bars


@pytest.mark.parametrize(
    ("counts", "wide", "drawn"),
    [
        ((), 10, ""),
        ((5,), 10, "█"),
        ((0, 1, 4, 8), 10, " ▁▄█"),
        ((1, 1_000_000), 10, "▁█"),  # what is there is never drawn as nothing
        ((1, 1, 2, 2, 4, 4), 3, "▂▄█"),
        ((1, 1, 1), 2, "█▄"),
        ((5, 9), 10, "▅█"),
    ],
)
def test_bars(counts: Sequence[int], wide: int, drawn: str) -> None:
    assert bars(counts, wide) == drawn


def test_a_screen_without_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert bars((0, 1, 8), 10) == " .@"
