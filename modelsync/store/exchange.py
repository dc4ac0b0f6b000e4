"""What remotes need: which records there are, which are missing, chosen records as a new pack, and packs of others."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from modelsync.core.digest import of_file
from modelsync.core.errors import DamageError
from modelsync.store.durable import fresh_file, said
from modelsync.store.packs import PackWriter, Record, Sealed, read_stored, read_table, verified
from modelsync.store.reading import BadRecordError, Reader

_READ_ONLY = 0o444


def tables(reader: Reader) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """Every pack that the index names, with the table that stands in it; a damaged one is left out."""
    for name in sorted(reader.index.packs()):
        try:
            table = read_table(reader.places.pack(name))
        except (OSError, ValueError):
            continue
        yield name, table


def missing(reader: Reader, ids: Collection[bytes]) -> set[bytes]:
    """Which of these records are not here, or were found damaged."""
    return set(ids) - reader.index.known(ids)


@contextmanager
def pack_of(reader: Reader, ids: Sequence[bytes]) -> Iterator[Sealed]:
    """A pack with exactly these records in this order, as a temporary file that is gone when the block ends.

    Each record is verified on the way. DamageError when one cannot be had.
    """
    writer = PackWriter(reader.places)
    try:
        for identity in dict.fromkeys(ids):
            try:
                record, stored = reader.stored(identity)
            except BadRecordError as bad:
                raise DamageError(
                    f"record {identity.hex()} cannot be had: {bad.why}", help="`modelsync fsck --repair` says more"
                ) from None
            writer.add(record, stored)
        yield writer.seal()
    finally:
        writer.discard()


def adopt_pack(reader: Reader, path: Path) -> Sealed:
    """Take a pack of another store: every record in it is verified first. Again changes nothing.

    DamageError, and nothing is taken, when the file is no whole pack.
    """
    with said("read", path):
        name, size = of_file(path), path.stat().st_size
        try:
            table = read_table(path)
            with path.open("rb") as handle:
                for record in table:
                    verified(record, read_stored(handle.fileno(), record))
        except ValueError as error:
            raise DamageError(f"`{path}` is no whole pack: {error}", help="fetch it again") from None
    reader.index.database.ensure()
    target = reader.places.pack(name)
    if not target.exists() or target.stat().st_size != size:
        with fresh_file(target, temp=reader.places.temp, mode=_READ_ONLY) as copy, path.open("rb") as source:
            shutil.copyfileobj(source, copy, 1 << 20)
    sealed = Sealed(name, size, table, target)
    if reader.index.commit([sealed], (), ()):
        raise DamageError(f"pack {name} vanished while it was taken", help="run it again")
    return sealed
