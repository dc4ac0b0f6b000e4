"""A put of many small files by two processes: each reads, hashes, compresses and writes packs of its own.

The second process only makes temporary files, locked as every writer's are. The first one gives them their names, so
that nothing of a put is visible before its commit, whoever dies.
"""

from __future__ import annotations

import fcntl
import gc
import marshal
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from modelsync.core import forked
from modelsync.core.digest import Digest
from modelsync.store.chunking import SMALL
from modelsync.store.folders import Listing
from modelsync.store.hashes import FileHashes
from modelsync.store.index import Index
from modelsync.store.packs import Sealed, read_table
from modelsync.store.places import Places
from modelsync.store.settings import read_settings
from modelsync.store.steady import Identity, changed
from modelsync.store.writing import Session

FEW = 4_000  # files; with fewer, a second process costs more than it gains

_BATCH = 256  # files that one of the two takes at once
_TOKEN = 4  # bytes of the number of a batch
_TOKENS = 8_192  # more would not fit into a pipe at once
_LENGTH = 8  # bytes that say how long a message is
_PATIENCE = 5.0  # seconds that the second process has to remove what it wrote

Batch = list[tuple[str, tuple[int, ...]]]


class Second:
    """The second process, as the first one sees it. It is of use once."""

    def __init__(self, places: Places) -> None:
        """To be made while no other thread runs; nothing of this process is used by the other one."""
        self._places = places
        jobs, self._jobs = os.pipe()
        self._tokens, self._giving = os.pipe()
        self._answers, answers = os.pipe()
        self._is_done = False
        me, self.process = os.getpid(), 0
        try:
            self.process = os.fork()
            if self.process == 0:
                for own in (self._jobs, self._giving, self._answers):
                    os.close(own)
                _serve(places, me, jobs, self._tokens, answers)
                os._exit(0)
        finally:
            if os.getpid() != me:  # whatever happens there, it never goes on as the first process
                os._exit(1)
        os.close(jobs)
        os.close(answers)

    def take(self, session: Session, root: str, files: Listing) -> tuple[dict[str, Digest], list[str]]:
        """Store listed small files below `root`; their digests, and which of them were read here.

        What was read there was looked at again there after the last file was read. When the second process fails or
        dies, its files are read here, too.
        """
        listed = [(path, tuple(seen)) for path, seen in files.items()]
        step = max(_BATCH, -(-len(listed) // _TOKENS))
        batches = [listed[at : at + step] for at in range(0, len(listed), step)]
        found, here = dict[str, Digest](), list[str]()

        def read(number: int) -> None:
            for path, seen in batches[number]:
                found[path] = session.add_listed(f"{root}/{path}", Identity(*seen))
                here.append(path)

        mine = set()
        if self._begun(root, batches):
            for number in _numbers(self._tokens):
                read(number)
                mine.add(number)
        theirs = self._answered(session) if mine else {}
        for number in range(len(batches)):
            if number in theirs:
                found.update(zip([path for path, _ in batches[number]], theirs[number], strict=True))
            elif number not in mine:
                read(number)
        return found, here

    def remember(self, hashes: FileHashes, folder: Path, digests: Mapping[str, Digest], read_ns: int) -> bool:
        """Let the second process keep the digests of the files that both took; False when it can't."""
        if not self._is_done:
            return False
        self._is_done = False
        with suppress(OSError):
            _send(self._jobs, (str(hashes.database), str(folder), dict(digests), read_ns))
            return True
        return False

    def end(self) -> None:
        """Let the second process end, and see that nothing of it is left."""
        if self._giving != -1:
            self._giving = _closed(self._giving)
        for _ in _numbers(self._tokens):  # what nobody has begun is left
            pass
        for descriptor in (self._jobs, self._tokens, self._answers):
            os.close(descriptor)
        until = time.monotonic() + _PATIENCE
        with suppress(ChildProcessError):  # somebody else waited for it
            while os.waitpid(self.process, os.WNOHANG)[0] == 0:
                if time.monotonic() > until:
                    os.kill(self.process, signal.SIGKILL)
                    os.waitpid(self.process, 0)
                    break
                time.sleep(0.001)
        for path in self._places.temp.glob(f".{self.process}-*.tmp"):
            _remove_unlocked(path)

    def _begun(self, root: str, batches: list[Batch]) -> bool:
        """Hand the work over; False when it was of use already, or died."""
        if self._giving == -1:
            return False
        with suppress(OSError):
            _send(self._jobs, (root, batches))
            os.write(self._giving, b"".join(number.to_bytes(_TOKEN, "big") for number in range(len(batches))))
        self._giving = _closed(self._giving)
        return True

    def _answered(self, session: Session) -> dict[int, list[Digest]]:
        """What the second process stored; nothing when it failed."""
        said = _receive(self._answers)
        if said is None:
            return {}
        digests, packs, relied = said
        with suppress(OSError, ValueError):
            sealed = [Sealed(name, size, read_table(Path(path)), Path(path)) for name, size, path in packs]
            session.adopt(sealed, relied)
            self._is_done = True
            return {number: [Digest(each) for each in found] for number, found in digests.items()}
        return {}


@contextmanager
def second(places: Places) -> Iterator[Second | None]:
    """A second process for the time of the block; None where a fork is not safe or gains nothing."""
    if not forked.is_possible() or _has_database():
        yield None
        return
    made = Second(places)
    try:
        yield made
    finally:
        made.end()


def _has_database() -> bool:
    """Whether a database is open here: a fork inherits SQLite's notes on its locks, but not the locks, and would spoil
    the file when it opens it as well.
    """
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are enough
        with suppress(OSError):
            if os.readlink(f"/proc/self/fd/{descriptor}").endswith("-shm"):  # noqa: PTH115 - as above
                return True
    return False


def take(
    session: Session, helper: Second | None, root: str, files: Listing, like: Mapping[str, Digest]
) -> tuple[dict[str, Digest], list[str]]:
    """Store listed files below `root`, the small ones with the help of a second process if there is one.

    Their digests, and which of them are to be looked at again, because that was not done there. `like` are stored
    files that were at these paths before.
    """
    small = {path: seen for path, seen in files.items() if seen.size <= SMALL} if helper is not None else {}
    found, here = dict[str, Digest](), list[str]()
    if helper is not None and len(small) > FEW:
        found, here = helper.take(session, root, small)
    for path, seen in files.items():
        if path not in found:
            found[path] = session.add_listed(f"{root}/{path}", seen, like.get(path))
            here.append(path)
    return found, here


def _serve(places: Places, parent: int, jobs: int, tokens: int, answers: int) -> None:
    """The life of the second process: one job, then the wait for the names of its packs."""
    gc.disable()
    said = _receive(jobs)
    if said is None:
        return
    root, batches = said
    with Session(places, Index(places), read_settings(places)) as session:
        digests, read = dict[int, list[Digest]](), list[tuple[str, tuple[int, ...]]]()
        for number in _numbers(tokens):
            if os.getppid() != parent:
                return
            digests[number] = [session.add_listed(f"{root}/{path}", Identity(*seen)) for path, seen in batches[number]]
            read += batches[number]
        for path, seen in read:
            if Identity.from_stat(os.lstat(f"{root}/{path}")) != seen:
                raise changed(Path(path))
        packs, relied = session.sealed()
        _send(answers, (digests, [(each.name, each.size, str(each.path)) for each in packs], relied))
        known = _receive(jobs)
        if known is not None:
            database, folder, found, read_ns = known
            files = {path: Identity(*seen) for batch in batches for path, seen in batch}
            with FileHashes(Path(database)) as hashes:
                hashes.remember(Path(folder), files, found, read_ns)
        os.read(jobs, 1)  # nothing comes: the first process closes it, once the packs have names, or when it is dead


def _numbers(tokens: int) -> Iterator[int]:
    while token := os.read(tokens, _TOKEN):
        yield int.from_bytes(token, "big")


def remember(
    helper: Second | None, hashes: FileHashes, folder: Path, files: Listing, digests: Mapping[str, Digest], read_ns: int
) -> None:
    """Keep the digests of listed files that were read at `read_ns` or later, beside what comes next if that goes."""
    small = {path: digest for path, digest in digests.items() if files[path].size <= SMALL}
    if helper is not None and helper.remember(hashes, folder, small, read_ns):
        digests = {path: digest for path, digest in digests.items() if path not in small}
    if digests:
        hashes.remember(folder, files, digests, read_ns)


def _send(descriptor: int, value: Any) -> None:
    data = marshal.dumps(value)
    rest = memoryview(len(data).to_bytes(_LENGTH, "big") + data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _receive(descriptor: int) -> Any:
    """The next message; None when there is none, or only a part of one."""
    head = os.read(descriptor, _LENGTH)
    if len(head) != _LENGTH:
        return None
    left, pieces = int.from_bytes(head, "big"), list[bytes]()
    while left:
        piece = os.read(descriptor, min(left, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        left -= len(piece)
    return marshal.loads(b"".join(pieces))  # noqa: S302 - from a process that was forked from this one


def _closed(descriptor: int) -> int:
    os.close(descriptor)
    return -1


def _remove_unlocked(path: Path) -> None:
    """Remove what a killed process left; another system's process of that number holds a lock on its own."""
    with suppress(OSError), path.open("rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
