"""`log REF`: the commits that a reference holds, and what keeps bytes from being collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from modelsync.api.versions import git, merge_state, pointer, work
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest, short
from modelsync.core.errors import UsageError
from modelsync.registry.commits import Commit
from modelsync.registry.references import BRANCHES, REMOTES, TAGS, brief


@dataclass(frozen=True, slots=True)
class Told:
    """A commit, and the references that name it."""

    id: Digest
    commit: Commit
    labels: tuple[str, ...]


def log(repository: Repository, revision: str, last: int) -> tuple[Told, ...]:
    """The last commits of a reference, or of `A..B` those that B has and A has not; a child before its parents."""
    start, dots, end = revision.partition("..")
    tips = [repository.resolve((end if dots else start) or "HEAD")]
    without = [repository.resolve(start or "HEAD")] if dots else []
    found = islice(repository.history.log(tips, without), last)
    head = repository.references.tip
    return tuple(
        Told(id, commit, (*(("HEAD",) if id == head else ()), *repository.references.labels(id)))
        for id, commit in found
    )


def called(repository: Repository, id: Digest) -> str:
    """What people type for a commit: a branch, a branch of a remote or a tag that names it, else its beginning."""
    found = sorted(repository.references.values.items())
    names = [name for name, value in found if value == id and name.startswith((BRANCHES, REMOTES, TAGS))]
    return brief(names[0]) if names else short(id)


def roots(repository: Repository, now: datetime) -> set[Digest]:
    """Every digest that must be kept with all below it: commits, their trees, what is staged, an open merge.

    Commits count that a reference names or named within 30 days, and that any pointer in Git's history names.
    DamageError when one of them can't be read.
    """
    named = repository.references.roots(now)
    pinned = {id for id in _pinned(repository) if repository.workspace.store.has(id)}  # others were never fetched
    kept = roots_of(repository, named | pinned)
    staged = repository.tracked.staged
    kept |= {staged} if staged is not None else set()
    merge = merge_state.read(repository.workspace.home / merge_state.NAME)
    if merge is not None:
        kept |= {merge.files, *merge.wrote.values()} | roots_of(repository, [merge.ours, merge.theirs])
    begun = work.read(repository.workspace.home / work.NAME)
    if begun is not None:
        kept |= {entry.digest for entry in begun.written}
        kept |= {each.before.digest for each in begun.files if each.before is not None}
        kept |= roots_of(repository, [] if begun.commit is None else [begun.commit])
    return kept


def roots_of(repository: Repository, tips: Iterable[Digest]) -> set[Digest]:
    """The commits before some commits, with their trees.

    DamageError when one can't be read: then nobody can say what has to be kept.
    """
    commits = repository.history.reachable(tips)
    return {*commits, *(repository.history.commit(id).tree for id in commits)}


def _pinned(repository: Repository) -> set[Digest]:
    texts = git.pointers(repository.root)
    if repository.pointer_file.is_file():
        texts.append(repository.pointer_file.read_text(encoding="utf-8", errors="replace"))
    found = set()
    for text in texts:
        try:
            found.add(pointer.decode(text))
        except UsageError:  # a revision in which somebody broke it
            continue
    return found
