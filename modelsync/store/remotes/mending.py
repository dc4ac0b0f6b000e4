"""Single records out of a remote, for a store that lost some."""

from __future__ import annotations

from modelsync.core.digest import Digest
from modelsync.core.errors import SurroundingsError
from modelsync.store.packs import verified
from modelsync.store.remotes.base import Place
from modelsync.store.remotes.cache import RemoteTables
from modelsync.store.remotes.layout import pack_key


def fetch_record(place: Place, tables: RemoteTables, digest: Digest) -> bytes | None:
    """The raw bytes of a record, verified; None when this remote has it not, or damaged, or does not answer."""
    id = bytes.fromhex(digest)
    there = tables.find([id]).get(id)
    if there is None:
        return None
    record = there.record
    try:
        stored = place.ranges(pack_key(there.pack), [(record.offset, record.offset + record.stored)])[0]
        return verified(record, stored)
    except (ValueError, FileNotFoundError, SurroundingsError):
        return None
