"""Lost records brought back from remotes, for `store fsck --repair`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modelsync.api.sharing.opening import Open, open_begun
from modelsync.api.sharing.remotes import remotes
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest
from modelsync.core.errors import ModelSyncError
from modelsync.store.remotes.mending import fetch_record


def fetcher(repository: Repository) -> Callable[[Digest], bytes | None]:
    """A function that asks every remote of a project for a record; None when none of them has it.

    Nobody is asked before the first record is wanted. Remotes that do not answer are left out.
    """
    opened: list[Open] | None = None

    def fetch(digest: Digest) -> bytes | None:
        nonlocal opened
        if opened is None:
            opened = list(_reachable(repository))
        found = (fetch_record(each.place, each.tables, digest) for each in opened)
        return next((raw for raw in found if raw is not None), None)

    return fetch


def _reachable(repository: Repository) -> Iterator[Open]:
    for remote in remotes(repository).values():
        try:
            opened = open_begun(repository, remote)
            opened.tables.refresh()
        except ModelSyncError:
            continue
        yield opened
