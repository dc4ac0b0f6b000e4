from __future__ import annotations

import random
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.store.findings import Findings, Part
from modelsync.store.objects import Store

BIG = random.Random(1).randbytes(400_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    (tmp_path / "folder").mkdir()
    for number in range(30):
        (tmp_path / "folder" / f"same-{number:02}").write_bytes(b"same")
    (tmp_path / "folder" / "big").write_bytes(BIG)
    store.put_folder(tmp_path / "folder")
    store.put_bytes(b"alone")
    return store


def test_a_finding_is_told_once_and_names_what_suffers(store: Store) -> None:
    findings = Findings(store.reader, ())
    recipe = store.reader.recipe(bytes.fromhex(of_bytes(BIG)))
    assert recipe is not None
    alone, chunk, path = of_bytes(b"alone"), recipe.chunks[0][0], Path("x")
    findings.add(Part.RECORD, path, alone, "is damaged", [bytes.fromhex(alone)])
    findings.add(Part.PACK, path, alone, "again")
    findings.add(Part.RECORD, path, Digest(chunk.hex()), "is damaged", [chunk])
    findings.add(Part.STRANGER, path, None, "is strange")
    named = {damage.digest: damage for damage in findings.named()}
    assert len(named) == 3
    assert named[alone].affects == (alone,)
    assert any(name.startswith("big (folder ") for name in named[Digest(chunk.hex())].affects)
    assert named[None].affects == ()
    assert findings.covers(store.reader, alone)
    assert findings.covers(store.reader, of_bytes(BIG))
    assert not findings.covers(store.reader, of_bytes(b"same"))


def test_many_names_are_cut(store: Store) -> None:
    findings = Findings(store.reader, ())
    findings.add(Part.RECORD, Path("x"), of_bytes(b"same"), "is damaged", [bytes.fromhex(of_bytes(b"same"))])
    [damage] = findings.named()
    assert len(damage.affects) == 21
    assert damage.affects[-1] == "and more"
