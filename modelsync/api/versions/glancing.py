"""One look at the tracked files as a whole: is anything different from when they were all as staged, and where?

This is on the way of every `status`; it imports nothing that costs more than a millisecond.
"""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Callable, Iterable
from functools import partial
from marshal import dumps
from operator import attrgetter, itemgetter

from modelsync.core import forked

TYPE_CHECKING = False  # as in the package itself: `typing` would cost a tenth of a status
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

try:
    from _blake2 import blake2b  # what `hashlib` gives, without the 15 ms for OpenSSL
except ImportError:
    from hashlib import blake2b

NAME = "seen"  # a small file below `.modelsync`; it can be deleted at any time
RULES = ".modelsyncignore"  # as in `ignoring`, which needs regular expressions

_HEAD = b"modelsync seen 3"
_MARK = 20  # bytes
_MANY = 4_000  # files; with fewer a second process costs more than it gains
_PIECES = 128  # pieces of work for two processes
_FIELDS = attrgetter("st_mode", "st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_ONLY_THESE_BEGIN = frozenset("._")  # what `ignoring` has built in begins with these, or is one of the next


Stats = Callable[[int, list[str]], Iterable[os.stat_result]]


class Glance:
    """What `stat` says at one moment: of each folder below the tracked paths, by its path, one mark for the names in
    it and for what its own files are; and one mark, `rest`, for the paths themselves and the rules.

    It sees more than a status does, such as files that are ignored: then nothing is lost but the short way.
    """

    __slots__ = ("folders", "paths", "rest")

    def __init__(self, paths: tuple[str, ...], rest: bytes, folders: dict[str, bytes]) -> None:
        self.paths, self.rest, self.folders = paths, rest, folders

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Glance) and self._facts() == other._facts()

    def __hash__(self) -> int:
        return hash(self.rest)

    def differing(self, before: Glance) -> set[str] | None:
        """The folders in which anything may be different from then; None when it may be anywhere."""
        if (self.paths, self.rest) != (before.paths, before.rest):
            return None
        return {path for path, _ in self.folders.items() ^ before.folders.items()}

    def without(self, folders: Iterable[str]) -> Glance:
        """The same, with some folders that will differ from whatever is seen later."""
        return Glance(self.paths, self.rest, self.folders | dict.fromkeys(folders, bytes(_MARK)))

    def _facts(self) -> tuple[object, ...]:
        return self.paths, self.rest, self.folders


class Seen:
    """What was to be seen when the files were the tree `tree`: a glance, how many files, and their bytes together."""

    __slots__ = ("files", "glance", "size", "tree")

    def __init__(self, glance: Glance, tree: str, files: int, size: int) -> None:
        self.glance, self.tree, self.files, self.size = glance, tree, files, size

    def encode(self) -> bytes:
        """The bytes of the file, the first of them a mark of all others."""
        glance = self.glance
        fields = [
            _HEAD,
            f"{self.tree} {self.files} {self.size} {len(glance.paths)} {glance.rest.hex()}".encode(),
            *map(os.fsencode, glance.paths),
            *[mark.hex().encode() + os.fsencode(path) for path, mark in glance.folders.items()],
        ]
        body = b"\0".join(fields)
        return mark_of(body).hex().encode() + b"\n" + body

    @classmethod
    def decode(cls, data: bytes) -> Seen | None:
        """What these bytes say; None when they are not as they were written."""
        mark, _, body = data.partition(b"\n")
        if mark_of(body).hex().encode() != mark:
            return None
        head, facts, *fields = body.split(b"\0")
        if head != _HEAD:
            return None
        tree, files, size, count, rest = facts.decode().split(" ")
        paths = tuple(map(os.fsdecode, fields[: int(count)]))
        digits = 2 * _MARK
        folders = {os.fsdecode(f[digits:]): bytes.fromhex(f[:digits].decode()) for f in fields[int(count) :]}
        return cls(Glance(paths, bytes.fromhex(rest), folders), tree, int(files), int(size))


def glance(root: str | os.PathLike[str], paths: tuple[str, ...], before: Seen | None = None) -> Glance:
    """What is to be seen now below some paths. With what was seen before, two processes look at the known folders."""
    was_on = gc.isenabled()
    gc.disable()  # nothing of what is looked at is garbage: looking for that takes a sixth of the time
    try:
        return _glance(root, paths, before)
    finally:
        if was_on:
            gc.enable()


def _glance(root: str | os.PathLike[str], paths: tuple[str, ...], before: Seen | None = None) -> Glance:
    top = os.path.join(os.path.abspath(root), "")  # noqa: PTH100, PTH118 - texts, because there may be 100,000
    rest: list[object] = [_said(top + RULES)]
    tops = []
    for path in paths:
        said = _said(top + path)
        if said and stat.S_ISDIR(said[0]):
            tops.append(path)
            said = said[:2]
        rest.append((path, said))
    known = {} if before is None or before.files < _MANY else _marks(top, list(before.glance.folders))
    if before is not None and known == before.glance.folders and _tops(known) == set(tops):
        return Glance(paths, _mark(rest), known)
    return Glance(paths, _mark(rest), _walk(top, tops, known, {} if before is None else before.glance.folders))


