"""`checkout` of a branch, a commit, or what the pointer pins: the working files become those of a commit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modelsync.api.versions import git, merge_state
from modelsync.api.versions.carrying_out import carry_out, changing
from modelsync.api.versions.changes import by_path
from modelsync.api.versions.overwriting import CAREFUL, Careful, lost_folder, replacing
from modelsync.api.versions.pointer import decode
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.tracked import Tracked, is_within
from modelsync.api.versions.turning import attach, moves, onto, put_manifest, with_staged
from modelsync.api.versions.work import Work
from modelsync.core.clock import Clock, now
from modelsync.core.digest import Digest, short
from modelsync.core.errors import UsageError
from modelsync.registry.commits import Commit
from modelsync.registry.references import BRANCHES, HEAD, REMOTES, Move, check_name, full_name
from modelsync.store.folders import Entry, Manifest


@dataclass(frozen=True, slots=True)
class Switched:
    """Where HEAD stands now, how many files were written and removed, and where files in the way went."""

    branch: str | None
    id: Digest
    commit: Commit
    written: int
    removed: int
    rescued: tuple[str, ...]


def checkout(repository: Repository, text: str, manner: Careful = CAREFUL, clock: Clock = now) -> Switched:
    """Switch to a branch, or to any commit (then HEAD is detached).

    What is staged or changed stays where both commits agree. A branch that only a remote has is made here.
    WouldLoseError when something of a person's own is in the way, UsageError while a merge is open.
    """
    with changing(repository) as current:
        name = full_name(text, current.references) or ""
        if name.startswith(REMOTES) or not name:
            theirs = _on_a_remote(current, text)
            if theirs is not None:
                return _begin(current, text, theirs, manner, clock)
        to = current.resolve(text)
        if name == HEAD:
            wanted: tuple[Move, ...] = ()
        else:
            wanted = attach(current, name if name.startswith(BRANCHES) else to, f"checkout {text}")
        return switch(current, to, wanted, manner, clock)


def checkout_new(
    repository: Repository, branch: str, start: str, manner: Careful = CAREFUL, clock: Clock = now
) -> Switched:
    """Make a branch at a commit and switch to it; UsageError when there is one of that name."""
    with changing(repository) as current:
        return _begin(current, branch, current.resolve(start), manner, clock)


def checkout_pinned(repository: Repository, manner: Careful = CAREFUL, clock: Clock = now) -> Switched:
    """Restore what the pointer file names, which is what the present Git commit pins.

    HEAD stays on its branch when that stands there, else it goes to another branch that does. The branch that is called
    as Git's moves forward to a commit that came from it, and is made when there is none. Otherwise HEAD is detached.
    """
    _pinned(repository)  # a clone that has nothing yet is told so, and nothing is made there
    with changing(repository) as current:
        to = _pinned(current)
        return switch(current, to, _follow(current, to), manner, clock)


def switch(repository: Repository, to: Digest, wanted: tuple[Move, ...], manner: Careful, clock: Clock) -> Switched:
    """Bring files and references to a commit, for commands that hold the project already."""
    refuse_open_merge(repository)
    commit = repository.history.commit(to)
    head, staged, target = repository.tree(repository.head), repository.staged, repository.tree(commit)
    kept = _kept(head, staged, target)
    goal = _carried(staged, target, kept)
    found = replacing(repository, _safe(head, staged, kept), goal, {*repository.tracked.paths, *commit.paths})
    doing = f"checkout of {short(to)}"
    work = replace(
        onto(repository, commit, doing, manner.settle(found, doing)), moves=wanted, lost=lost_folder(clock())
    )
    if kept:
        put_manifest(repository, goal)
        work = with_staged(work, _paths(repository, commit, kept), goal)
    carry_out(repository, work)
    return _told(Repository(repository.workspace), to, commit, work)


def _kept(head: Manifest, staged: Manifest, target: Manifest) -> set[str]:
    """The paths that are staged otherwise than committed, and that the switch does not concern."""
    if staged.entries == head.entries:
        return set()
    before, now, after = by_path(head), by_path(staged), by_path(target)
    paths = before.keys() | now.keys()
    return {path for path in paths if now.get(path) != before.get(path) and after.get(path) == before.get(path)}


def _carried(staged: Manifest, target: Manifest, kept: set[str]) -> Manifest:
    """The target, with what is staged at some paths."""
    if not kept:
        return target
    entries = [entry for entry in target.entries if entry.path not in kept]
    return Manifest(tuple(sorted((*entries, *(entry for entry in staged.entries if entry.path in kept)))))


def _safe(head: Manifest, staged: Manifest, kept: set[str]) -> Manifest:
    """What may be replaced: content that a commit holds. What is staged otherwise is in no commit yet."""
    before = by_path(head)
    entries: list[Entry] = [entry for entry in staged.entries if before.get(entry.path) == entry or entry.path in kept]
    return Manifest(tuple(entries))


def _paths(repository: Repository, commit: Commit, kept: set[str]) -> tuple[str, ...]:
    """What is tracked after a switch that carries staged files along."""
    tracked = Tracked(commit.paths)
    for path in repository.tracked.paths:
        if any(is_within(each, path) for each in kept):
            tracked = tracked.with_path(path)
    return tracked.paths


def _begin(repository: Repository, branch: str, start: Digest, manner: Careful, clock: Clock) -> Switched:
    name = BRANCHES + check_name(branch)
    if name in repository.references.values:
        raise UsageError(f"the branch `{branch}` exists already", help=f"`modelsync checkout {branch}` switches to it")
    by = git.author(repository.root)
    made = Move(name, None, start, f"branch from {short(start)}", by)
    return switch(repository, start, (made, *attach(repository, name, f"checkout {branch}")), manner, clock)


def _on_a_remote(repository: Repository, text: str) -> Digest | None:
    """Where a branch stands that one remote has and nobody here."""
    names = repository.references.named(REMOTES)
    found = {value for name, value in names.items() if name.partition("/")[2] == text}
    return found.pop() if len(found) == 1 and BRANCHES + text not in repository.references.values else None


def _pinned(repository: Repository) -> Digest:
    try:
        text = repository.pointer_file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise UsageError(
            f"there is no `{repository.pointer_file.name}` in `{repository.root}`",
            help="name a branch or a commit; `modelsync commit` writes that file",
        ) from None
    to = decode(text)
    if not repository.workspace.store.has(to):
        raise UsageError(
            f"commit {short(to)}, which `{repository.pointer_file.name}` names, is not here",
            help="bring it with `modelsync fetch`; a new clone first needs `modelsync remote add NAME URL`",
        )
    return to


def _follow(repository: Repository, to: Digest) -> tuple[Move, ...]:
    references = repository.references
    branches = references.named(BRANCHES)
    ours = git.branch(repository.root)
    if references.tip == to and (references.branch is not None or to not in branches.values()):
        return ()
    same = [name for name in (ours, *branches) if name is not None and branches.get(name) == to]
    if same:
        return attach(repository, BRANCHES + same[0], "checkout what Git pins")
    tip = None if ours is None else branches.get(ours)
    if tip is not None and repository.history.is_ancestor(tip, to):
        forward = Move(f"{BRANCHES}{ours}", tip, to, "forward to what Git pins", git.author(repository.root))
        return (*moves(forward), *attach(repository, f"{BRANCHES}{ours}", "checkout what Git pins"))
    if tip is None and ours is not None:  # a clone that has nothing yet, or a new branch of Git
        first = Move(f"{BRANCHES}{check_name(ours)}", None, to, "begin at what Git pins", git.author(repository.root))
        return (first, *attach(repository, first.name, "checkout what Git pins"))
    return attach(repository, to, "checkout what Git pins")


def refuse_open_merge(repository: Repository) -> None:
    """UsageError while a merge is open."""
    merge = merge_state.read(repository.workspace.home / merge_state.NAME)
    if merge is not None:
        raise UsageError(
            f"the merge of `{merge.name}` is open",
            help="end it with `modelsync commit`, or go back with `modelsync merge --abort`",
        )


def _told(after: Repository, to: Digest, commit: Commit, work: Work) -> Switched:
    written = sum(each.after is not None for each in work.files)
    return Switched(after.references.branch, to, commit, written, len(work.files) - written, work.rescued)
