"""`merge-driver`: what Git calls when two commits pin different data; the merged data gets its own commit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from modelsync.api.versions import git, pointer
from modelsync.api.versions.carrying_out import changing
from modelsync.api.versions.combining import combine
from modelsync.api.versions.ignoring import POINTER
from modelsync.api.versions.merge_state import MergeState, OpenConflict
from modelsync.api.versions.merging import merge_commit
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.telling import called
from modelsync.core.clock import Clock, now
from modelsync.core.digest import Digest, short
from modelsync.core.errors import ExitCode, ModelSyncError, UsageError
from modelsync.registry.commits import committed
from modelsync.registry.references import MERGED, Move, move


class PointersApartError(ModelSyncError):
    """The data of both sides has conflicts that people must decide."""

    exit_code = ExitCode.STEP_FAILED


@dataclass(frozen=True, slots=True)
class Driven:
    """The commit that the pointer names now."""

    id: Digest


def drive(repository: Repository, ours: Path, theirs: Path, clock: Clock = now) -> Driven:
    """Merge the commits that two pointer files name, and write the merged pointer to `ours`.

    PointersApartError, naming both commits, when there are conflicts; UsageError when a file is no pointer or a commit
    is not here. `ours` stays as it is then. No working file is touched: `modelsync checkout` restores what was merged.
    """
    one, other = _named(ours, "ours"), _named(theirs, "theirs")
    with changing(repository) as current:
        for id in (one, other):
            if not current.workspace.store.has(id):
                raise UsageError(
                    f"commit {short(id)}, which a pointer names, is not here",
                    help="bring it with `modelsync fetch`, then merge again",
                )
        if current.history.is_ancestor(other, one):
            return Driven(one)
        if current.history.is_ancestor(one, other):
            ours.write_bytes(theirs.read_bytes())
            return Driven(other)
        made = _merge(current, one, other, clock)
        commit = current.history.commit(made)
        ours.write_text(pointer.encode(commit, current.tree(commit)), encoding="utf-8")
        return Driven(made)


def _named(file: Path, side: str) -> Digest:
    try:
        return pointer.decode(file.read_text(encoding="utf-8", errors="replace"), f"{POINTER} ({side})")
    except OSError as error:
        raise UsageError(f"`{file}` can't be read: {error.strerror}", help="Git names the files it made") from None


def _merge(repository: Repository, one: Digest, other: Digest, clock: Clock) -> Digest:
    combined = combine(repository, one, other, ())
    if combined.conflicts:
        raise PointersApartError(
            f"the data of {short(one)} (ours) and {short(other)} (theirs) can't be merged by itself:"
            + "".join(f"\n  {_said(each)}" for each in combined.conflicts),
            help=f"{_opening(repository, one, other)} the merge; end it with `modelsync commit`, then "
            f"`git add {POINTER}`",
        )
    name = short(other)
    state = MergeState(one, other, name, f"Merge {name} into {short(one)}, for Git", Digest(""), (), {})
    made = merge_commit(repository, combined, state, clock)
    journal = repository.workspace.journal
    with journal.transaction():
        committed(journal, made, MERGED)
        old = repository.references.values.get(MERGED)
        move(journal, [Move(MERGED, old, made.id, "Git asked for this merge", git.author(repository.root))])
    return made.id


def _opening(repository: Repository, one: Digest, other: Digest) -> str:
    """The commands that begin the merge, by the names of branches: a checkout of a commit would follow none."""
    merge = f"`modelsync merge {called(repository, other)}`"
    if repository.references.tip == one:
        return f"{merge} opens"
    return f"`modelsync checkout {called(repository, one)}` and {merge} open"


def _said(conflict: OpenConflict) -> str:
    return f"{conflict.path}: {conflict.kind}"
