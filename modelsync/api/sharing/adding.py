"""`remote add`: a place is tried before it is remembered."""

from __future__ import annotations

from modelsync.api.sharing.opening import Standing, open_begun, open_remote, standing
from modelsync.api.sharing.remotes import Remote, keep, refuse_name
from modelsync.api.versions.repository import Repository


def add(repository: Repository, remote: Remote) -> Standing:
    """Remember a remote; what may be done there.

    UsageError when the name is taken, the address can't be one or there is no such bucket; SurroundingsError when
    nobody answers.
    """
    refuse_name(repository, remote.name)
    found = standing(open_remote(repository, remote))
    if found is Standing.READ_ONLY:
        open_begun(repository, remote)
    keep(repository, remote)
    return found
