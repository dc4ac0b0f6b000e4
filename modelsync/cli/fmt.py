"""`modelsync fmt`: specs in the one layout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from modelsync.api.formatting import Formatted, fmt, fmt_text, write
from modelsync.cli.faces.text import render, show
from modelsync.cli.faces.words import count, near, safe
from modelsync.cli.printing import put
from modelsync.core.errors import ExitCode, UsageError

STDIN = Path("-")
UNNAMED = Path("<stdin>")


@click.command("fmt")
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; exit 3 when a spec is laid out differently.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--stdin-path", type=click.Path(path_type=Path), help="The file that `-` (standard input) stands for.")
def command(specs: tuple[Path, ...], check: bool, diff: bool, stdin_path: Path | None) -> int:
    """Lay out SPECS: indentation, spaces, blank lines and comments. What they say, and in which order, stays.

    SPECS are files, and folders for every modelsync.yaml below them; without any, all of the project here. A single
    `-` reads standard input and writes standard output. A spec that can't be read is told and left alone.
    """
    if STDIN in specs:
        if len(specs) > 1:
            raise UsageError("`-` is standard input and stands alone", help="format the other specs separately")
        return _stream(stdin_path or UNNAMED, check, diff)
    if stdin_path is not None:
        raise UsageError("`--stdin-path` names what standard input stands for, and it is not read", help="add `-`")
    found = fmt(specs)
    for each in found:
        show(each.diagnostics, err=False)
        if diff and each.changed:
            put(_diff(each))
    if not check and not diff:
        write(found)
    put(_summary(found, "would format" if check or diff else "formatted"))
    return _exit_code(found, check)


def _stream(path: Path, check: bool, diff: bool) -> int:
    """From standard input to standard output; nothing is written there when it can't be read."""
    from modelsync.language.text.source import MAX_BYTES

    found = fmt_text(path, sys.stdin.buffer.read(MAX_BYTES + 1))
    if found.diagnostics:
        put(render(found.diagnostics, {path: found.before}, colour=True), err=True)
    elif diff:
        if found.changed:
            put(_diff(found))
    elif not check:
        sys.stdout.buffer.write(found.text.encode("utf-8"))
        sys.stdout.buffer.flush()
    return _exit_code([found], check)


def _exit_code(found: Sequence[Formatted], check: bool) -> int:
    wrong = any(each.diagnostics or (check and each.changed) for each in found)
    return int(ExitCode.SPEC if wrong else ExitCode.DONE)


def _summary(found: Sequence[Formatted], verb: str) -> str:
    """A line for each file that changed or can't be read; for several files a last one for all."""
    lines = []
    for each in found:
        path = safe(near(each.path))
        if each.diagnostics:
            lines.append(f"{click.style('left alone', fg='red', bold=True)} {path}: it can't be read")
        elif each.changed:
            lines.append(f"{click.style(verb, bold=True)} {path}")
    changed = sum(each.changed for each in found)
    if not lines:
        named = safe(near(found[0].path)) if len(found) == 1 else count(len(found), "spec")
        return f"{click.style('ok', fg='green', bold=True)} {named}"
    if len(found) > 1:
        lines.append(f"{verb} {changed} of {count(len(found), 'spec')}")
    return "\n".join(lines)


def _diff(each: Formatted) -> str:
    """A unified diff."""
    import difflib  # only a difference needs it

    name = safe(near(each.path))
    old, new = each.before.splitlines(keepends=True), each.text.splitlines(keepends=True)
    lines = []
    for line in difflib.unified_diff(old, new, name, name):
        tone = {"+": "green", "-": "red", "@": "cyan"}.get(line[0])
        is_head = line.startswith(("+++ ", "--- "))
        ended = line.rstrip("\r\n") + ("" if line.endswith(("\n", "\r")) else "\n\\ No newline at end of file")
        lines.append(click.style(ended, bold=True) if is_head else click.style(ended, fg=tone))
    return "\n".join(lines)
