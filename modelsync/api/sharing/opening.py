"""A remote opened: reached with the credentials of this machine, known as far as its tables were fetched."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from modelsync.api.sharing.remotes import FOLDER, Remote
from modelsync.api.versions.repository import Repository
from modelsync.core.errors import SurroundingsError, UsageError
from modelsync.data.sources import profiles
from modelsync.store.durable import fresh_file
from modelsync.store.remotes.address import parse
from modelsync.store.remotes.asking import DeniedError
from modelsync.store.remotes.base import Access, Place
from modelsync.store.remotes.cache import RemoteTables
from modelsync.store.remotes.kinds import open_place
from modelsync.store.remotes.layout import begin, has_begun
from modelsync.store.remotes.probing import compares_and_sets

_TABLES, _STANDING = "tables.db", "standing.json"


class Standing(StrEnum):
    """What may be done on a remote."""

    SHARED = "shared"  # it compares before it sets: any number of people may push
    SINGLE = "single"  # it does not: two who push at once would overwrite each other
    READ_ONLY = "read-only"


@dataclass(frozen=True)
class Open:
    """A remote, the place it names, and what is known to lie there."""

    remote: Remote
    place: Place
    tables: RemoteTables
    cache: Path


def open_remote(repository: Repository, remote: Remote) -> Open:
    """Reach for a remote; nobody is asked yet."""
    address = parse(remote.url, repository.root)
    place = open_place(address, _access(address.kind, remote))
    cache = repository.workspace.home / FOLDER / remote.name
    return Open(remote, place, RemoteTables(cache / _TABLES, place), cache)


def open_begun(repository: Repository, remote: Remote) -> Open:
    """The same for those who read: UsageError when nothing was ever pushed there."""
    opened = open_remote(repository, remote)
    if not has_begun(opened.place):
        raise UsageError(
            f"there is no data of ModelSync at `{remote.url}`",
            help="check the address; the first `modelsync push` to a bucket or folder makes one",
        )
    return opened


def standing(opened: Open) -> Standing:
    """What may be done there, tried once and remembered."""
    file = opened.cache / _STANDING
    tried = {"url": opened.remote.url, "endpoint": opened.remote.endpoint}
    kept = _kept(file, tried)
    if kept is not None:
        return kept
    found = _try(opened)
    with fresh_file(file, temp=file.parent) as handle:
        handle.write(json.dumps({**tried, "standing": found.value}).encode())
    return found


def _kept(file: Path, tried: Mapping[str, str]) -> Standing | None:
    """What was found at the same address before; None when nothing was, or it can't be read."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
        found = Standing(value.pop("standing"))
        return found if value == tried else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def refuse_unwritable(opened: Open) -> None:
    """UsageError when nothing may be written there, or nobody but a single writer may."""
    found, remote = standing(opened), opened.remote
    if found is Standing.READ_ONLY:
        raise UsageError(
            f"`{remote.url}` can only be read from here", help="use another remote for writing, or other credentials"
        )
    if found is Standing.SINGLE and not remote.single_writer:
        raise UsageError(
            f"`{remote.url}` can't be shared: it overwrites an object although it was asked to compare first, so that "
            "of two who push at once one would be lost",
            help="if you are the only one who ever pushes there, say so with --single-writer",
        )


def _try(opened: Open) -> Standing:
    if parse(opened.remote.url, Path()).kind == "http":
        return Standing.READ_ONLY
    has_begun(opened.place)  # when not even this is possible, it is told
    try:
        begin(opened.place)
        return Standing.SHARED if compares_and_sets(opened.place) else Standing.SINGLE
    except SurroundingsError as error:
        refusal = getattr(error.__cause__, "errno", None)
        if isinstance(error, DeniedError) or refusal in (errno.EACCES, errno.EPERM, errno.EROFS):
            return Standing.READ_ONLY
        raise


def _access(kind: str, remote: Remote) -> Access:
    options = dict(remote.credentials())
    endpoint = remote.endpoint
    if kind == "s3":
        options = profiles.settings(os.environ) | options
        endpoint = endpoint or options.pop("endpoint", "")
        options.pop("endpoint", None)
    if kind == "gs" and not endpoint:
        emulator = os.environ.get("STORAGE_EMULATOR_HOST", "")  # as Google's own tools are led to one
        endpoint = emulator if "://" in emulator or not emulator else f"http://{emulator}"
    return Access(endpoint, remote.region, options)
