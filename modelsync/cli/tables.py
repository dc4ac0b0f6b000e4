"""Plain columns for listings: they align on a terminal and stay easy to cut and search elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import click


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """Lines with aligned columns under a dim head."""
    table = [list(head), *[list(row) for row in body]]
    wide = [max(len(row[column]) for row in table) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(wide[column]) for column, cell in enumerate(row)).rstrip() for row in table]
    return [click.style(lines[0], dim=True), *lines[1:]]


def when(stamp: str) -> str:
    """`2026-03-01T14:00:05.123Z` as `2026-03-01 14:00:05`; times are UTC."""
    return stamp[:19].replace("T", " ")
