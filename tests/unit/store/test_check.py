from __future__ import annotations

import os
import random
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import UsageError
from modelsync.store.findings import Damage, Part
from modelsync.store.objects import Store

BIG = random.Random(5).randbytes(700_000)
SEED = 20


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """One folder of small files in a pack of its own, one file of several chunks, one of a few bytes."""
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in range(5):
        (folder / f"f{number}").write_bytes(random.Random(number).randbytes(1000))
    (folder / "again").write_bytes(BIG)
    store = Store(tmp_path / "store")
    store.put_folder(folder)
    store.put_bytes(BIG)
    store.put_bytes(b"alone")
    return store


def pack(store: Store, digest: Digest) -> Path:
    return store.places.pack(store.index.find([bytes.fromhex(digest)])[bytes.fromhex(digest)].pack)


def change(path: Path, act: Callable[[bytearray], object]) -> None:
    data = bytearray(path.read_bytes())
    act(data)
    path.chmod(0o644)
    path.write_bytes(data)


def flip(store: Store, digest: Digest) -> Path:
    """Flip a bit in the middle of a record."""
    record = store.index.find([bytes.fromhex(digest)])[bytes.fromhex(digest)].record
    path = pack(store, digest)

    def act(data: bytearray) -> None:
        data[record.offset + record.stored // 2] ^= 4

    change(path, act)
    return path


def roots(store: Store) -> list[Digest]:
    return [Digest(put.id.hex()) for put in store.index.puts()]


def test_a_whole_store_has_no_damage(store: Store) -> None:
    assert store.verify(roots(store)) == store.verify_quickly(roots(store)) == []


def test_no_store_has_no_damage(tmp_path: Path) -> None:
    assert Store(tmp_path / "none").verify() == Store(tmp_path / "none").verify_quickly() == []
    assert not (tmp_path / "none").exists()


def test_a_flipped_bit_is_found_and_named_with_what_suffers(store: Store) -> None:
    digest = of_bytes(random.Random(3).randbytes(1000))
    path = flip(store, digest)
    [damage] = store.verify()
    assert (damage.path, damage.digest, damage.part) == (path, digest, Part.RECORD)
    [file] = damage.affects
    assert file.startswith("f3 (folder ")
    assert store.verify_quickly() == []  # that is what the full check is for


def test_a_damaged_chunk_names_the_file_it_is_a_part_of(store: Store) -> None:
    recipe = store.reader.recipe(bytes.fromhex(of_bytes(BIG)))
    assert recipe is not None
    chunk = Digest(recipe.chunks[2][0].hex())
    flip(store, chunk)
    [damage] = store.verify()
    assert damage.digest == chunk
    assert damage.affects[0].startswith(chunk) or damage.affects[0].startswith("again (folder ")
    assert any(name.startswith("again (folder ") for name in damage.affects)


@pytest.mark.parametrize("full", ["verify", "verify_quickly"])
@pytest.mark.parametrize("how", ["cut", "empty", "grow", "remove", "folder", "end"])
def test_a_torn_pack_is_found_by_both_checks(store: Store, how: str, full: str) -> None:
    digest = of_bytes(b"alone")
    path = pack(store, digest)
    match how:
        case "cut":
            change(path, lambda data: data.pop())
        case "empty":
            change(path, bytearray.clear)
        case "grow":
            change(path, lambda data: data.append(0))
        case "end":
            change(path, lambda data: data.__setitem__(-100, data[-100] ^ 1))
        case "remove":
            path.unlink()
        case "folder":
            path.unlink()
            path.mkdir()
    found: list[Damage] = getattr(store, full)([digest])
    assert [(damage.path, damage.digest, damage.part) for damage in found] == [(path, path.stem, Part.PACK)]
    assert found[0].affects == (digest,)


def test_what_a_fact_names_and_nobody_has_is_found(store: Store) -> None:
    digest = of_bytes(b"never stored")
    [damage] = store.verify_quickly([digest])
    assert (damage.digest, damage.part, "a fact names it" in damage.what) == (digest, Part.MISSING, True)


def test_a_row_that_lies_is_found(store: Store) -> None:
    digest = of_bytes(b"alone")
    with store.index.database.writing() as connection:
        connection.execute("update record set offset = offset + 1 where id = ?", (bytes.fromhex(digest),))
    [damage] = store.verify_quickly()
    assert (damage.path, damage.digest, damage.part) == (store.places.index, digest, Part.INDEX)


def test_a_pack_of_another_size_than_its_row_says_is_found(store: Store) -> None:
    with store.index.database.writing() as connection:
        connection.execute("update pack set bytes = bytes + 1 where number = 1")
    [damage] = store.verify_quickly()
    assert damage.part is Part.PACK
    assert "bytes long, expected" in damage.what
    assert store.repair().left == ()
    assert store.verify() == []


def test_lost_rows_are_found_by_what_needs_them(store: Store) -> None:
    small = of_bytes(random.Random(3).randbytes(1000))
    recipe = store.reader.recipe(bytes.fromhex(of_bytes(BIG)))
    assert recipe is not None
    with store.index.database.writing() as connection:
        for item in (bytes.fromhex(small), recipe.chunks[1][0]):
            connection.execute("delete from record where id = ?", (item,))
    found = {damage.digest: damage for damage in store.verify_quickly()}
    assert found.keys() == {small, of_bytes(BIG)}
    assert "`f3`" in found[small].what
    assert recipe.chunks[1][0].hex() in found[of_bytes(BIG)].what


@pytest.mark.parametrize("what", ["cut", "garbage", "empty", "missing", "no table"])
def test_a_broken_index_is_found(store: Store, what: str) -> None:
    store.close()
    path = store.places.index
    match what:
        case "cut":
            change(path, lambda data: data.__delitem__(slice(4096, None)))
        case "garbage":
            path.write_bytes(b"no database" * 5000)
        case "empty":
            path.write_bytes(b"")
        case "missing":
            path.unlink()
        case "no table":
            connection = sqlite3.connect(path)
            connection.execute("drop table record")
            connection.close()
    found = Store(store.root).verify()
    assert [(damage.path, damage.part) for damage in found] == [(path, Part.INDEX)]


def test_config_and_strangers_are_named(store: Store) -> None:
    store.places.config.write_text("{")
    (store.root / "notes.txt").write_text("x")
    (store.places.packs / "notes.txt").write_text("x")
    right = pack(store, of_bytes(b"alone"))
    wrong = store.places.packs / "ff" / right.name
    wrong.parent.mkdir(exist_ok=True)
    wrong.write_bytes(right.read_bytes())
    (right.parent / f"{'f' * 64}.pack").symlink_to(right)
    old = store.places.pack("0" * 64)
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(b"x")
    assert old not in {damage.path for damage in store.verify_quickly()}  # its writer may be about to name it
    os.utime(old, (0, 0))
    found = {damage.path: damage.part for damage in store.verify_quickly()}
    assert found == {
        store.places.config: Part.CONFIG,
        store.root / "notes.txt": Part.STRANGER,
        store.places.packs / "notes.txt": Part.STRANGER,
        wrong: Part.STRANGER,
        right.parent / f"{'f' * 64}.pack": Part.STRANGER,
        old: Part.STRANGER,
    }


def test_what_a_dead_process_left_is_named(store: Store) -> None:
    left = store.places.temp / ".1-ab.tmp"
    left.write_text("half")
    assert store.verify() == []
    os.utime(left, (0, 0))
    [damage] = store.verify()
    assert (damage.path, damage.digest) == (left, None)


def test_a_file_that_only_begins_like_a_manifest_is_no_folder(store: Store) -> None:
    manifest = store.read_bytes(roots(store)[0])
    assert store.verify([store.put_bytes(manifest + b"more\n").digest]) == []


def _findings(store: Store, expected: Iterable[Digest]) -> list[str]:
    """What the full check says, as text; a refusal of the whole store says something too."""
    try:
        return [str(damage) for damage in store.verify(expected)]
    except UsageError as error:  # the flipped bit made the format a newer one
        return [f"{store.places.config}: {error}"]


def test_sixty_random_damages_are_all_found_or_harmless(store: Store, tmp_path: Path) -> None:
    """A changed store either says so, or still gives every byte back."""
    contents = {digest: store.read_bytes(digest) for digest in roots(store)}
    chance = random.Random(SEED)
    store.close()
    files = sorted(path for path in store.root.rglob("*") if path.is_file())
    shutil.copytree(store.root, tmp_path / "whole")
    named = 0
    for _ in range(60):
        path = chance.choice(files)
        data = bytearray(path.read_bytes())
        act = chance.choice(["flip", "flip", "cut", "zero", "remove"])
        at = chance.randrange(len(data))
        if act == "flip":
            data[at] ^= 1 << chance.randrange(8)
        elif act == "cut":
            del data[at:]
        elif act == "zero":
            data[at : at + 512] = bytes(len(data[at : at + 512]))
        path.chmod(0o644)
        path.unlink() if act == "remove" else path.write_bytes(data)
        after = Store(store.root)
        found = _findings(after, contents)
        if found:
            named += 1
            assert any(path.name in said or path.stem in said for said in found), (path, act, found)
        else:
            assert {digest: after.read_bytes(digest) for digest in contents} == contents, (path, act)
        after.close()
        shutil.rmtree(store.root)
        shutil.copytree(tmp_path / "whole", store.root)
    assert named > 40
    assert Store(store.root).verify(contents) == []


def test_no_false_alarm_beside_writers_and_a_collection(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()
    errors: list[BaseException] = []

    def work(number: int) -> None:
        mine, count = Store(store.root), 0
        try:
            while not stop.is_set():
                count += 1
                mine.put_bytes(random.Random(number * 1000 + count).randbytes(100_000 if count % 3 else 400_000))
                if count % 5 == 0:
                    mine.collect([])
        except BaseException as error:
            errors.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(8):
            assert store.verify(roots(store)) == []
            assert store.verify_quickly(roots(store)) == []
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert [error for error in errors if "another process cleans up" not in str(error)] == []
