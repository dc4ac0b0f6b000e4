"""`store stats`, `fsck`, `gc`: what the store holds, whether all of it is right, and what nothing needs any more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from modelsync.api.versions import telling
from modelsync.api.versions.repository import Repository
from modelsync.core.clock import now
from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError
from modelsync.engine.workspace import Workspace
from modelsync.registry.commits import DATA_COMMITTED
from modelsync.registry.references import REF_MOVED
from modelsync.registry.state import State
from modelsync.store.collecting import Collected
from modelsync.store.database import any_pack
from modelsync.store.findings import Damage, Part
from modelsync.store.repairing import Repaired
from modelsync.store.stats import Stats

_DIGEST = re.compile(r"[0-9a-f]{64}")
_OF_COMMITS = (REF_MOVED, DATA_COMMITTED)  # the references themselves say which commits are still needed


def stats(workspace: Workspace) -> Stats:
    """The store in numbers."""
    return workspace.store.stats()


def check(workspace: Workspace) -> list[Damage]:
    """What is wrong by sizes, tables and names; the bytes themselves are not read."""
    return [*workspace.store.verify_quickly(_known(workspace)), *_lost_registry(workspace)]


def check_fully(workspace: Workspace) -> list[Damage]:
    """What is wrong when every byte is read."""
    return [*workspace.store.verify(_known(workspace)), *_lost_registry(workspace)]


def repair(workspace: Workspace) -> Repaired:
    """Read every byte and mend what can be mended, with what is on this machine and on remotes that answer."""
    from modelsync.api.sharing.mending import fetcher  # object stores take time to import

    fetch = fetcher(Repository(workspace))
    mended: tuple[Damage, ...] = ()
    while True:  # a commit that comes back may show that what it names is missing
        expected = _known(workspace)
        repaired = workspace.store.repair(expected, fetch)
        mended += repaired.mended
        if not repaired.mended or _known(workspace) <= expected:
            return Repaired(mended, (*repaired.left, *_lost_registry(workspace)))


def collectable(workspace: Workspace) -> Collected:
    """What `collect` would give back now; nothing is changed."""
    return workspace.store.collectable(roots(workspace))


def collect(workspace: Workspace) -> Collected:
    """Remove what nothing needs: no fact, no reference, no commit that one left in the last 30 days, nothing young."""
    return workspace.store.collect(roots(workspace))


def needed(workspace: Workspace) -> set[Digest]:
    """The files and folders that must be there: those of recorded versions, of deployments and of tracked files.

    DamageError when a commit can't be read.
    """
    repository, moment = Repository(workspace), now()
    tips = repository.references.roots(moment)  # each must be there, while a pointer in Git may name what never came
    return {*_of_facts(workspace.state()), *tips, *telling.roots(repository, moment)}


def _known(workspace: Workspace) -> set[Digest]:
    """What must be there as far as that can be told: behind a commit that is damaged nobody can see."""
    try:
        return needed(workspace)
    except DamageError:
        repository = Repository(workspace)
        staged = repository.tracked.staged
        seen = repository.references.roots(now()) | (set() if staged is None else {staged})
        return {*_of_facts(workspace.state()), *seen}


def names(workspace: Workspace) -> dict[str, str]:
    """What people call stored content: `rows@1.2.0`, `rows@1.2.0 (as a table)`, `model churn@0.1.0`, by digest."""
    state = workspace.state()
    found: dict[str, str] = {}
    for version in (each for versions in state.datasets.values() for each in versions):
        found.setdefault(version.table.digest, f"{version.spelled} (as a table)")
        found[version.digest] = version.spelled
    for model in (each for models in state.models.values() for each in models):
        found[model.artifact.digest] = f"model {model.model}@{model.version}"
    return found


def roots(workspace: Workspace) -> set[Digest]:
    """Everything that is kept: what must be there, and whatever stored content any fact names at all.

    Facts are searched as they are written, so that a kind which only a newer ModelSync knows keeps its bytes too.
    DamageError when there is content and not a single fact: then the registry was lost, and with it what is needed.
    """
    if _says_nothing(workspace):
        raise DamageError(
            f"the registry `{workspace.journal.path}` says nothing, and the store holds content",
            help="bring it back from a backup, or clone from a remote; nothing may be collected without it. "
            "Where nothing was ever committed, `modelsync commit` is the first fact",
        )
    named = {
        Digest(digest)
        for event in workspace.journal.events()
        if event.kind not in _OF_COMMITS
        for digest in _digests(event.payload)
    }
    return needed(workspace) | (named - workspace.store.reader.lacking(sorted(named)))


def _says_nothing(workspace: Workspace) -> bool:
    """Whether there is content and not a single fact."""
    return next(workspace.journal.events(), None) is None and any_pack(workspace.store.places)


def _lost_registry(workspace: Workspace) -> list[Damage]:
    """The registry, when it was lost; one without facts is whole where something is staged for the first commit."""
    repository, path = Repository(workspace), workspace.journal.path
    is_young = path.exists() and repository.tracked_file.exists() and not repository.pointer_file.exists()
    if is_young or not _says_nothing(workspace):
        return []
    what = "holds no fact, and" if path.exists() else "is missing, and"
    what += " the store holds content; bring it back from a backup, or clone from a remote: `gc` refuses until then"
    return [Damage(path, None, what, Part.MISSING)]


def _of_facts(state: State) -> Iterator[Digest]:
    for versions in state.datasets.values():
        for dataset in versions:
            yield from (Digest(dataset.digest), dataset.table.digest)
    for models in state.models.values():
        yield from (model.artifact.digest for model in models)
    yield from (deployment.artifact.digest for deployment in state.live.values())


def _digests(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _DIGEST.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _digests(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _digests(inner)
