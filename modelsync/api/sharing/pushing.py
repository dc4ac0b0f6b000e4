"""`push`: the commits of a branch or a tag go to a remote, and its reference there moves when nobody was faster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from modelsync.api.sharing.opening import Open, open_remote, refuse_unwritable
from modelsync.api.sharing.remotes import Remote
from modelsync.api.sharing.tracking import track
from modelsync.api.versions import git
from modelsync.api.versions.repository import Repository
from modelsync.core.clock import Clock, now, stamp
from modelsync.core.digest import Digest, short
from modelsync.core.errors import UsageError
from modelsync.registry.references import BRANCHES, REMOTES, TAGS, StaleError, brief, full_name
from modelsync.store.remotes.layout import RemoteRef, SeenRef, begin, move_ref, read_ref, read_refs
from modelsync.store.remotes.sending import Progress, Sent, needed, send, silent


@dataclass(frozen=True, slots=True)
class Pushed:
    """One reference: its full name, where it stood there (None: it was not there), where it stands now."""

    name: str
    old: Digest | None
    new: Digest


@dataclass(frozen=True, slots=True)
class Push:
    """What was pushed: the references in the order given, commits that were new there, what went."""

    remote: Remote
    references: tuple[Pushed, ...]
    commits: int
    sent: Sent


class Check(StrEnum):
    """How much is looked at."""

    NEW = "new"  # the commits that no reference there has
    ALL = "all"  # the whole history, whatever the references there say


def push(
    repository: Repository,
    remote: Remote,
    names: Sequence[str] = (),
    check: Check = Check.NEW,
    progress: Progress = silent,
    clock: Clock = now,
) -> Push:
    """Push branches and tags (default: the branch that is checked out).

    UsageError when there is no such name or the remote can't be shared; StaleError, asking to pull, when somebody
    pushed what is not here.
    """
    wanted = [_wanted(repository, name) for name in names or [_current(repository)]]
    opened = open_remote(repository, remote)
    refuse_unwritable(opened)
    begin(opened.place)
    old = {name: _forward(repository, opened, name, tip) for name, tip in wanted}
    moving = [(name, tip) for name, tip in wanted if _commit(old[name]) != tip]
    sent, commits = Sent(), set[Digest]()
    if moving or check is Check.ALL:
        tips = [tip for _, tip in (wanted if check is Check.ALL else moving)]
        commits = repository.history.reachable(tips)
        if check is Check.NEW:
            commits -= _known(repository, opened)
        else:
            opened.tables.forget()
        sent = _send(repository, opened, commits, progress)
    by, at = git.author(repository.root), stamp(clock())
    for name, tip in moving:
        _move(opened, old[name], RemoteRef(name, tip, by, at))
    opened.place.settle()
    _remember(repository, remote, wanted)
    return Push(remote, tuple(Pushed(name, _commit(old[name]), tip) for name, tip in wanted), len(commits), sent)


def _current(repository: Repository) -> str:
    if repository.references.branch is None:
        raise UsageError("HEAD follows no branch", help="name the branch or tag to push")
    return repository.references.branch


def _wanted(repository: Repository, text: str) -> tuple[str, Digest]:
    """The full name of a branch or a tag, and its commit."""
    name = full_name(text, repository.references) or ""
    if not name.startswith((BRANCHES, TAGS)):
        repository.resolve(text)  # the error of a name that nobody knows
        raise UsageError(
            f"`{text}` is no branch and no tag, and only they are pushed", help="`modelsync branch NAME` makes one"
        )
    return name, Digest(repository.references.values[name])


def _forward(repository: Repository, opened: Open, name: str, tip: Digest) -> SeenRef | None:
    """The reference as it is there; StaleError when ours does not come from it."""
    seen = read_ref(opened.place, name)
    if seen is None or seen.ref.commit == tip:
        return seen
    if name.startswith(TAGS):
        raise UsageError(
            f"the tag `{brief(name)}` is on `{opened.remote.name}` already, at {short(seen.ref.commit)}, pushed by "
            f"{seen.ref.by}",
            help="a tag says the same for ever; choose another name",
        )
    if seen.ref.commit not in repository.history.reachable([tip]):
        raise _pull_first(opened, seen)
    return seen


def _known(repository: Repository, opened: Open) -> set[Digest]:
    """The commits that are there with everything they need, as far as they are here too."""
    tips = {seen.ref.commit for seen in read_refs(opened.place)}
    return repository.history.reachable(tip for tip in tips if repository.workspace.store.has(tip))


def _send(repository: Repository, opened: Open, commits: set[Digest], progress: Progress) -> Sent:
    store = repository.workspace.store
    trees = {repository.history.commit(id).tree for id in commits}
    ids = needed(store, {*commits, *trees})
    opened.tables.refresh()
    return send(store, opened.place, opened.tables, ids, {bytes.fromhex(id) for id in commits}, progress)


def _move(opened: Open, old: SeenRef | None, new: RemoteRef) -> None:
    opened.place.settle()  # whoever sees the reference must see its packs
    if not move_ref(opened.place, old, new):
        seen = read_ref(opened.place, new.name)
        if seen is None:
            raise StaleError(f"`{brief(new.name)}` on `{opened.remote.name}` was removed meanwhile", help="push again")
        if seen.ref.commit != new.commit:
            raise _pull_first(opened, seen)


def _pull_first(opened: Open, seen: SeenRef) -> StaleError:
    ref = seen.ref
    return StaleError(
        f"`{brief(ref.name)}` on `{opened.remote.name}` has commits that are not in yours: {ref.by} pushed "
        f"{short(ref.commit)} at {ref.at}",
        help="`modelsync pull` first, then push again",
    )


def _remember(repository: Repository, remote: Remote, wanted: Sequence[tuple[str, Digest]]) -> None:
    """The branches there stand where they were pushed to, as a fetch would find them."""
    for name, tip in wanted:
        if name.startswith(BRANCHES):
            track(repository, f"{REMOTES}{remote.name}/{brief(name)}", tip, "push")


def _commit(seen: SeenRef | None) -> Digest | None:
    return None if seen is None else seen.ref.commit
