"""`merge`: another commit is brought in; what people must decide keeps the merge open until `commit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from modelsync.api.versions import git, merge_state
from modelsync.api.versions.carrying_out import carry_out, changing
from modelsync.api.versions.changes import by_path
from modelsync.api.versions.combining import Combined, combine
from modelsync.api.versions.committing import said, store
from modelsync.api.versions.merge_state import MergeState, OpenConflict
from modelsync.api.versions.overwriting import CAREFUL, FORCED, Careful, lost_folder, replacing
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.switching import refuse_open_merge, switch
from modelsync.api.versions.tables import Rows
from modelsync.api.versions.tracked import Tracked
from modelsync.api.versions.turning import advance, onto, put_manifest
from modelsync.api.versions.work import Work
from modelsync.core.clock import Clock, now, stamp
from modelsync.core.digest import Digest, short
from modelsync.core.errors import UsageError
from modelsync.registry.commits import Commit
from modelsync.store.folders import Manifest


@dataclass(frozen=True, slots=True)
class Merging:
    """How a merge went.

    `id` is the commit that HEAD stands on now; None while conflicts are open. `was_behind`: the branch only had to
    move forward. `rows` are tables that were merged by rows.
    """

    id: Digest | None
    name: str
    was_behind: bool
    conflicts: tuple[OpenConflict, ...]
    rows: tuple[Rows, ...]
    rescued: tuple[str, ...]


def merge(
    repository: Repository,
    revision: str,
    *,
    key: Sequence[str] = (),
    message: str | None = None,
    manner: Careful = CAREFUL,
    clock: Clock = now,
) -> Merging | None:
    """Bring a commit into the branch; None when it is in there already.

    UsageError while another merge is open or something is staged, WouldLoseError when a file of a person's own is in
    the way.
    """
    with changing(repository) as current:
        refuse_open_merge(current)
        theirs, ours = current.resolve(revision), current.references.tip
        if ours is not None and current.history.is_ancestor(theirs, ours):
            return None
        if ours is None or current.history.is_ancestor(ours, theirs):
            done = switch(current, theirs, advance(current, theirs, f"merge {revision}: forward"), manner, clock)
            return Merging(theirs, revision, True, (), (), done.rescued)
        if current.head is None or current.tracked.staged != current.head.tree:
            raise UsageError(
                "something is staged that is not committed", help="commit it first: `modelsync commit -m MESSAGE`"
            )
        combined = combine(current, ours, theirs, key)
        text = said(message or f"Merge {revision} into {current.references.branch or short(ours)}")
        files = put_manifest(current, combined.files)
        state = MergeState(ours, theirs, revision, text, files, combined.conflicts, combined.wrote)
        return _carry_out(current, combined, state, manner, clock)


def abort(repository: Repository, clock: Clock = now) -> tuple[str, ...]:
    """Go back to before the merge; where files went that were changed since. UsageError when no merge is open."""
    with changing(repository) as current:
        merge = merge_state.read(current.workspace.home / merge_state.NAME)
        if merge is None:
            raise UsageError("no merge is open", help="`modelsync status` shows where you are")
        commit = current.history.commit(merge.ours)
        wrote, back = _wrote(current, merge), current.tree(commit)
        paths = {*current.tracked.paths, *commit.paths, *merge.wrote}
        files = FORCED.settle(replacing(current, wrote, back, paths), "merge --abort")
        work = replace(onto(current, commit, "merge --abort", files), lost=lost_folder(clock()))
        carry_out(current, work)
        return work.rescued


def _wrote(repository: Repository, merge: MergeState) -> Manifest:
    """What the merge put into the working files. Files that wait for a decision have been edited, or are as before."""
    before = by_path(repository.tree(repository.history.commit(merge.ours)))
    undecided = {each.path for each in merge.conflicts}
    entries = repository.manifest(merge.files).entries
    return Manifest(tuple(each for each in entries if each.path not in undecided or before.get(each.path) != each))


def merge_commit(repository: Repository, combined: Combined, state: MergeState, clock: Clock) -> Commit:
    """The commit of a merge without conflicts; its bytes are stored, nothing names it yet."""
    staged = put_manifest(repository, combined.staged)
    parents = (state.ours, state.theirs)
    by, code = git.author(repository.root), git.state(repository.root)
    return store(repository, Commit(staged, combined.paths, parents, by, stamp(clock()), state.message, code))


def _carry_out(repository: Repository, combined: Combined, state: MergeState, manner: Careful, clock: Clock) -> Merging:
    theirs = repository.history.commit(state.theirs)
    paths = {*repository.tracked.paths, *theirs.paths, *combined.wrote}
    doing = f"merge of {state.name}"
    files = manner.settle(replacing(repository, repository.staged, combined.files, paths), doing)
    made = None
    if combined.conflicts:
        staged = put_manifest(repository, combined.staged)
        tracked = Tracked(combined.paths, staged).encode()
        work = Work(doing, files, tracked=tracked, merge=state.encode())
    else:
        commit = merge_commit(repository, combined, state, clock)
        made = commit.id
        moves = advance(repository, made, f"merge {state.name}")
        work = replace(onto(repository, commit, doing, files), moves=moves, commit=made)
    work = replace(work, lost=lost_folder(clock()))
    carry_out(repository, work)
    return Merging(made, state.name, False, combined.conflicts, combined.rows, work.rescued)
