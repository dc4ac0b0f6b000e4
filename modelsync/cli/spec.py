"""`modelsync spec`: specs held against each other."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path
from textwrap import wrap
from typing import Any

import click

from modelsync.api.comparing import Compared, diff
from modelsync.cli.faces.words import count, near, safe
from modelsync.cli.printing import put
from modelsync.core.diagnostics import Pos
from modelsync.core.errors import ExitCode
from modelsync.plan.difference.changes import Change, Class

VERSION = 1  # of the JSON document; keys may be added to it, none is renamed or removed
_LEAST = 40  # columns of a sentence, however narrow the screen is
_COLOURS = {"!": "red", "?": "magenta", "-": "yellow", "~": "cyan", "+": "green", "=": "bright_black"}


@click.group("spec")
def command() -> None:
    """Compare specs by what they mean."""


@command.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--exit-code",
    "is_asked",
    is_flag=True,
    help="End with 4 when a gate, an approval, a stage, a rollout or access guards less, or may do: marks ! and ?.",
)
def diff_(old: str, new: str, form: str, is_asked: bool) -> int:
    """Say what changed in meaning from one spec to another, the most dangerous first.

    OLD and NEW are specs, or REVISION:PATH as Git names a file: `modelsync spec diff HEAD:specs/x.yaml specs/x.yaml`.

    \b
    !  weaker     a gate, an approval, a stage, a rollout guards less; a role has more people
    ?  look       a guard says something else; which is stricter can't be told
    -  gone       or a promise to those who use a dataset is broken
    ~  different  runs again, bumps otherwise, has another name
    +  more       stricter, or added
    =  cosmetic   the meaning is the same
    """
    compared = diff(old, new)
    put(_document(compared) if form == "json" else "\n".join(_lines(compared)))
    return int(ExitCode.GATE_FAILED if is_asked and compared.difference.alarms else ExitCode.DONE)


def _lines(compared: Compared) -> list[str]:
    """Two lines a change: what it is, and where it stands in both files."""
    changes = compared.difference.changes
    old, new = (safe(name) for name in compared.names)
    if not changes:
        return [f"{click.style('same', fg='green', bold=True)} {old} and {new} are the same text", *_notes(compared)]
    wide = max(len(change.kind) for change in changes)
    lines = [click.style(f"{old} -> {new}", bold=True)]
    for change in changes:
        head = click.style(f"{change.kind.mark} {change.kind:<{wide}}", fg=_COLOURS[change.kind.mark])
        lines.append(f"{head}  {_wrapped(safe(str(change)), wide + 4)}")
        lines.append(click.style(f"  {'':<{wide}}  {_places(compared, change)}", dim=True))
    return [*lines, *_notes(compared), _total(changes)]


def _wrapped(text: str, column: int) -> str:
    """A sentence that begins at a column, gone on below it where a person looks; whole lines for everything else."""
    if not sys.stdout.isatty():
        return text
    width = max(shutil.get_terminal_size().columns - column, _LEAST)
    return f"\n{' ' * column}".join(wrap(text, width, break_long_words=False, break_on_hyphens=False))


def _notes(compared: Compared) -> list[str]:
    return [click.style("note: ", fg="cyan") + safe(note) for note in compared.notes]


def _total(changes: tuple[Change, ...]) -> str:
    """`3 changes: 1 gate weakened, 2 re-runs`; that nothing but the writing changed, when so."""
    if all(change.kind is Class.COSMETIC for change in changes):
        return f"{click.style('cosmetic', fg='green', bold=True)}: both mean the same"
    counted = Counter(change.kind for change in changes)
    said = ", ".join(f"{counted[kind]} {kind}" for kind in Class if counted[kind])
    return f"{count(len(changes), 'change')}: {said}"


def _places(compared: Compared, change: Change) -> str:
    before, after = _place(compared, 0, change.before), _place(compared, 1, change.after)
    return f"{before} -> {after}" if before and after else before or after


def _place(compared: Compared, side: int, at: Pos | None) -> str:
    if at is None:
        return ""
    return f"{_file(compared, side, at.file)}:{at.line}:{at.col}"


def _file(compared: Compared, side: int, file: Path) -> str:
    """The path of a file; before that of an old revision the revision, as Git names it."""
    is_old = compared.revisions[side] and file == compared.files[side]
    return safe(f"{compared.revisions[side]}:{near(file)}" if is_old else near(file))


def _document(compared: Compared) -> str:
    """JSON, stable and plain; lines and columns from 1, the end exclusive."""
    import json  # the text needs it not

    changes = compared.difference.changes
    specs = [
        {"name": name, "file": near(file), "revision": revision}
        for name, file, revision in zip(compared.names, compared.files, compared.revisions, strict=True)
    ]
    return json.dumps(
        {
            "version": VERSION,
            "old": specs[0],
            "new": specs[1],
            "same_meaning": compared.difference.is_cosmetic,
            "alarms": compared.difference.alarms,
            "changes": [_change(compared, change) for change in changes],
            "counts": {str(kind): sum(change.kind is kind for change in changes) for kind in Class},
            "notes": list(compared.notes),
        },
        indent=2,
    )


def _change(compared: Compared, change: Change) -> dict[str, Any]:
    return {
        "class": str(change.kind),
        "mark": change.kind.mark,
        "alarms": change.kind.alarms,
        "what": change.what,
        "message": change.said,
        "before": _span(compared, 0, change.before),
        "after": _span(compared, 1, change.after),
    }


def _span(compared: Compared, side: int, at: Pos | None) -> dict[str, Any] | None:
    if at is None:
        return None
    start, end = {"line": at.line, "col": at.col}, {"line": at.end_line, "col": at.end_col}
    return {"file": _file(compared, side, at.file), "start": start, "end": end}
