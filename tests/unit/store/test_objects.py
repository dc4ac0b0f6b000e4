from __future__ import annotations

import errno
import fcntl
import os
import random
import shutil
import stat
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from modelsync.core.digest import Digest, of_bytes, of_file
from modelsync.core.errors import DamageError, SurroundingsError, UsageError
from modelsync.store.folders import HEADER, Entry, Manifest
from modelsync.store.index import Index
from modelsync.store.moments import Moment
from modelsync.store.objects import Store
from modelsync.store.repairing import rebuild_index

DATA = b"some bytes" * 1000
DIGEST = of_bytes(DATA)
NOWHERE = of_bytes(b"never stored")
FORMAT_1 = Path(__file__).parent / "fixtures" / "format_1"
FOLDER = Digest("952559fe4648dfefe86a66d1740c7235a3cfc1dfb58de8cc82c594d11344130c")
# Every call after which a crash or a refusal leaves the disk in another state.
CALLS: list[tuple[Any, str]] = [(os, "fsync"), (os, "fchmod"), (os, "replace"), (fcntl, "flock"), (Path, "mkdir")]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home" / "store")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "folder"
    (root / "sub").mkdir(parents=True)
    (root / "a").write_bytes(b"a")
    (root / "sub" / "b").write_bytes(b"bb")
    (root / "sub" / "b").chmod(0o755)
    (root / "sub" / "again").write_bytes(b"a")
    return root


def _place(store: Store, digest: str = DIGEST) -> Path:
    """The pack in which a record lies."""
    return store.places.pack(store.index.find([bytes.fromhex(digest)])[bytes.fromhex(digest)].pack)


