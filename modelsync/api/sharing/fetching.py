"""`fetch`: what a remote has and this project lacks comes here; no working file and no branch of one's own changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.api.sharing.opening import Open, open_begun
from modelsync.api.sharing.remotes import Remote
from modelsync.api.sharing.tracking import track
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest, short
from modelsync.core.errors import DamageError, UsageError
from modelsync.core.nearest import nearest
from modelsync.core.paths import forbidden
from modelsync.core.printable import printable
from modelsync.registry.commits import Commit
from modelsync.registry.references import BRANCHES, HEAD, REMOTES, TAGS, References, brief, check_name
from modelsync.store.remotes.layout import RemoteRef, read_refs
from modelsync.store.remotes.receiving import Links, Receiver
from modelsync.store.remotes.sending import Progress, silent


@dataclass(frozen=True, slots=True)
class Fetched:
    """A reference of the remote: how it is called here, where it stood (None: new), where it stands."""

    name: str
    old: Digest | None
    new: Digest


@dataclass(frozen=True, slots=True)
class Fetch:
    """What came: references that are new or moved, names that could not be taken with the reason, commits, records
    and bytes.
    """

    remote: Remote
    references: tuple[Fetched, ...]
    refused: tuple[tuple[str, str], ...]
    commits: int
    records: int
    size: int


def fetch(repository: Repository, remote: Remote, names: Sequence[str] = (), progress: Progress = silent) -> Fetch:
    """Bring branches and tags of a remote (default: all). References move after everything they need is here.

    UsageError when it has no such name; DamageError, naming the object, when something there is damaged.
    """
    opened = open_begun(repository, remote)
    refs = _chosen(opened, names)
    receiver = Receiver(repository.workspace.store, opened.place, opened.tables, progress)
    commits: set[Digest] = set()
    known = _known(repository)
    if any(ref.commit not in known for ref in refs):
        opened.tables.refresh()
        commits = receiver.describe([ref.commit for ref in refs], known, links)
        receiver.bring()
        _refuse_traps(repository, opened, commits)
    moved, refused = list[Fetched](), list[tuple[str, str]]()
    for ref in refs:
        try:
            taken = _take(repository, remote, ref)
        except UsageError as error:
            refused.append((brief(ref.name), error.message))
            continue
        if taken is not None:
            moved.append(taken)
    return Fetch(remote, tuple(moved), tuple(refused), len(commits), receiver.records, receiver.done)


def links(data: bytes) -> Links:
    """What a commit leads to; ValueError when it is none."""
    commit = Commit.decode(data)
    return Links(commit.tree, commit.parents)


def _chosen(opened: Open, names: Sequence[str]) -> list[RemoteRef]:
    refs = [seen.ref for seen in read_refs(opened.place)]
    if not names:
        return refs
    by_name = {brief(ref.name): ref for ref in reversed(refs)}  # a branch goes before a tag of the same name
    for name in names:
        if name not in by_name:
            near, listed = nearest(name, by_name), ", ".join(by_name) or "nothing yet"
            raise UsageError(
                f"`{opened.remote.name}` has no branch or tag `{name}`",
                help=f"did you mean `{near}`?" if near else f"it has: {listed}",
            )
    return [by_name[name] for name in names]


def _known(repository: Repository) -> set[Digest]:
    """The commits that are here with everything they need: those that references reach."""
    values = {value for name, value in repository.references.values.items() if name != HEAD}
    tip = repository.references.tip
    return repository.history.reachable(map(Digest, values | ({tip} if tip else set())))


def _refuse_traps(repository: Repository, opened: Open, commits: set[Digest]) -> None:
    """DamageError when a checkout of what came would write where Git or ModelSync keep what they carry out."""
    for commit in map(repository.history.commit, commits):
        _refuse_hidden(repository, opened, commit)
    for tree in {repository.history.commit(id).tree for id in commits}:
        for entry in repository.manifest(tree).entries:
            if reason := forbidden(entry.path):
                file = f"the file `{printable(entry.path)}`, which no checkout may write: {reason}"
                raise DamageError(
                    f"`{opened.remote.url}` holds a commit with {file}",
                    help="look at who pushed there; no branch and no file here was changed",
                )


def _refuse_hidden(repository: Repository, opened: Open, commit: Commit) -> None:
    """DamageError for a commit that tracks what neither it nor those before it hold: files here would go along."""
    trees = [commit.tree, *(repository.history.commit(id).tree for id in commit.parents)]
    held = [entry.path for tree in trees for entry in repository.manifest(tree).entries] if commit.paths else []
    for path in commit.paths:
        if not any(name == path or name.startswith(f"{path}/") for name in held):
            raise DamageError(
                f"`{opened.remote.url}` holds a commit that tracks `{path}` and has nothing there: the next commit "
                "here would take your own files along",
                help="look at who pushed there; no branch and no file here was changed",
            )


def _take(repository: Repository, remote: Remote, ref: RemoteRef) -> Fetched | None:
    """Name here what a remote has; None when nothing changed. UsageError when the name can't be taken."""
    name = check_name(brief(ref.name))
    if ref.name.startswith(BRANCHES):
        own = f"{REMOTES}{remote.name}/{name}"
        old = track(repository, own, ref.commit, "fetch")
        return None if old == ref.commit else Fetched(own, old, ref.commit)
    if not ref.name.startswith(TAGS):
        raise UsageError("it is neither a branch nor a tag")
    there = References.load(repository.workspace.journal).values.get(ref.name)
    if there is not None and there != ref.commit:
        raise UsageError(f"a tag of that name is here at {short(there)}, there at {short(ref.commit)}")
    if there is None:
        track(repository, ref.name, ref.commit, f"fetch from {remote.name}")
        return Fetched(ref.name, None, ref.commit)
    return None
