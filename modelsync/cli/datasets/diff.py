"""`modelsync dataset diff`: what differs between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from modelsync.api.datasets.diffing import Difference, Files
from modelsync.cli.faces.words import safe
from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows
from modelsync.data.comparison import ColumnChange, Comparison
from modelsync.data.row_diff import RowDiff

_PATHS = 20  # files of a folder that are named
_FIGURES = ("nulls", "distinct", "min", "mean", "max")


@click.command("diff")
@click.argument("old", metavar="NAME[@VERSION]")
@click.argument("new", metavar="[[NAME@]VERSION]", required=False)
@click.option(
    "--key", default="", help="Columns, with commas, by which a row is the same row. Default: the contract's."
)
@click.option(
    "--rows", "shown", default=5, show_default=True, type=click.IntRange(0, 20), help="Examples of each kind."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_option
def command(old: str, new: str | None, key: str, shown: int, form: str, folder: Path | None) -> None:
    """Say what changed from one version to another: columns, rows by key, figures of each column, files.

    With one version that from it to the latest; with a name alone that between the last two.
    """
    from modelsync.api.datasets.diffing import diff
    from modelsync.api.datasets.looking import workspace_of

    names = [name.strip() for name in key.split(",") if name.strip()]
    found = diff(workspace_of(folder), old, new, names)
    if form == "json":
        from modelsync.cli.datasets.documents import difference

        put(difference(found))
    else:
        put("\n".join(_lines(found, shown)))


def _lines(found: Difference, shown: int) -> Iterator[str]:
    from modelsync.core.units import say_bytes

    before, after = found.before, found.after
    yield click.style(f"{before.spelled} -> {after.spelled}", bold=True)
    if found.is_same:
        yield "the same content"
        return
    if found.schema is not None:
        yield from _schema(found.schema)
    if found.rows is not None:
        yield from _rows(found.rows, shown)
    if found.schema is not None:
        yield from _figures(found.schema)
    if found.files is not None:
        yield from _files(found.files)
    if found.schema is None and found.files is None:
        yield f"{say_bytes(before.size)} -> {say_bytes(after.size)}"


def _schema(schema: Comparison) -> Iterator[str]:
    for name in schema.added:
        yield click.style(f"+ column {safe(name)}", fg="green")
    for name in schema.removed:
        yield click.style(f"- column {safe(name)}", fg="red")
    for change in schema.retyped:
        yield click.style(f"~ column {safe(change.column)}: {change.before} -> {change.after}", fg="yellow")
    what = "contract" if schema.is_promised else "shape"
    for sentence in schema.contract.breaking:
        yield click.style(f"! {what} broken: {safe(sentence)}", fg="red")
    for sentence in schema.contract.extended:
        yield f"  {what} extended: {safe(sentence)}"


def _rows(found: RowDiff, shown: int) -> Iterator[str]:
    by = f" by {', '.join(found.key)}" if found.key else ""
    yield (
        f"rows{by}: {click.style(f'+{found.added:,}', fg='green')} {click.style(f'-{found.removed:,}', fg='red')} "
        f"{click.style(f'~{found.changed:,}', fg='yellow')}, {found.unchanged:,} unchanged"
    )
    if found.columns:
        yield f"  changed in {', '.join(f'{safe(name)} ({count:,})' for name, count in found.columns)}"
    for row in found.added_rows[:shown]:
        yield click.style(f"  + {_row(row)}", fg="green")
    for row in found.removed_rows[:shown]:
        yield click.style(f"  - {_row(row)}", fg="red")
    for changed in found.changed_rows[:shown]:
        key = ", ".join(f"{safe(name)}={_value(value)}" for name, value in zip(found.key, changed.key, strict=True))
        values = ", ".join(
            f"{safe(each.column)}: {_value(each.before)} -> {_value(each.after)}" for each in changed.changes
        )
        yield click.style(f"  ~ {key}  {values}", fg="yellow")


def _figures(schema: Comparison) -> Iterator[str]:
    body = [row for change in schema.columns for row in _figure_rows(change)]
    if body:
        yield ""
        yield from rows(["COLUMN", "", *map(str.upper, _FIGURES)], body)


def _figure_rows(change: ColumnChange) -> list[list[str]]:
    """One line of the figures before and one of those after; what did not change stands once."""
    if change.before is None or change.after is None:
        return []
    before = [_value(getattr(change.before, name)) for name in _FIGURES]
    after = [_value(getattr(change.after, name)) for name in _FIGURES]
    if before == after:
        return []
    fresh = [new if new != old else "" for old, new in zip(before, after, strict=True)]
    return [[safe(change.column), "before", *before], ["", "after", *fresh]]


def _files(files: Files) -> Iterator[str]:
    yield f"files: +{len(files.added):,} -{len(files.removed):,} ~{len(files.changed):,}, {files.unchanged:,} unchanged"
    for mark, colour, paths in (
        ("+", "green", files.added),
        ("-", "red", files.removed),
        ("~", "yellow", files.changed),
    ):
        for path in paths[:_PATHS]:
            yield click.style(f"  {mark} {safe(path)}", fg=colour)
        if len(paths) > _PATHS:
            yield f"  {mark} and {len(paths) - _PATHS:,} more"


def _row(row: Sequence[tuple[str, Any]]) -> str:
    return ", ".join(f"{safe(name)}={_value(value)}" for name, value in row)


def _value(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else safe(str(value))