def mark_of(data: bytes) -> bytes:
    """The mark of some bytes: as good as a digest, and quickly had."""
    return blake2b(data, digest_size=_MARK).digest()


def recall(memory: str | os.PathLike[str]) -> Seen | None:
    """What was remembered; None when nothing was, or it is spoilt."""
    try:
        with open(memory, "rb") as handle:  # noqa: PTH123 - without `pathlib`
            return Seen.decode(handle.read())
    except (OSError, ValueError):
        return None


def keep(memory: Path, seen: Seen) -> None:
    """Remember what was seen; where nothing was made yet nothing is made."""
    write(memory, seen.encode())


def write(file: Path, data: bytes) -> None:
    """Write a file that is only a memory, in one step, if that is possible."""
    from modelsync.core.errors import SurroundingsError  # late, as all that only writing needs
    from modelsync.store.durable import fresh_file

    if file.parent.is_dir():
        try:
            with fresh_file(file, temp=file.parent / "tmp") as handle:
                handle.write(data)
        except SurroundingsError:  # the next look is slower, and nothing else
            pass


def _walk(top: str, tops: list[str], now: dict[str, bytes], then: dict[str, bytes]) -> dict[str, bytes]:
    """The marks of all folders; those that are now as they were then are known to hold the same folders as then."""
    inside: dict[str, list[str]] = {}
    for path in then if now else ():
        inside.setdefault(path.rpartition("/")[0], []).append(path)
    found, waiting = dict[str, bytes](), tops[::-1]
    while waiting:
        path = waiting.pop()
        if path in now and now[path] == then[path]:
            found[path] = now[path]
            waiting += inside.get(path, ())
            continue
        found[path], names = _look(top + path)
        waiting += [f"{path}/{name}" for name in reversed(names)]
    return found


def _tops(folders: dict[str, bytes]) -> set[str]:
    return {path for path in folders if path.rpartition("/")[0] not in folders}


def _marks(top: str, folders: list[str]) -> dict[str, bytes]:
    step = -(-len(folders) // _PIECES) or 1
    count = -(-len(folders) // step)

    def some(stats: Stats, number: int) -> bytes:
        marks = [_look(top + path, stats)[0] for path in folders[number * step : (number + 1) * step]]
        return b"".join(marks).ljust(step * _MARK)

    marks = b"".join(forked.answers(count, partial(some, _stats), partial(some, _stats_in_own_process), step * _MARK))
    return {path: marks[at * _MARK : (at + 1) * _MARK] for at, path in enumerate(folders)}


def _stats(folder: int, names: list[str]) -> Iterable[os.stat_result]:
    """What `lstat` says of the files in an open folder."""
    return map(partial(os.stat, dir_fd=folder, follow_symlinks=False), names)


def _stats_in_own_process(folder: int, names: list[str]) -> Iterable[os.stat_result]:
    """The same in an eighth less time, for a process whose working folder nobody asks for."""
    os.fchdir(folder)
    return map(os.lstat, names)


def _look(folder: str, stats: Stats = _stats) -> tuple[bytes, list[str]]:
    """The mark of a folder, and the names of those in it, sorted. Their own times say nothing that their files don't.

    Without a loop for every file: names and numbers go through C from the system to the hash.
    """
    try:
        handle = os.open(folder, _OPEN_FOLDER)
    except OSError as error:
        return _mark(error.errno), []
    try:
        names = os.listdir(handle)  # noqa: PTH208 - of a descriptor
        names.sort()
        seen = list(map(_FIELDS, stats(handle, names)))
    except OSError as error:
        return _mark(error.errno), []
    finally:
        os.close(handle)
    if not any(map(stat.S_ISDIR, set(map(itemgetter(0), seen)))):
        return _mark((names, seen)), []
    pairs = list(zip(names, seen, strict=True))
    inside = [name for name, said in pairs if stat.S_ISDIR(said[0]) and not _is_built_in(name)]
    return _mark(([pair for pair in pairs if not stat.S_ISDIR(pair[1][0])], inside)), inside


def _is_built_in(name: str) -> bool:
    if name[0] not in _ONLY_THESE_BEGIN and name[-1] != "~" and not name.endswith((".pyc", ".db", ".data")):
        return False
    from modelsync.api.versions.ignoring import is_built_in  # late: 10 ms of imports for names that are rare

    return is_built_in(name)


def _mark(seen: Any) -> bytes:
    # A version without references to what was written before: one form only.
    return mark_of(dumps(seen, 2))


def _said(path: str) -> tuple[int, ...]:
    try:
        seen = os.lstat(path)
    except OSError:
        return ()
    return seen.st_mode, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns
