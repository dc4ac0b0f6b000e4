"""`modelsync dataset history`: how a dataset became what it is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from modelsync.api.datasets.looking import Told
from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when
from modelsync.core.printable import printable


@click.command("history")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_option
def command(name: str, form: str, folder: Path | None) -> None:
    """Tell every version of NAME, the newest first: why it has its number, who made it, on which commit.

    A `+` after the commit says that files differed from it. A narrow terminal shows fewer columns.
    """
    from modelsync.api.datasets.looking import history, workspace_of

    found = history(workspace_of(folder), name)
    if form == "json":
        from modelsync.cli.datasets import documents

        put(documents.history(found))
        return
    put("\n".join(lines(found, shutil.get_terminal_size().columns if sys.stdout.isatty() else None)))


@dataclass(frozen=True, slots=True)
class _Shape:
    """How much of each version is told: characters of its time, whether the author's mail, digits of its commit."""

    head: tuple[str, ...]
    time: int
    mail: bool
    digits: int


_HEAD = ("VERSION", "ROWS", "CHANGE", "AT", "COMMIT", "BY", "WHY")
_SHAPES = (  # the first that fits is taken; nobody misses seconds, and `show` tells the rest
    _Shape(_HEAD, 19, mail=True, digits=9),
    _Shape(_HEAD, 16, mail=False, digits=7),
    _Shape(_HEAD, 10, mail=False, digits=7),
    _Shape(tuple(name for name in _HEAD if name != "COMMIT"), 10, mail=False, digits=7),
    _Shape(tuple(name for name in _HEAD if name not in ("COMMIT", "BY")), 10, mail=False, digits=7),
)


def lines(found: Sequence[Told], wide: int | None) -> list[str]:
    """The versions as a table, the newest first; in `wide` columns as much of it as has room (None: all of it)."""
    if wide is None:
        return _table(found, _SHAPES[0])
    for shape in _SHAPES:
        table = _table(found, shape)
        if max(len(click.unstyle(line)) for line in table) <= wide:
            return [*table, *_left_out(shape)]
    return [_cut(click.unstyle(line), wide) for line in table]


def _cut(line: str, wide: int) -> str:
    return line if len(line) <= wide else f"{line[: wide - 1]}…"


def _left_out(shape: _Shape) -> list[str]:
    gone = [name for name in _HEAD if name not in shape.head]
    return [click.style(f"a wider terminal shows {' and '.join(gone)} too", dim=True)] if gone else []


def _table(found: Sequence[Told], shape: _Shape) -> list[str]:
    before = [*found[1:], None]
    cells = [dict(zip(_HEAD, _row(each, last, shape), strict=True)) for each, last in zip(found, before, strict=True)]
    return rows(shape.head, [[row[name] for name in shape.head] for row in cells])


def _row(told: Told, before: Told | None, shape: _Shape) -> list[str]:
    version = told.version
    count, change = "" if version.rows is None else f"{version.rows:,}", ""
    if before is not None and version.rows is not None and before.version.rows is not None:
        more = version.rows - before.version.rows
        change = f"{more:+,}" if more else "="
    author = told.author if shape.mail else told.author.partition(" <")[0]
    by = author if told.run is None else f"run #{told.run}, {author}"
    git = version.git
    commit = "" if git is None else f"{git['commit'][: shape.digits]}{'+' if git['dirty'] else ''}"
    return [str(version.version), count, change, when(version.at)[: shape.time], commit, printable(by), version.rule]
