"""Tracked files in words: names of commits, conflicts, and the part of `status` about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from modelsync.api.versions.branching import Name
from modelsync.api.versions.differing import TableDifference
from modelsync.api.versions.looking import Standing
from modelsync.api.versions.merge_state import OpenConflict
from modelsync.api.versions.switching import Switched
from modelsync.api.versions.telling import Told
from modelsync.api.versions.unmerged import Unmerged
from modelsync.cli.changes import WIDE, change_lines, shortened
from modelsync.cli.tables import rows, when
from modelsync.core.digest import short
from modelsync.core.printable import printable
from modelsync.core.units import say_bytes, say_count

_MOST_ROWS = 5


def rescued_lines(paths: Sequence[str]) -> list[str]:
    """Where files that stood in the way went."""
    return shortened([f"moved to {printable(path)}" for path in paths])


def conflict_lines(conflicts: Sequence[OpenConflict]) -> list[str]:
    """What people must decide, with the files that help."""
    lines = []
    for each in conflicts:
        beside = f"  see {', '.join(map(printable, each.beside))}" if each.beside and not each.decided else ""
        word = "decided" if each.decided else "conflict"
        lines.append(f"{word:<{WIDE}}  {printable(each.path)}: {each.kind}{beside}")
    return lines


def name_lines(names: Sequence[Name]) -> list[str]:
    """Branches or tags with their commits."""
    if not names:
        return []
    body = [
        [
            "*" if each.is_current else "",
            each.name,
            short(each.id),
            "" if each.commit is None else when(each.commit.time),
            "not here" if each.commit is None else printable(each.commit.title),
        ]
        for each in names
    ]
    return rows(["", "NAME", "COMMIT", "MADE", "MESSAGE"], body)


def log_lines(told: Sequence[Told]) -> list[str]:
    """Commits, one line each."""
    body = []
    for each in told:
        commit = each.commit
        code = "" if commit.git is None else commit.git.commit[:9] + ("+" if commit.git.dirty else "")
        labels = f"({', '.join(each.labels)}) " if each.labels else ""
        body.append(
            [short(each.id), when(commit.time), code, printable(commit.author), f"{labels}{printable(commit.title)}"]
        )
    return rows(["COMMIT", "MADE", "CODE", "BY", "MESSAGE"], body)


def switched_lines(done: Switched) -> list[str]:
    """Where HEAD stands after a checkout, and what was done to the files."""
    where = f"on {done.branch}" if done.branch is not None else "detached"
    lines = [f"{click.style(f'{where} {short(done.id)}', bold=True)} {printable(done.commit.title)}"]
    lines += [f"{done.written:,} written, {done.removed:,} removed", *rescued_lines(done.rescued)]
    if done.branch is None:
        lines.append("HEAD follows no branch: `modelsync checkout -b NAME` makes one for new commits")
    return lines


def standing_lines(standing: Standing) -> list[str]:
    """The part of `status` about tracked files."""
    lines = [_where(standing)]
    if standing.doing:
        lines.append(click.style(f"under way: {standing.doing}", fg="yellow"))
    if standing.merge is not None:
        lines.append(
            f"merging {printable(standing.merge.name)}: end it with `modelsync commit`, or `modelsync merge --abort`"
        )
        lines += shortened(conflict_lines(standing.merge.conflicts))
    lines += change_lines(standing.staged, "staged")
    lines += change_lines(standing.changed, "unstaged")
    lines += shortened([f"{'missing':<{WIDE}}  {printable(path)}" for path in standing.missing])
    lines += shortened([f"{'untracked':<{WIDE}}  {printable(path)}" for path in standing.untracked])
    lines += shortened([f"{'left out':<{WIDE}}  {printable(path)}: {why}" for path, why in standing.odd.items()])
    if standing.pinned == "unreadable":
        lines.append("modelsync.data is no pointer any more; bring it back from Git")
    elif standing.pinned:
        lines.append(f"modelsync.data names {short(standing.pinned)}: `modelsync checkout` restores that data")
    return lines


def unmerged_lines(found: Unmerged | None) -> list[str]:
    """What `status` says of a pointer that Git has not merged."""
    if found is None:
        return []
    return [click.style("modelsync.data is unmerged in Git", fg="yellow") + f": {found.help}"]


def row_lines(table: TableDifference) -> list[str]:
    """The rows of one table that differ: how many, and the first ones."""
    head = click.style(printable(table.path), bold=True)
    found = table.rows
    if found is None:
        return [f"{head}  {table.reason}"]
    by = f"by {', '.join(found.key)}" if found.key else "without a key"
    lines = [f"{head}  {found.before:,} -> {say_count(found.after, 'row')}, {by}"]
    lines.append(f"  {found.added:,} added, {found.removed:,} removed, {found.changed:,} changed")
    if found.columns:
        lines.append("  in " + ", ".join(f"{name} ({count:,})" for name, count in found.columns))
    for row in found.changed_rows[:_MOST_ROWS]:
        said = ", ".join(f"{each.column} {_value(each.before)} -> {_value(each.after)}" for each in row.changes)
        lines.append(f"  ~ {', '.join(map(_value, row.key))}: {said}")
    for sign, examples in (("+", found.added_rows), ("-", found.removed_rows)):
        for cells in examples[:_MOST_ROWS]:
            lines.append(f"  {sign} {', '.join(f'{name}={_value(value)}' for name, value in cells)}")
    return lines


def _where(standing: Standing) -> str:
    on = f"data on {standing.branch}" if standing.branch is not None else "data, HEAD detached"
    if standing.head is None or standing.tip is None:
        at = "no commit yet"
    else:
        at = f"{short(standing.tip)} {printable(standing.head.title)}"
    clean = "; clean" if standing.is_clean else ""
    files = f"{say_count(standing.files, 'file')}, {say_bytes(standing.size)}"
    return f"{click.style(on, bold=True)}: {at} ({files}{clean})"


def _value(value: Any) -> str:
    return "none" if value is None else printable(str(value))
