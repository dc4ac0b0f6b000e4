from __future__ import annotations

from pathlib import Path

from modelsync.store.places import Places


def test_everything_lies_below_the_root_but_what_can_be_made_again() -> None:
    places = Places(Path("home/store"))
    inside = [places.config, places.index, places.packs, places.temp, places.objects, places.damaged]
    assert all(path.parent == Path("home/store") for path in inside)
    assert places.cache == Path("home/cache")
    assert places.pack("ab" * 32) == Path("home/store/packs/ab") / f"{'ab' * 32}.pack"
