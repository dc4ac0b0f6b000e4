"""Places to keep a remote in, one of each kind, and stores to bring there."""

from __future__ import annotations

import importlib.util
import os
import random
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from modelsync.core.digest import Digest
from modelsync.store.objects import Store
from modelsync.store.remotes.address import parse
from modelsync.store.remotes.asking import PATIENCE
from modelsync.store.remotes.base import Access, Place
from modelsync.store.remotes.cache import RemoteTables
from modelsync.store.remotes.kinds import open_place
from modelsync.store.remotes.layout import begin
from modelsync.store.remotes.receiving import Links, Receiver
from modelsync.store.remotes.sending import Sent, needed, send

KEYS = {"access_key_id": "key", "secret_access_key": "secret"}
KINDS = ("folder", "s3", "gs")


def _servers() -> ModuleType:
    spec = importlib.util.spec_from_file_location("servers", Path(__file__).with_name("servers.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["servers"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


servers = _servers()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PATIENCE, "4:0.01")
    for variable in [name for name in os.environ if name.startswith(("AWS_", "GOOGLE_", "STORAGE_"))]:
        monkeypatch.delenv(variable)


@pytest.fixture(scope="session")
def s3_port() -> Iterator[int]:
    with servers.moto() as port:
        yield port


@pytest.fixture
def line(s3_port: int) -> Iterator[Any]:
    """A line to the S3 server that can be made bad."""
    with servers.line(s3_port) as made:
        yield made


@pytest.fixture
def s3_at(s3_port: int) -> Callable[[int], Place]:
    """A fresh bucket, reached through a port."""
    name = f"b-{secrets.token_hex(6)}"
    servers.make_bucket(s3_port, name)

    def open_(port: int) -> Place:
        access = Access(f"http://127.0.0.1:{port}", "us-east-1", KEYS)
        return open_place(parse(f"s3://{name}/some/where", Path()), access)

    return open_


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place of each kind that can be written."""
    if request.param == "folder":
        yield open_place(parse("there", tmp_path), Access())
    elif request.param == "s3":
        yield request.getfixturevalue("s3_at")(request.getfixturevalue("s3_port"))
    else:
        with servers.google() as (port, _):
            yield open_place(parse("gs://bucket/some/where", tmp_path), Access(f"http://127.0.0.1:{port}"))


@pytest.fixture
def folder(tmp_path: Path) -> Place:
    return open_place(parse("there", tmp_path), Access())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "one" / "store")
    yield made
    made.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "other" / "store")
    yield made
    made.close()


@pytest.fixture
def tables_of(tmp_path: Path) -> Callable[[Place], RemoteTables]:
    """What is known of a place by somebody who never asked before."""

    def make(place: Place) -> RemoteTables:
        return RemoteTables(tmp_path / f"cache-{secrets.token_hex(4)}" / "tables.db", place)

    return make


class Team:
    """What a person does with a store and a remote, without references: send everything of some digests, receive it."""

    def __init__(self, store: Store, place: Place, tables: RemoteTables) -> None:
        self.store, self.place, self.tables = store, place, tables
        self.links = links
        self.told: list[tuple[int, int | None]] = []

    def send(self, *digests: Digest) -> Sent:
        """As a push does; the digests count as commits."""
        begin(self.place)
        ids = needed(self.store, digests)
        self.tables.refresh()
        commits = {bytes.fromhex(digest) for digest in digests}
        return send(self.store, self.place, self.tables, ids, commits, self._tell)

    def receive(self, *digests: Digest, known: set[Digest] | None = None) -> Receiver:
        """As a fetch does. A commit is a line with the digest of its tree, then lines of parents."""
        self.tables.refresh()
        receiver = Receiver(self.store, self.place, self.tables, self._tell)
        receiver.describe(digests, known or set(), links)
        receiver.bring()
        return receiver

    def commit(self, source: Path, *parents: Digest) -> Digest:
        """Store a folder and something like a commit of it."""
        tree = self.store.put_folder(source).digest
        return self.store.put_bytes("\n".join(("commit", tree, *parents)).encode()).digest

    def needed(self, *commits: Digest) -> tuple[Digest, ...]:
        """The commits and their trees."""
        return (*commits, *(links(self.store.read_bytes(commit)).tree for commit in commits))

    def tree(self, commit: Digest, target: Path) -> dict[str, bytes]:
        """The files of a commit, verified while they are written."""
        self.store.restore_folder(links(self.store.read_bytes(commit)).tree, target)
        return {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}

    def _tell(self, done: int, total: int | None) -> None:
        self.told.append((done, total))


def links(data: bytes) -> Links:
    """Reads what `Team.commit` makes."""
    head, _, rest = data.decode().partition("\n")
    if head != "commit":
        raise ValueError("no commit")
    tree, *parents = rest.split("\n")
    return Links(Digest(tree), tuple(map(Digest, parents)))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with small files, a large one and one that compresses well."""
    folder = tmp_path / "source"
    (folder / "deep").mkdir(parents=True)
    random.seed(1)
    (folder / "large.bin").write_bytes(random.randbytes(700_000))
    (folder / "text.csv").write_bytes(b"".join(b"%d,%d\n" % (row, row * row) for row in range(20_000)))
    for number in range(20):
        (folder / "deep" / f"{number}.txt").write_text(f"file {number}\n")
    return folder


@pytest.fixture
def ada(store: Store, place: Place, tables_of: Callable[[Place], RemoteTables]) -> Team:
    return Team(store, place, tables_of(place))


@pytest.fixture
def bob(other: Store, place: Place, tables_of: Callable[[Place], RemoteTables]) -> Team:
    return Team(other, place, tables_of(place))


@pytest.fixture
def team(store: Store, other: Store, folder: Place, tables_of: Callable[[Place], RemoteTables]) -> tuple[Team, Team]:
    """Two people with one folder."""
    return Team(store, folder, tables_of(folder)), Team(other, folder, tables_of(folder))
