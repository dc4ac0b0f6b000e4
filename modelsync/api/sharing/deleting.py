"""`push --delete`: a branch of a remote goes, when it still stands where it was seen."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.api.sharing.cloning import MAIN_BRANCHES
from modelsync.api.sharing.opening import Open, open_begun, refuse_unwritable
from modelsync.api.sharing.remotes import Remote
from modelsync.api.sharing.tracking import forget
from modelsync.api.versions import git
from modelsync.api.versions.repository import Repository
from modelsync.core.clock import Clock, now, stamp
from modelsync.core.digest import Digest, short
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.registry.references import BRANCHES, REMOTES, TAGS, StaleError, brief
from modelsync.store.remotes.layout import SeenRef, read_ref, read_refs, remove_ref


@dataclass(frozen=True, slots=True)
class Deleted:
    """A branch that is gone there, and the commit it stood on."""

    name: str
    old: Digest


def delete(repository: Repository, remote: Remote, names: tuple[str, ...], clock: Clock = now) -> tuple[Deleted, ...]:
    """Remove branches of a remote; its commits stay until its `gc`, and here those that were fetched.

    UsageError for a branch that is not there, for a tag, or for the branch that a clone checks out; StaleError when it
    has commits that never came here, or somebody moved it meanwhile. None goes when one of them may not.
    """
    opened = open_begun(repository, remote)
    refuse_unwritable(opened)
    there = {seen.ref.name: seen for seen in read_refs(opened.place)}
    seen = [_removable(repository, opened, there, name) for name in dict.fromkeys(names)]
    by, at = git.author(repository.root), stamp(clock())
    for each in seen:
        if not remove_ref(opened.place, each, by, at) and read_ref(opened.place, each.ref.name) is not None:
            raise _moved(opened, each)
        forget(repository, f"{REMOTES}{remote.name}/{brief(each.ref.name)}", "push --delete")
    opened.place.settle()
    return tuple(Deleted(brief(each.ref.name), each.ref.commit) for each in seen)


def _removable(repository: Repository, opened: Open, there: dict[str, SeenRef], name: str) -> SeenRef:
    label = opened.remote.name
    branches = [brief(each) for each in there if each.startswith(BRANCHES)]
    found = there.get(f"{BRANCHES}{name}")
    if found is None:
        near, listed = nearest(name, branches), ", ".join(branches) or "none"
        if f"{TAGS}{name}" in there:
            raise UsageError(f"`{name}` is a tag of `{label}`", help="a tag says the same for ever; only branches go")
        raise UsageError(
            f"`{label}` has no branch `{name}`", help=f"did you mean `{near}`?" if near else f"its branches: {listed}"
        )
    if name == next((main for main in MAIN_BRANCHES if main in branches), None):
        raise UsageError(
            f"`{name}` is what a clone of `{label}` checks out", help="it stays; other branches can be deleted"
        )
    if not repository.workspace.store.has(found.ref.commit):
        raise _moved(opened, found)
    return found


def _moved(opened: Open, seen: SeenRef) -> StaleError:
    name, label = brief(seen.ref.name), opened.remote.name
    return StaleError(
        f"`{name}` on `{label}` has commits that never came here: {seen.ref.by} pushed {short(seen.ref.commit)} at "
        f"{seen.ref.at}",
        help=f"`modelsync fetch {label}`, look at `modelsync log {label}/{name}`, then delete it again",
    )
