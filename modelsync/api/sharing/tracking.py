"""What a remote had when it was last asked, kept as references of its own: `origin/main`."""

from __future__ import annotations

from contextlib import suppress

from modelsync.api.versions import git
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest
from modelsync.registry.references import Move, References, StaleError, move

_TRIES = 3


def track(repository: Repository, name: str, to: Digest, why: str) -> Digest | None:
    """Set a reference to what a remote has; where it stood before. Another fetch at the same time is no harm."""
    journal, by = repository.workspace.journal, git.author(repository.root)
    for _ in range(_TRIES):
        old = References.load(journal).values.get(name)
        if old == to:
            return to
        with suppress(StaleError):
            move(journal, [Move(name, old, to, why, by)])
            return None if old is None else Digest(old)
    raise _restless(name)


def forget(repository: Repository, name: str, why: str) -> None:
    """Remove a reference to what a remote had, if there is one."""
    journal, by = repository.workspace.journal, git.author(repository.root)
    for _ in range(_TRIES):
        old = References.load(journal).values.get(name)
        if old is None:
            return
        with suppress(StaleError):
            move(journal, [Move(name, old, None, why, by)])
            return
    raise _restless(name)


def _restless(name: str) -> StaleError:
    return StaleError(f"`{name}` is moved by others again and again", help="run it again")
