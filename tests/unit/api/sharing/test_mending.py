from __future__ import annotations

from pathlib import Path

from modelsync.api.sharing.mending import fetcher
from modelsync.api.sharing.remotes import Remote, keep
from modelsync.core.digest import Digest
from tests.unit.api.sharing.conftest import Clone


def test_a_damaged_store_is_mended_from_its_remotes(ada: Clone, shared: Path) -> None:
    keep(ada.repository, Remote("away", "http://127.0.0.1:1/x"))
    repository = ada.repository
    tip = ada.tip
    assert tip is not None
    expected = [tip, repository.history.commit(tip).tree]
    store = repository.workspace.store
    for path in store.places.packs.rglob("*.pack"):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:-40])
    assert store.verify(expected) != []
    repaired = store.repair(expected, fetcher(repository))
    assert repaired.left == () and store.verify(expected) == []
    assert fetcher(repository)(Digest("0" * 64)) is None


def test_nobody_is_asked_before_something_is_wanted(ada: Clone) -> None:
    keep(ada.repository, Remote("away", "http://127.0.0.1:1/x"))
    fetch = fetcher(ada.repository)
    assert fetch(Digest("0" * 64)) is None
