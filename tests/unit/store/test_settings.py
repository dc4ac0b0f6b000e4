from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError, UsageError
from modelsync.store.chunking import Chunker
from modelsync.store.objects import Store
from modelsync.store.places import Places
from modelsync.store.settings import read_settings, write_settings

USUAL = {
    "format": 1,
    "chunker": {"name": "fastcdc2020", "min": 16384, "avg": 65536, "max": 262144, "seed": 0},
    "hash": "sha256",
    "codec": "zstd-1",
}


def test_the_usual_settings_are_pinned_once(tmp_path: Path) -> None:
    places = Places(tmp_path)
    assert read_settings(places) == Chunker()
    write_settings(places)
    assert json.loads(places.config.read_text()) == USUAL
    other = USUAL | {"chunker": {"name": "fastcdc2020", "min": 4096, "avg": 16384, "max": 65536, "seed": 7}}
    places.config.write_text(json.dumps(other))
    write_settings(places)
    assert read_settings(places) == Chunker("fastcdc2020", 4096, 16384, 65536, 7)


def test_a_newer_store_is_refused_and_not_touched(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    digest = store.put_bytes(b"x").digest
    store.close()
    store.places.config.write_text(json.dumps(USUAL | {"format": 2, "new": True}))
    before = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    for act in (
        lambda: Store(store.root).put_bytes(b"y"),
        lambda: Store(store.root).read_bytes(digest),
        lambda: Store(store.root).collect([]),
        lambda: Store(store.root).repair(),
        lambda: Store(store.root).verify(),
    ):
        with pytest.raises(UsageError, match=r"has format 2.*knows formats up to 1") as caught:
            act()
        assert "update" in caught.value.help
    assert {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "change",
    [
        {"format": "1"},
        {"format": 0},
        {"hash": "md5"},
        {"chunker": None},
        {"chunker": {"name": "other", "min": 16384, "avg": 65536, "max": 262144, "seed": 0}},
        {"chunker": {"name": "fastcdc2020", "min": 0, "avg": 65536, "max": 262144, "seed": 0}},
        {"chunker": {"name": "fastcdc2020", "min": 16384, "avg": True, "max": 262144, "seed": 0}},
        {"chunker": {"name": "fastcdc2020", "min": 16384, "avg": 65536, "max": 262144, "seed": -1}},
    ],
)
def test_settings_that_say_nothing_stop_a_put_but_no_read(tmp_path: Path, change: dict[str, Any]) -> None:
    store = Store(tmp_path / "store")
    digest: Digest = store.put_bytes(b"x").digest
    store.places.config.write_text(json.dumps(USUAL | change))
    after = Store(store.root)
    with pytest.raises(DamageError, match=r"config\.json.* is damaged") as caught:
        after.put_bytes(b"y")
    assert "fsck --repair" in caught.value.help
    assert after.read_bytes(digest) == b"x"


def test_a_text_that_is_no_json_is_damage(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("[" * 100_000)
    with pytest.raises(DamageError):
        read_settings(Places(tmp_path))
