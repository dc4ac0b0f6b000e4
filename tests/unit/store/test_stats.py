from __future__ import annotations

import random
from pathlib import Path

from modelsync.store.objects import Store
from modelsync.store.stats import Stats


def test_an_empty_store_has_no_numbers(tmp_path: Path) -> None:
    stats = Store(tmp_path / "none").stats()
    assert stats == Stats(0, 0, 0, 0, 0, 0, 0)
    assert (stats.sharing, stats.compression) == (1.0, 1.0)


def test_sharing_and_compression_are_told_apart(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    noise = random.Random(1).randbytes(1_000_000)
    store.put_bytes(noise)
    store.put_bytes(noise + b"more")
    store.put_bytes(noise + b"other")
    stats = store.stats()
    assert (stats.files, stats.packs, stats.logical) == (3, 3, 3_000_009)
    assert 2.3 < stats.sharing < 3
    assert 0.99 < stats.compression < 1.01
    table = Store(tmp_path / "other")
    table.put_bytes(b"id,name\n" * 100_000)
    assert table.stats().compression > 100
    assert table.stats().stored == sum(path.stat().st_size for path in table.places.packs.glob("*/*"))
