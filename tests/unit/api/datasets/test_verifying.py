"""`dataset verify`: every byte read again."""

from __future__ import annotations

from modelsync.api.datasets.verifying import verify
from modelsync.engine.workspace import Workspace
from tests.unit.api.datasets.conftest import OTHER, Shop


def test_clean_then_a_flipped_byte(shop: Shop) -> None:
    shop.write("rows.csv")
    shop("dataset", "add", "rows.csv")
    packs = set((shop.root / ".modelsync/store/packs").rglob("*.pack"))
    shop.write("rows.csv", OTHER)
    shop("dataset", "add", "rows.csv")
    shop.write("bin/a.bin", "some bytes of a folder")
    shop("dataset", "add", "bin")
    lines = shop("dataset", "verify").splitlines()
    assert [line.split()[:2] for line in lines] == [["✓", "rows@1.1.0"], ["✓", "rows@1.0.0"], ["✓", "bin@1.0.0"]]
    for pack in packs:
        data = bytearray(pack.read_bytes())
        data[20] ^= 1
        pack.chmod(0o644)
        pack.write_bytes(data)
    lines = shop("dataset", "verify", exit=9).splitlines()
    assert [line.split()[:2] for line in lines if not line.startswith(" ")] == [
        ["✓", "rows@1.1.0"],
        ["✗", "rows@1.0.0"],
        ["✓", "bin@1.0.0"],
        ["1", "of"],
    ]
    assert shop("dataset", "verify", "rows@1.1.0").startswith("✓")
    assert "there is no dataset `x`" in shop("dataset", "verify", "x", exit=2)


def test_what_versions_share_is_read_once_and_progress_is_told(shop: Shop) -> None:
    shop.write("a.csv")
    shop("dataset", "add", "a.csv")
    shop.write("b.csv")
    shop("dataset", "add", "b.csv")
    told: list[tuple[int, int | None]] = []
    sizes = [each.size for each in verify(Workspace(shop.root), None, lambda done, total: told.append((done, total)))]
    assert sizes[1] == 0
    assert told[-1] == (sizes[0], sizes[0])


def test_nothing_yet(shop: Shop) -> None:
    assert shop("dataset", "verify") == "no dataset is versioned yet\n"
