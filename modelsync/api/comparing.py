"""`spec diff`: two specs, or two revisions of one, held against each other by what they mean."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from modelsync.api.opening import valid
from modelsync.api.specs import find_spec, known
from modelsync.core.diagnostics import Severity
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.language.load import Loaded, load_text
from modelsync.language.subject import Subject
from modelsync.language.text.source import MAX_BYTES
from modelsync.plan.difference import compare
from modelsync.plan.difference.changes import Difference

# Faults that an old revision may have today, because data and code moved on: they do not change what it says.
_MOVED_ON = frozenset({"MS205", "MS401", "MS402", "MS403", "MS404"})
_PATIENCE = 30.0  # seconds for Git to give one file


@dataclass(frozen=True, slots=True)
class Compared:
    """The difference, how each spec was called, and what a reader must know of how they were read."""

    difference: Difference
    names: tuple[str, str]
    files: tuple[Path, Path]  # as places show them
    revisions: tuple[str, str]  # empty for a file as it is
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """One spec as it was named: its text, the file it stands for, and the revision it was taken from."""

    name: str
    path: Path
    data: bytes = field(repr=False)
    revision: str = ""


def diff(old: str, new: str) -> Compared:
    """Compare two specs, each a path or `REVISION:PATH` of Git.

    UsageError when one does not exist, SpecError when one has faults. What an old revision includes, and the data and
    code that it names, are taken as they are now.
    """
    given = _given(old), _given(new)
    read = [_read(each) for each in given]
    notes = [note for one, (_, loaded) in zip(given, read, strict=True) for note in _notes(one, loaded)]
    return Compared(
        compare(read[0][0], read[1][0]),
        (given[0].name, given[1].name),
        (given[0].path, given[1].path),
        (given[0].revision, given[1].revision),
        tuple(dict.fromkeys(notes)),
    )


def _given(name: str) -> _Given:
    revision, colon, inside = name.partition(":")
    if colon and revision and inside and not Path(name).exists():
        return _at_revision(name, revision, inside)
    path = find_spec(Path(name))
    try:
        with path.open("rb") as handle:
            return _Given(name, path, handle.read(MAX_BYTES + 1))
    except OSError as error:
        help = "name a file, or `REVISION:PATH` such as `HEAD:specs/credit/modelsync.yaml`"
        raise UsageError(f"the spec `{name}` can't be read: {error.strerror}", help=help) from None


def _at_revision(name: str, revision: str, inside: str) -> _Given:
    """A file as Git has it; a path is from the top of the repository, or with `./` from here, as Git reads it."""
    if name.startswith("-"):
        raise UsageError(f"`{name}` is no revision", help="a revision does not begin with `-`")
    said = _git("show", "--no-textconv", name)
    if said.returncode:
        message = said.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        help = (
            "write `REVISION:PATH`, the path from the top of the repository, such as `HEAD:specs/credit/modelsync.yaml`"
        )
        raise UsageError(f"Git has no `{name}`: {message}", help=help)
    if inside.startswith("./"):
        return _Given(name, Path(inside.removeprefix("./")), said.stdout, revision)
    top = Path(_git("rev-parse", "--show-toplevel").stdout.decode("utf-8", "surrogateescape").strip())
    path = top / inside
    return _Given(name, Path(os.path.relpath(path)), said.stdout, revision)


def _git(*words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *words], capture_output=True, check=False, timeout=_PATIENCE)
    except FileNotFoundError:
        raise SurroundingsError("there is no Git here", help="install it, or name two files") from None
    except subprocess.TimeoutExpired:
        raise SurroundingsError(f"Git did not answer within {_PATIENCE:g} s", help="try it again") from None


def _read(given: _Given) -> tuple[Subject, Loaded]:
    """What a spec says; today's state of data and code is held against neither of two revisions."""
    loaded = load_text(given.path, given.data, known(), {}, os.environ)
    errors = {found.code for found in loaded.diagnostics if found.severity is Severity.ERROR}
    if loaded.subject is None or (errors and not (given.revision and errors <= _MOVED_ON)):
        valid(loaded)
    assert loaded.subject is not None
    return loaded.subject, loaded


def _notes(given: _Given, loaded: Loaded) -> list[str]:
    if not given.revision or loaded.subject is None:
        return []
    others = [str(file) for file in loaded.subject.spec.files if file != given.path]
    notes = [f"what `{given.name}` includes is taken as it is now: {', '.join(others)}"] if others else []
    if loaded.spec is None:
        notes.append(f"data or code that `{given.name}` names is gone; what it says is compared all the same")
    return notes
