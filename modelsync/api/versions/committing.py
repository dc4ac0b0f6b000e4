"""`commit`: what is staged becomes a commit, and the branch moves onto it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modelsync.api.versions import git, merge_state
from modelsync.api.versions.carrying_out import carry_out, changing
from modelsync.api.versions.changes import Change, changes
from modelsync.api.versions.merge_state import MergeState
from modelsync.api.versions.overwriting import lost_folder
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.scanning import growing
from modelsync.api.versions.turning import advance, onto
from modelsync.api.versions.unmerged import refuse_unmerged
from modelsync.api.versions.work import FileChange
from modelsync.core.clock import Clock, now, stamp
from modelsync.core.digest import Digest
from modelsync.core.errors import ExitCode, UsageError
from modelsync.registry.commits import LONGEST_MESSAGE, Commit
from modelsync.store.folders import Entry


class UndecidedError(UsageError):
    """A merge is open, and some of its conflicts are not decided."""

    exit_code = ExitCode.HELD


@dataclass(frozen=True, slots=True)
class Committed:
    """The commit that was made, on which branch (None: HEAD is detached), and what changed with it."""

    id: Digest
    commit: Commit
    branch: str | None
    changes: tuple[Change, ...]


def commit(repository: Repository, message: str | None, clock: Clock = now) -> Committed | None:
    """Commit what is staged; None when that is what the last commit holds.

    UsageError without a message (an open merge brings one) or when nothing is tracked, UndecidedError while conflicts
    are left.
    """
    with changing(repository) as current, growing():
        return _commit(current, message, clock)


def _commit(repository: Repository, message: str | None, clock: Clock) -> Committed | None:
    merge = merge_state.read(repository.workspace.home / merge_state.NAME)
    if merge is not None:
        _refuse_undecided(merge)
    tracked, head, tip = repository.tracked, repository.head, repository.references.tip
    if tracked.staged is None:
        raise UsageError("nothing is tracked yet", help="`modelsync add PATH` tracks and stages files and folders")
    parents = tuple(each for each in (tip, None if merge is None else merge.theirs) if each is not None)
    refuse_unmerged(repository, parents)
    is_same = head is not None and head.tree == tracked.staged and head.paths == tracked.paths
    if is_same and merge is None:
        return None
    made = store(
        repository,
        Commit(
            tracked.staged,
            tracked.paths,
            parents,
            git.author(repository.root),
            stamp(clock()),
            said(message or (merge.message if merge is not None else "")),
            git.state(repository.root, () if merge is None else merge.wrote.keys()),
        ),
    )
    wanted = onto(repository, made, "commit", () if merge is None else tidied(repository, merge))
    why = f"commit: {made.title}" if merge is None else f"merge {merge.name}: {made.title}"
    lost = lost_folder(clock())
    carry_out(repository, replace(wanted, moves=advance(repository, made.id, why), commit=made.id, lost=lost))
    old = repository.tree(head)
    return Committed(made.id, made, repository.references.branch, changes(old, repository.staged))


def store(repository: Repository, made: Commit) -> Commit:
    """Keep the bytes of a commit; nothing names it yet."""
    repository.workspace.store.put_bytes(made.encode())
    return made


def said(message: str) -> str:
    """A message as it is kept; UsageError when it is empty or too long."""
    text = message.encode("utf-8", "replace").decode().strip()
    if not text:
        raise UsageError("a commit needs a message", help='say what changed: `modelsync commit -m "more customers"`')
    if len(text) > LONGEST_MESSAGE:
        raise UsageError(f"the message has {len(text)} characters", help=f"at most {LONGEST_MESSAGE} are kept")
    return text


def _refuse_undecided(merge: MergeState) -> None:
    left = merge.undecided
    if left:
        listed = "".join(f"\n  {each.path}: {each.kind}" for each in left)
        raise UndecidedError(
            f"the merge of `{merge.name}` has conflicts that are not decided:{listed}",
            help="mend each file and `modelsync add` it, or go back with `modelsync merge --abort`",
        )


def tidied(repository: Repository, merge: MergeState) -> tuple[FileChange, ...]:
    """The files that a merge wrote beside the others go; what was changed in one is moved to lost-found."""
    found = []
    for path, digest in merge.wrote.items():
        file = repository.root / path
        if file.is_symlink() or not file.is_file():
            continue
        now, size = repository.workspace.hashes.measure(file)
        is_ours = now == digest
        before = Entry(path, executable=False, size=size, digest=digest) if is_ours else None
        found.append(FileChange(path, before, None, rescue=not is_ours))
    return tuple(found)