def _damage(store: Store, digest: str = DIGEST) -> None:
    """Flip one bit of a record, where it lies."""
    record = store.index.find([bytes.fromhex(digest)])[bytes.fromhex(digest)].record
    path = _place(store, digest)
    data = bytearray(path.read_bytes())
    data[record.offset + record.stored // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def _packs(store: Store) -> list[Path]:
    return sorted(store.places.packs.glob("*/*.pack"))


def test_a_store_of_format_1_opens_for_ever(tmp_path: Path) -> None:
    """What an earlier version wrote is read, checked, and shared with what is put now."""
    shutil.copytree(FORMAT_1, tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.verify([FOLDER]) == store.verify_quickly([FOLDER]) == []
    store.restore_folder(FOLDER, tmp_path / "back")
    assert (tmp_path / "back" / "card.md").read_text() == "# A model\n" * 200
    assert (tmp_path / "back" / "weights" / "part-1.bin").stat().st_size == 140_000
    assert os.access(tmp_path / "back" / "run.sh", os.X_OK)
    before = store.stats()
    assert (before.files, before.chunks, before.packs) == (7, 8, 2)
    assert store.put_folder(tmp_path / "back").digest == FOLDER
    assert store.stats() == before
    rebuild_index(store.reader)
    assert store.stats() == before
    assert store.collect([FOLDER], Moment(time.time() + 3 * 24 * 3600, "", 0.0)).packs == 1
    assert store.verify([FOLDER]) == []


def test_nothing_is_created_by_looking(store: Store) -> None:
    assert not store.has(DIGEST)
    assert store.verify() == []
    assert not store.root.exists()


def test_bytes_come_back_and_lie_in_a_read_only_pack(store: Store) -> None:
    stored = store.put_bytes(DATA)
    assert (stored.digest, stored.size) == (DIGEST, len(DATA))
    assert store.has(DIGEST)
    assert store.read_bytes(DIGEST) == DATA
    assert [stat.S_IMODE(path.stat().st_mode) for path in _packs(store)] == [0o444]
    assert of_file(_place(store)) == _place(store).stem


@pytest.mark.parametrize("size", [0, 1, 63, 65536, 65537, 262144, 262145, 3_000_000])
@pytest.mark.parametrize("kind", ["random", "zeros"])
def test_every_size_comes_back(store: Store, tmp_path: Path, size: int, kind: str) -> None:
    data = random.Random(size).randbytes(size) if kind == "random" else bytes(size)
    (tmp_path / "file").write_bytes(data)
    stored = store.put_file(tmp_path / "file")
    assert stored == store.put_bytes(data)
    assert (stored.digest, stored.size) == (of_bytes(data), size)
    assert store.read_bytes(stored.digest) == data
    store.restore_file(stored.digest, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == data
    assert store.verify([stored.digest]) == []


def test_the_same_content_is_stored_once(store: Store, source: Path) -> None:
    first = store.put_file(source)
    packs = _packs(store)
    assert store.put_bytes(DATA) == store.put_file(source) == Store(store.root).put_file(source) == first
    assert _packs(store) == packs
    assert len(packs) == 1


def test_an_insert_stores_little_more_than_itself(store: Store) -> None:
    data = random.Random(1).randbytes(4_000_000)
    store.put_bytes(data)
    before = store.stats()
    store.put_bytes(data[:2_000_000] + b"inserted" * 100 + data[2_000_000:])
    after = store.stats()
    assert after.stored - before.stored < 600_000
    assert (after.files, after.logical - before.logical) == (2, 4_000_800)


def test_storing_again_mends_what_was_found_damaged(store: Store, source: Path) -> None:
    store.put_file(source)
    _damage(store)
    with pytest.raises(DamageError):
        store.read_bytes(DIGEST)
    assert not store.has(DIGEST)
    store.put_file(source)
    assert store.has(DIGEST)
    assert store.read_bytes(DIGEST) == DATA


def test_storing_again_mends_a_pack_that_vanished_or_was_cut(store: Store, source: Path) -> None:
    store.put_file(source)
    _place(store).unlink()
    assert not store.has(DIGEST)
    store.put_file(source)
    assert store.read_bytes(DIGEST) == DATA
    path = _place(store)
    path.chmod(0o644)
    with path.open("r+b") as handle:
        handle.truncate(20)
    store.put_file(source)
    assert store.read_bytes(DIGEST) == DATA


def test_a_file_that_changes_while_it_is_stored_is_noticed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "large"
    source.write_bytes(random.Random(2).randbytes(600_000))
    known = Index.known

    def changing(self: Index, ids: Any) -> Any:
        with source.open("ab") as more:
            more.write(b"x")
        return known(self, ids)

    monkeypatch.setattr(Index, "known", changing)
    with pytest.raises(SurroundingsError, match="changed while it was read"):
        store.put_file(source)
    assert store.verify() == []
    assert _packs(store) == []
    assert list(store.places.temp.iterdir()) == []


@pytest.mark.parametrize("digest", [NOWHERE, DIGEST])
def test_missing_and_damaged_objects_are_named_and_never_returned(store: Store, tmp_path: Path, digest: Digest) -> None:
    store.put_bytes(DATA)
    _damage(store)
    reads: list[Callable[[], object]] = [
        lambda: store.read_bytes(digest),
        lambda: store.open_path(digest),
        lambda: store.read_manifest(digest),
        lambda: store.restore_file(digest, tmp_path / "target"),
        lambda: store.restore_folder(digest, tmp_path / "target"),
        lambda: store.folder_path(digest),
    ]
    for read in reads:
        with pytest.raises(DamageError, match=digest) as caught:
            read()
        assert "run again" in caught.value.help
    assert not (tmp_path / "target").exists()


def test_what_is_no_digest_is_told(store: Store) -> None:
    assert not store.has("../../etc/passwd")
    with pytest.raises(UsageError, match="is not a digest"):
        store.read_bytes(Digest("../../etc/passwd"))


def test_a_file_is_restored_over_what_was_there(store: Store, tmp_path: Path) -> None:
    store.put_bytes(DATA)
    target = tmp_path / "new" / "target"
    store.restore_file(DIGEST, target)
    store.restore_file(DIGEST, target)
    assert target.read_bytes() == DATA
    assert os.access(target, os.W_OK)
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_a_folder_comes_back_as_it_was(store: Store, folder: Path, tmp_path: Path) -> None:
    stored = store.put_folder(folder)
    assert stored.size == 4
    assert [entry.path for entry in store.read_manifest(stored.digest).entries] == ["a", "sub/again", "sub/b"]
    target = tmp_path / "out" / "back"
    store.restore_folder(stored.digest, target)
    assert store.put_folder(target) == stored
    assert os.access(target / "sub" / "b", os.X_OK)
    assert not (target / "a").stat().st_mode & 0o111
    assert [path.name for path in target.parent.iterdir()] == ["back"]


def test_a_folder_is_restored_into_an_empty_one_but_never_over_content(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    stored = store.put_folder(folder)
    (tmp_path / "empty").mkdir()
    store.restore_folder(stored.digest, tmp_path / "empty")
    with pytest.raises(UsageError, match="exists already"):
        store.restore_folder(stored.digest, tmp_path / "empty")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="exists already"):
        store.restore_folder(stored.digest, tmp_path / "file")


def test_a_folder_with_a_damaged_file_is_not_restored_at_all(store: Store, folder: Path, tmp_path: Path) -> None:
    stored = store.put_folder(folder)
    _damage(store, of_bytes(b"bb"))
    with pytest.raises(DamageError, match=of_bytes(b"bb")):
        store.restore_folder(stored.digest, tmp_path / "out" / "back")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_hostile_manifest_writes_nothing_outside(store: Store, tmp_path: Path) -> None:
    store.put_bytes(b"evil")
    for path in ("../evil", "/tmp/evil", "a/../../evil"):
        entry = Entry(path, executable=False, size=4, digest=of_bytes(b"evil"))
        hostile = store.put_bytes(Manifest((entry,)).encode())
        with pytest.raises(DamageError, match="not a path below the folder"):
            store.restore_folder(hostile.digest, tmp_path / "out" / "back")
    assert not (tmp_path / "evil").exists()


def test_a_file_is_no_folder(store: Store) -> None:
    store.put_bytes(HEADER.encode()[:-2])
    with pytest.raises(DamageError, match="is not a folder"):
        store.read_manifest(of_bytes(HEADER.encode()[:-2]))


def test_links_are_refused_before_anything_is_stored(store: Store, folder: Path) -> None:
    (folder / "z").symlink_to("a")
    with pytest.raises(UsageError, match="`z`"):
        store.put_folder(folder)
    assert not store.root.exists()


def test_a_folder_to_read_in_place_is_made_once(store: Store, folder: Path) -> None:
    stored = store.put_folder(folder)
    path = store.folder_path(stored.digest)
    assert path == store.root.parent / "cache" / stored.digest
    inode = path.stat().st_ino
    assert store.folder_path(stored.digest) == Store(store.root).folder_path(stored.digest) == path
    assert path.stat().st_ino == inode
    assert (path / "sub" / "b").read_bytes() == b"bb"


@pytest.mark.parametrize("how", ["change", "remove", "add", "link", "file"])
def test_a_folder_in_place_that_was_touched_is_made_anew(store: Store, folder: Path, tmp_path: Path, how: str) -> None:
    stored = store.put_folder(folder)
    path = store.folder_path(stored.digest, tmp_path / "cache")
    match how:
        case "change":
            (path / "a").write_bytes(b"x")
        case "remove":
            (path / "a").unlink()
        case "add":
            (path / "more").write_bytes(b"x")
        case "link":
            (path / "a").unlink()
            (path / "a").symlink_to("sub/again")
        case "file":
            path.rename(path.with_name("moved"))
            path.write_text("")
    again = Store(store.root).folder_path(stored.digest, tmp_path / "cache")
    assert again == path
    assert store.put_folder(path) == stored


def test_a_folder_in_place_that_vanished_is_made_anew(store: Store, folder: Path) -> None:
    stored = store.put_folder(folder)
    path = store.folder_path(stored.digest)
    path.rename(path.with_name("moved"))
    assert (store.folder_path(stored.digest) / "a").is_file()


def test_a_cache_that_cannot_be_had_is_told(store: Store, folder: Path, tmp_path: Path) -> None:
    stored = store.put_folder(folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(SurroundingsError, match="cannot write"):
        store.folder_path(stored.digest, tmp_path / "file" / "cache")


def test_many_threads_get_the_same_folder(store: Store, folder: Path) -> None:
    stored = store.put_folder(folder)
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: Store(store.root).folder_path(stored.digest), range(16)))
    assert len(set(paths)) == 1
    assert store.put_folder(paths[0]) == stored
    assert [path.name for path in paths[0].parent.iterdir()] == [stored.digest]


def test_many_threads_store_the_same_and_other_content(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.put_bytes(b"%d" % (number % 10)), range(80)))
    assert store.verify([of_bytes(b"%d" % number) for number in range(10)]) == []
    assert store.stats().files == 10


def test_the_first_put_sweeps_what_dead_processes_left(store: Store) -> None:
    store.put_bytes(b"x")
    left = store.root / "tmp" / ".1-ab.tmp"
    left.write_text("half")
    os.utime(left, (0, 0))
    Store(store.root).put_bytes(b"y")
    assert not left.exists()
    (store.root / "tmp" / "folder").mkdir()
    os.utime(store.root / "tmp" / "folder", (0, 0))
    assert store.sweep() == []


def _nth(count: int, act: Callable[[], None], calls: list[int]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Wrap a function so that `act` happens at the call of that number, counted over all wrapped functions."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            calls.append(1)
            if len(calls) == count:
                act()
            return original(*arguments, **options)

        return counted

    return wrap


def test_a_refusal_at_any_point_leaves_a_whole_store(tmp_path: Path, source: Path) -> None:
    """The same with a full disk: the call fails, the error names the place, no litter stays."""

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    refusals = 0
    for count in range(1, 100):
        store = Store(tmp_path / f"store-{count}")
        with pytest.MonkeyPatch.context() as patch:
            calls: list[int] = []
            wrap = _nth(count, full, calls)
            for owner, name in CALLS:
                patch.setattr(owner, name, wrap(getattr(owner, name)))
            refusal: SurroundingsError | None = None
            try:
                store.put_file(source)
            except SurroundingsError as error:
                refusal = error
        if refusal is not None:
            assert "No space left" in refusal.message
            assert str(store.root) in refusal.message
        assert store.verify() == []
        assert list((store.root / "tmp").iterdir() if (store.root / "tmp").exists() else []) == []
        assert store.put_file(source).digest == DIGEST
        assert store.read_bytes(DIGEST) == DATA
        if len(calls) < count:
            break
        refusals += refusal is not None
    assert refusals > 8


def test_a_folder_is_there_when_every_file_of_it_is(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "a").write_bytes(b"a")
    (folder / "b").write_bytes(b"b")
    digest = store.put_folder(folder).digest
    assert store.has_folder(digest)
    with store.index.database.writing() as connection:
        connection.execute("delete from record where id = ?", (bytes.fromhex(of_bytes(b"b")),))
    assert store.has(digest)
    assert not store.has_folder(digest)
    assert not store.has_folder(of_bytes(b"nothing"))
    assert not store.has_folder(of_bytes(b"a"))  # there, and no manifest
