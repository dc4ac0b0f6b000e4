"""`pull`: fetch, then merge what came into the branch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.api.sharing.fetching import Fetch, fetch
from modelsync.api.sharing.remotes import Remote
from modelsync.api.versions.merging import Merging, merge
from modelsync.api.versions.overwriting import CAREFUL, Careful
from modelsync.api.versions.repository import Repository
from modelsync.core.errors import UsageError
from modelsync.store.remotes.sending import Progress, silent


@dataclass(frozen=True, slots=True)
class Pulled:
    """What came, and how it was merged; None when the branch has it all already."""

    fetched: Fetch
    merging: Merging | None


def pull(
    repository: Repository,
    remote: Remote,
    name: str | None = None,
    *,
    key: Sequence[str] = (),
    message: str | None = None,
    manner: Careful = CAREFUL,
    progress: Progress = silent,
) -> Pulled:
    """Bring a branch of a remote (default: the one called as ours) into the branch that is checked out.

    The errors of `fetch` and of `merge`.
    """
    wanted = name or repository.references.branch
    if wanted is None:
        raise UsageError("HEAD follows no branch", help="name the branch of the remote to merge")
    fetched = fetch(repository, remote, (wanted,), progress)
    current = Repository(repository.workspace)
    revision = f"{remote.name}/{wanted}"
    if f"remotes/{revision}" not in current.references.values:  # a tag
        revision = wanted
    return Pulled(fetched, merge(current, revision, key=key, message=message, manner=manner))
