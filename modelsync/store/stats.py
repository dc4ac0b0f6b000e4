"""What a store holds in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.store.packs import FILE, Kind
from modelsync.store.reading import Reader

_QUERY = """
select
    count(*) filter (where kind = :recipe or flags & :file),
    coalesce(sum(size) filter (where kind = :recipe or flags & :file), 0),
    count(*) filter (where kind = :chunk),
    coalesce(sum(raw) filter (where kind = :chunk), 0),
    coalesce(sum(stored) filter (where kind = :chunk), 0)
from record
"""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts and bytes. `logical` is what the files would take one by one, `unique` their different chunks, `packed`
    the same compressed, `stored` all packs and whole files of the first form as they lie on the disk.
    """

    files: int
    chunks: int
    packs: int
    logical: int
    unique: int
    packed: int
    stored: int

    @property
    def sharing(self) -> float:
        """How many times smaller by keeping equal chunks once."""
        return self.logical / self.unique if self.unique else 1.0

    @property
    def compression(self) -> float:
        """How many times smaller by compression."""
        return self.unique / self.packed if self.packed else 1.0


def stats(reader: Reader) -> Stats:
    """The numbers of a store now."""
    values = {"recipe": int(Kind.RECIPE), "chunk": int(Kind.CHUNK), "file": FILE}
    with reader.index.database.reading() as connection:
        row = (0, 0, 0, 0, 0) if connection is None else connection.execute(_QUERY, values).fetchone()
    files, logical, chunks, unique, packed = row
    packs = reader.index.packs()
    stored = sum(pack.size for pack in packs.values())
    for _, path in reader.loose.all():
        size = path.stat().st_size
        files, logical, unique, packed, stored = files + 1, logical + size, unique + size, packed + size, stored + size
    return Stats(files, chunks, len(packs), logical, unique, packed, stored)
