"""A pointer that Git left unmerged: whether it is, which commits of the data its sides name, what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.versions import git
from modelsync.api.versions.ignoring import POINTER
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.telling import called
from modelsync.api.versions.waiting import is_git_waiting
from modelsync.core.digest import Digest
from modelsync.core.errors import ExitCode, UsageError

_MARKS = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_COMMIT = re.compile(r"^commit ([0-9a-f]{64})$", re.MULTILINE | re.ASCII)
_LONGEST = 1 << 20


class UnmergedError(UsageError):
    """Git waits for somebody to bring two sides of the pointer together."""

    exit_code = ExitCode.HELD


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The commits that the sides of an unmerged pointer name; `left` are those that this commit does not hold yet,
    `names` what people call these.
    """

    sides: tuple[Digest, ...]
    left: tuple[Digest, ...]
    names: tuple[str, ...]

    @property
    def help(self) -> str:
        """How to go on."""
        one = (
            f"take one side: `git checkout --ours {POINTER}` (or `--theirs`), `git add {POINTER}`, `modelsync checkout`"
        )
        if not self.left:
            return f"both sides are in this data: `git add {POINTER}` tells Git so"
        both = " and ".join(f"`modelsync merge {name}`" for name in self.names)
        return f"bring both together: {both}, then `git add {POINTER}`; or {one}"


def refuse_unmerged(repository: Repository, parents: tuple[Digest, ...]) -> None:
    """UnmergedError when Git left the pointer unmerged, unless these parents of a new commit hold both its sides."""
    found = _found(repository, parents)
    if found is not None and (found.left or not found.sides):
        raise UnmergedError(f"`{POINTER}` was left unmerged by Git; a commit would hide one side", help=found.help)


def glimpse(repository: Repository) -> Unmerged | None:
    """The unmerged pointer, asking Git only when it waits for somebody or the pointer holds its marks."""
    if not is_git_waiting(str(repository.root)) and not _MARKS.search(_text(repository.pointer_file)):
        return None
    tip = repository.references.tip
    return _found(repository, () if tip is None else (tip,))


def _found(repository: Repository, parents: tuple[Digest, ...]) -> Unmerged | None:
    text = _text(repository.pointer_file)
    staged = git.sides(repository.root, POINTER)
    if not staged and not _MARKS.search(text):
        return None
    texts = staged or [text]  # with the marks in it when somebody told Git that all is well
    sides = tuple(dict.fromkeys(Digest(id) for each in texts for id in _COMMIT.findall(each)))
    left = tuple(side for side in sides if not _holds(repository, parents, side))
    return Unmerged(sides, left, tuple(called(repository, side) for side in left))


def _holds(repository: Repository, parents: tuple[Digest, ...], side: Digest) -> bool:
    return repository.workspace.store.has(side) and any(
        repository.history.is_ancestor(side, parent) for parent in parents
    )


def _text(pointer: Path) -> str:
    try:
        with pointer.open(encoding="utf-8", errors="replace") as handle:
            return handle.read(_LONGEST)
    except OSError:
        return ""
