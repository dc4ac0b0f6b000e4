"""Where in the user's own files an exception came from, and how to say it in one sentence."""

from __future__ import annotations

import linecache
import traceback
from pathlib import Path
from types import TracebackType

from modelsync.core import findings
from modelsync.core.errors import StepError

PRIVATE = "_modelsync_user_"
"""Every module loaded from a project is named so; it is how the user's frames are told from everybody else's."""


def sentence(error: BaseException) -> str:
    """`ValueError: could not convert` on one line; the bare kind when it says nothing."""
    said = findings.said(error.msg if isinstance(error, SyntaxError) else error)
    kind = type(error).__name__
    return f"{kind}: {said}" if said else kind


def place(error: BaseException, root: Path) -> str:
    """`flows/credit.py:31`, the innermost line of the user's own files, or an empty text."""
    if isinstance(error, SyntaxError) and error.filename and isinstance(error.filename, str):
        return f"{shown(Path(error.filename), root)}:{error.lineno or 1}"
    frames = _frames(error.__traceback__)
    return f"{shown(Path(frames[-1].filename), root)}:{frames[-1].lineno}" if frames else ""


def story(error: BaseException, root: Path) -> str:
    """The traceback as Python prints it, cut to the user's own frames, with the causes of the exception before it."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.append(_one(current, root))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(reversed(parts))


def raised(label: str, error: BaseException, root: Path, elsewhere: str = "") -> StepError:
    """What to tell of a function `label` that raised; `elsewhere` is its place when no file of the user's was in it."""
    where = place(error, root) or elsewhere
    said = f"`{label}` raised {sentence(error)}{f' ({where})' if where else ''}"
    return StepError(said, detail=story(error, root))


def shown(file: Path, root: Path) -> str:
    """A path as the spec writes it: relative to the project root when it lies inside."""
    try:
        return file.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return str(file)


def _one(error: BaseException, root: Path) -> str:
    lines = []
    for frame in _frames(error.__traceback__):
        lines.append(f'  File "{shown(Path(frame.filename), root)}", line {frame.lineno}, in {frame.name}\n')
        if frame.line:
            lines.append(f"    {frame.line}\n")
    try:
        lines += traceback.format_exception_only(error)
    except Exception:  # a SyntaxError made by hand may hold anything
        lines.append(f"{sentence(error)}\n")
    return "".join(lines)


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    found = []
    for frame, line in traceback.walk_tb(trace):
        if str(frame.f_globals.get("__name__", "")).startswith(PRIVATE):
            code = frame.f_code
            linecache.checkcache(code.co_filename)  # the file may have been edited since an earlier error
            found.append(traceback.FrameSummary(code.co_filename, line, code.co_name))
    return found
