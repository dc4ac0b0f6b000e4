"""`modelsync dataset show`: one version, with a small picture of every column."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from modelsync.api.datasets.looking import Told
from modelsync.cli.datasets.bars import bars
from modelsync.cli.faces.words import safe
from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when
from modelsync.registry.records import DatasetVersion

_PIPED = 100  # columns where nobody says how wide the screen is
_NARROW = 100  # below, a picture has half the bars
_LONGEST = 24  # letters of a column's name


@click.command("show")
@click.argument("name", metavar="NAME[@VERSION]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_option
def command(name: str, form: str, folder: Path | None) -> None:
    """Show one version: where it came from, why it has its number, its columns and how their values lie."""
    from modelsync.api.datasets.looking import told, workspace_of

    found = told(workspace_of(folder), name)
    if form == "json":
        from modelsync.cli.datasets.documents import one

        put(one(found))
        return
    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPED
    put("\n".join([*_head(found), *(_columns(found.version.columns, wide) or _described(found.version))]))


def _head(told: Told) -> list[str]:
    from modelsync.core.units import say_bytes, say_count
    from modelsync.release.promotion import say_evidence

    version = told.version
    count = "" if version.rows is None else f"{say_count(version.rows, 'row')}, "
    evidence = say_evidence(version.evidence)
    run = "" if told.run is None else f"run #{told.run}"
    promise = version.described.get("promise", {})
    lines = {
        "": f"{click.style(version.spelled, bold=True)}  {count}{say_bytes(version.size)}",
        "source": safe(version.source),
        "sha256": version.digest,
        "rule": version.rule + (f" ({evidence})" if evidence else ""),
        "breaking": _joined(promise.get("breaking", ())),
        "extended": _joined(promise.get("extended", ())),
        "tags": ", ".join(version.tags),
        "commit": said_commit(version.git),
        "made": ", ".join(filter(None, (f"{when(version.at)} UTC", run, told.author))),
    }
    shown = {label: value for label, value in lines.items() if value}
    return [f"{click.style(label.ljust(10), dim=True)}{value}" if label else value for label, value in shown.items()]


def _joined(sentences: Sequence[str]) -> str:
    return safe("; ".join(sentences))


def said_commit(git: dict[str, Any] | None) -> str:
    """`1a2b3c4d5 + changes`; empty outside of Git."""
    return "" if git is None else f"{git['commit'][:9]}{' + changes' if git['dirty'] else ''}"


def _columns(columns: list[Any], wide: int) -> list[str]:
    if not columns:
        return []
    body = [
        [_cut(safe(column["name"]), _LONGEST), column["type"], f"{column['nulls']:,}", f"{column['distinct']:,}"]
        for column in columns
    ]
    lines = rows(["COLUMN", "TYPE", "MISSING", "DISTINCT"], body)
    left = wide - max(len(click.unstyle(line)) for line in lines) - 2
    most = 10 if wide < _NARROW else 20
    pictures = ["VALUES", *(_picture(column, most) for column in columns)]
    widest = max(len(click.unstyle(line)) for line in lines)
    found = [
        f"{line}{' ' * (widest - len(click.unstyle(line)))}  {_cut(picture, left)}".rstrip()
        for line, picture in zip(lines, pictures, strict=True)
    ]
    return ["", click.style(click.unstyle(found[0]), dim=True), *found[1:]]


def _picture(column: dict[str, Any], most: int) -> str:
    """How the values lie, then what they are between; of text the most frequent."""
    if column.get("min") is not None:
        drawn = bars(column.get("histogram", ()), most)
        mean = "" if column["mean"] is None else f", mean {_said(column['mean'])}"
        return f"{drawn.ljust(most)} {_said(column['min'])} .. {_said(column['max'])}{mean}"
    top = column.get("top", ())
    drawn = bars([count for _, count in top], most)
    return f"{drawn.ljust(most)} {', '.join(f'{safe(level)} {count:,}' for level, count in top)}".rstrip()


def _described(version: DatasetVersion) -> Iterator[str]:
    """What is known of images, or of other files."""
    facts = version.described
    if facts.get("format") == "images":
        for label in ("classes", "formats", "sizes"):
            items = [f"{safe('x'.join(map(str, each[:-1])))} {each[-1]:,}" for each in facts[label]]
            yield f"{click.style(label.ljust(10), dim=True)}{', '.join(items)}"
        if facts["unreadable_count"]:
            yield f"{facts['unreadable_count']:,} are no images, such as {safe(facts['unreadable'][0])}"
    elif facts.get("files", 1) > 1:
        yield f"{facts['files']:,} files"


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value[:19]  # a moment to the second
    return f"{value:.4g}" if isinstance(value, float) else f"{value:,}"


def _cut(text: str, wide: int) -> str:
    return text if len(text) <= wide else f"{text[: max(wide - 1, 1)]}…"
