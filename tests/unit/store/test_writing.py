from __future__ import annotations

import io
import os
import random
import resource
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import SurroundingsError
from modelsync.store import beginnings, chunking, following, writing
from modelsync.store.chunking import Chunker
from modelsync.store.codec import ZSTD
from modelsync.store.following import Seen, Windows
from modelsync.store.hashes import FileHashes
from modelsync.store.moments import Moment
from modelsync.store.objects import Store, Stored
from modelsync.store.packs import FILE, PackWriter
from modelsync.store.recipes import Recipe
from modelsync.store.steady import Identity
from modelsync.store.writing import Session

SPARSE = """
import re, sys
from pathlib import Path
from modelsync.store.moments import Moment
from modelsync.store.objects import Store
stored = Store(Path(sys.argv[1])).put_file(Path(sys.argv[2]))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]  # rusage counts the parent's as well
print(stored.digest, stored.size, peak)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store")
    store.put_bytes(b"first")
    return store


def session(store: Store) -> Session:
    return Session(store.places, store.index, Chunker())


def litter(store: Store) -> list[Path]:
    return list(store.places.temp.iterdir()) if store.places.temp.exists() else []


def test_nothing_is_visible_before_the_commit_and_nothing_stays_without_it(store: Store) -> None:
    data = random.Random(1).randbytes(500_000)
    before = store.stats()
    with session(store) as mine:
        mine.add_bytes(data, FILE)
        mine.add_bytes(b"small", FILE)
        assert store.stats() == before
    assert store.stats() == before
    assert litter(store) == []
    assert store.verify() == []


def test_an_error_in_the_middle_leaves_nothing(store: Store) -> None:
    def broken() -> None:
        with session(store) as mine:
            mine.add_bytes(random.Random(1).randbytes(500_000), FILE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert litter(store) == []
    assert store.verify() == []


def test_a_long_put_names_packs_on_the_way_and_keeps_few_files_open(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PACK_LIMIT", 100_000)
    monkeypatch.setattr(writing, "_PENDING", 3)
    data = random.Random(1).randbytes(3_000_000)
    digest = store.put_bytes(data).digest
    assert store.stats().packs > 10
    assert store.read_bytes(digest) == data
    assert store.verify([digest]) == []


def test_a_put_that_takes_days_is_made_again_when_its_first_packs_were_collected(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PACK_LIMIT", 100_000)
    monkeypatch.setattr(writing, "_PENDING", 3)
    data, times = random.Random(1).randbytes(1_500_000), []
    commit = Session.commit

    def late(self: Session, roots: list[str]) -> bool:
        times.append(1)
        if len(times) == 1:
            assert Store(store.root).collect([], Moment(time.time() + 3 * 24 * 3600, "", 0.0)).records > 3
        return commit(self, roots)

    monkeypatch.setattr(Session, "commit", late)
    digest = store.put_bytes(data).digest
    assert len(times) == 2
    assert store.read_bytes(digest) == data


def test_a_disk_that_fills_while_packs_are_written_leaves_no_litter(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: PackWriter) -> None:
        raise SurroundingsError("cannot write `x`: No space left on device")

    monkeypatch.setattr(writing, "PACK_LIMIT", 100_000)
    monkeypatch.setattr(PackWriter, "seal", full)
    with pytest.raises(SurroundingsError, match="No space left"):
        store.put_bytes(random.Random(1).randbytes(3_000_000))
    monkeypatch.undo()
    assert litter(store) == []
    assert store.verify() == []


def test_a_disk_that_is_full_at_any_size_fails_clean(tmp_path: Path) -> None:
    """The limit on the size of files stands for a full disk: settings, database, log and pack meet it in turn."""
    source = tmp_path / "source"
    source.write_bytes(random.Random(1).randbytes(500_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    refused = 0
    for limit in [0, 100, 2_000, 4_096, 9_000, 20_000, 30_000, *range(33_000, 600_000, 40_000)]:
        store = Store(tmp_path / f"store-{limit}")
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            store.put_file(source)
        except SurroundingsError:
            refused += 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert litter(store) == []
        assert store.verify() == []
        assert store.read_bytes(store.put_file(source).digest) == source.read_bytes()
        assert store.verify() == []
    assert refused > 15


def test_the_same_chunk_many_times_is_written_once(store: Store) -> None:
    before = store.stats().stored
    digest = store.put_bytes(bytes(20_000_000)).digest
    assert store.stats().stored - before < 5_000
    assert store.read_bytes(digest) == bytes(20_000_000)


def test_a_sparse_file_is_streamed(store: Store, tmp_path: Path) -> None:
    size = 400 << 20
    with (tmp_path / "sparse").open("wb") as handle:
        handle.truncate(size)
    said = subprocess.run(
        [sys.executable, "-c", SPARSE, str(store.root), str(tmp_path / "sparse")],
        capture_output=True,
        text=True,
        check=True,
    )
    digest, stored, peak = said.stdout.split()
    assert int(stored) == size
    assert int(peak) < 200 << 10  # KiB
    assert store.reader.size(Digest(digest)) == size


def test_a_file_that_grew_since_it_was_listed_is_noticed(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    seen = Identity.of(path)
    for data in (b"abcd", b"ab"):
        path.write_bytes(data)
        with session(store) as mine, pytest.raises(SurroundingsError, match="changed while"):
            mine.add_listed(str(path), seen)
    path.unlink()
    with session(store) as mine, pytest.raises(SurroundingsError, match="changed while"):
        mine.add_listed(str(path), seen)
    path.symlink_to("elsewhere")
    with session(store) as mine, pytest.raises(SurroundingsError, match="cannot read"):
        mine.add_listed(str(path), seen)


def test_a_stream_says_how_much_it_really_gave(store: Store) -> None:
    with session(store) as mine:
        assert mine.add_stream(io.BytesIO(b"more"), 1, FILE) == (of_bytes(b"more"), 4)


def test_an_unchanged_folder_is_not_read_again(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    for number in range(20):
        (folder / "sub" / f"f{number}").write_bytes(b"%d" % number)
        os.utime(folder / "sub" / f"f{number}", (0, 0))
    (folder / "large").write_bytes(random.Random(1).randbytes(400_000))
    reads: list[str] = []
    add_listed = Session.add_listed

    def counting(self: Session, path: str, seen: Identity) -> Digest:
        reads.append(Path(path).name)
        return add_listed(self, path, seen)

    monkeypatch.setattr(Session, "add_listed", counting)
    with FileHashes(tmp_path / "hashes.db", lambda: time.time_ns() + 10**10) as hashes:
        first = store.put_folder(folder, hashes)
        assert len(reads) == 21
        assert store.put_folder(folder, hashes) == first == store.put_folder(folder)
        assert len(reads) == 42
        (folder / "sub" / "f3").write_bytes(b"changed")
        changed = store.put_folder(folder, hashes)
        assert reads[42:] == ["f3"]
        assert changed == store.put_folder(folder)
        recipe = store.reader.recipe(bytes.fromhex(of_bytes((folder / "large").read_bytes())))
        assert recipe is not None
        store.index.suspect([recipe.chunks[1][0]])
        del reads[:]
        assert store.put_folder(folder, hashes) == changed
        assert reads == ["large"]  # known, but not whole any more
    assert store.verify([changed.digest]) == []


@pytest.mark.parametrize("remembered", [True, False])
def test_a_new_version_is_stored_as_if_it_were_the_first(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remembered: bool
) -> None:
    for module in (beginnings, chunking, following):
        monkeypatch.setattr(module, "EVERY", 1 << 20)
    monkeypatch.setattr(beginnings, "LARGE", 0 if remembered else 1 << 40)
    path, draw = tmp_path / "a", random.Random(1)
    data = draw.randbytes(6_000_000)
    path.write_bytes(data)
    former = store.put_file(path)
    assert (tmp_path / "cache").exists() == remembered
    for place in (3_000_000, 0, 5_999_999, 2_000_000):
        before = store.stats().stored
        data = data[:place] + draw.randbytes(50_000) + data[place:]
        path.write_bytes(data)
        stored = store.put_file(path, former.digest)
        assert stored == Stored(of_bytes(data), len(data))
        assert store.stats().stored - before < 700_000
        whole = Store(tmp_path / f"whole-{place}")
        assert whole.put_file(path) == stored
        assert recipe(store, stored.digest) == recipe(whole, stored.digest)
        assert store.read_bytes(stored.digest) == data
        former = stored
    assert store.verify([former.digest]) == []


def test_a_chunk_of_the_former_version_that_is_lost_is_written_anew(store: Store, tmp_path: Path) -> None:
    path, data = tmp_path / "a", random.Random(1).randbytes(6_000_000)
    path.write_bytes(data)
    former = store.put_file(path)
    chunks = recipe(store, former.digest).chunks
    store.index.suspect([chunks[3][0], chunks[-2][0]])
    before = store.stats().stored
    path.write_bytes(data + b"more")
    digest = store.put_file(path, former.digest).digest
    assert store.index.suspects() == set()
    assert store.stats().stored - before > 50_000
    assert store.read_bytes(digest) == data + b"more"
    assert store.verify([digest]) == []


def test_what_a_new_version_relied_on_may_be_collected_meanwhile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, data, times = tmp_path / "a", random.Random(1).randbytes(3_000_000), list[int]()
    path.write_bytes(data)
    former = store.put_file(path)
    path.write_bytes(data + b"more")
    commit = Session.commit

    def late(self: Session, roots: list[str]) -> bool:
        times.append(1)
        if len(times) == 1:
            assert Store(store.root).collect([], Moment(time.time() + 3 * 24 * 3600, "", 0.0)).records > 3
        return commit(self, roots)

    monkeypatch.setattr(Session, "commit", late)
    digest = store.put_file(path, former.digest).digest
    assert len(times) == 2
    assert store.read_bytes(digest) == data + b"more"
    assert store.verify([digest]) == []


@pytest.mark.parametrize("like", ["missing", "small", "damaged"])
def test_a_former_version_that_is_of_no_use_does_no_harm(store: Store, tmp_path: Path, like: str) -> None:
    path, data = tmp_path / "a", random.Random(1).randbytes(1_000_000)
    path.write_bytes(data)
    formers = {"missing": of_bytes(b"never stored"), "small": of_bytes(b"first")}
    former = formers.get(like) or store.put_file(path).digest
    if like == "damaged":
        found = store.index.find([bytes.fromhex(former)])[bytes.fromhex(former)]
        pack = store.places.pack(found.pack)
        pack.chmod(0o600)
        with pack.open("r+b") as handle:
            handle.seek(found.record.offset + 20)
            handle.write(b"damage")
    path.write_bytes(data[1:])
    stored = store.put_file(path, former)
    assert store.read_bytes(stored.digest) == data[1:]


@pytest.mark.parametrize("change", ["grow", "cut", "touch"])
def test_a_new_version_that_changes_while_it_is_read_is_noticed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path, data = tmp_path / "a", random.Random(1).randbytes(3_000_000)
    path.write_bytes(data)
    former = store.put_file(path).digest
    path.write_bytes(b"new" + data)
    hash_piece = Windows._hash

    def changing(self: Windows, piece: memoryview, read: Future[int]) -> Seen:
        if change == "grow":
            with path.open("ab") as handle:
                handle.write(b"more")
        elif change == "cut":
            os.truncate(path, 1_000_000)
        else:
            os.utime(path, (1, 1))
        return hash_piece(self, piece, read)

    monkeypatch.setattr(Windows, "_hash", changing)
    with pytest.raises(SurroundingsError, match="changed while"):
        store.put_file(path, former)
    assert litter(store) == []
    assert store.verify([former]) == []


def test_a_disk_that_cannot_read_a_new_version_is_told(store: Store) -> None:
    class Broken(io.BytesIO):
        def readinto(self, buffer: object) -> int:
            raise OSError(5, "Input/output error")

    with session(store) as mine, pytest.raises(OSError, match="Input/output"):
        mine.add_stream(Broken(), 1 << 30, FILE, of_bytes(b"first"))
    assert litter(store) == []


def recipe(store: Store, digest: Digest) -> Recipe:
    found = store.reader.recipe(bytes.fromhex(digest))
    assert found is not None
    return found


def test_a_few_texts_among_many_images_are_compressed(store: Store, tmp_path: Path) -> None:
    draw, folder = random.Random(1), tmp_path / "images"
    folder.mkdir()
    for number in range(203):  # neither the text nor the manifest is one of those that are looked at first
        (folder / f"{number:03}").write_bytes(draw.randbytes(2_000))
    (folder / "003").write_bytes(b"a label\n" * 4_000)
    stored = store.put_folder(folder)
    assert store.stats().stored < 202 * 2_000 + 40_000
    record = store.index.find([bytes.fromhex(of_bytes(b"a label\n" * 4_000))]).popitem()[1].record
    assert record.codec == ZSTD and record.stored < 200
    assert store.verify([stored.digest]) == []
