"""Folders as one text: a manifest lists every file by path, and the digest of the manifest names the folder."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from modelsync.core.digest import Digest, canonical, of_bytes
from modelsync.core.errors import UsageError
from modelsync.store.durable import said
from modelsync.store.steady import Identity, changed

# The first line says what the text is, so that no file is taken for a folder by accident.
HEADER = canonical({"format": 1, "kind": "modelsync folder"}) + "\n"

_PLAIN, _EXECUTABLE = "644", "755"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./ -]*")  # JSON writes these as they are
_USUAL_LINE = re.compile(
    r'^\{"mode":"(644|755)","path":"([A-Za-z0-9_./ -]*)","sha256":"([0-9a-f]{64})","size":(0|[1-9][0-9]{0,17})\}$', re.M
)
_ODD_PATH = re.compile(r"\0|(?:^|/)\.{0,2}(?:/|\Z)")  # one that leaves the folder, or is not in its shortest form
_ODD_PATHS = re.compile(r"(?:^|/)\.{0,2}(?:/|$)", re.M)  # the same in lines of paths
_DIGEST_LENGTH = 64
_DIGITS = frozenset("0123456789abcdef")


class Entry(NamedTuple):
    """One file of a folder: its path below the folder with `/`, whether it can be executed, size in bytes, digest."""

    path: str
    executable: bool
    size: int
    digest: Digest

    def line(self) -> str:
        """The entry as one line of a manifest: canonical JSON, put together by hand because folders have many files."""
        mode = _EXECUTABLE if self.executable else _PLAIN
        path = f'"{self.path}"' if _PLAIN_PATH.fullmatch(self.path) else canonical(self.path)
        return f'{{"mode":"{mode}","path":{path},"sha256":"{self.digest}","size":{self.size}}}\n'


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a folder, sorted by path. Empty folders are not kept."""

    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(entry.size for entry in self.entries)

    @property
    def digest(self) -> Digest:
        """The name of the folder's content."""
        return of_bytes(self.encode())

    def encode(self) -> bytes:
        """The one text for this content."""
        if _PLAIN_PATH.fullmatch("".join([entry.path for entry in self.entries])):
            modes = {False: _PLAIN, True: _EXECUTABLE}  # as `line` does it, without 50,000 calls
            lines = [
                f'{{"mode":"{modes[executable]}","path":"{path}","sha256":"{digest}","size":{size}}}\n'
                for path, executable, size, digest in self.entries
            ]
        else:
            lines = [entry.line() for entry in self.entries]
        return (HEADER + "".join(lines)).encode()

    @classmethod
    def decode(cls, data: bytes) -> Manifest:
        """The folder a text describes.

        ValueError, saying the line, when the text is no manifest, or names a path that is not below the folder, twice
        the same path, or a file as a folder.
        """
        if not data.startswith(HEADER.encode()):
            raise ValueError("it is not the list of a folder's files")
        text = data.decode()
        if not text.endswith("\n"):
            raise ValueError("its last line has no end")
        manifest = cls(tuple(_usual_entries(text) or _entries(text)))
        _refuse_overlaps([entry.path for entry in manifest.entries])
        return manifest


Listing = dict[str, Identity]
"""The files below a folder by their path with `/`, sorted."""


def describe(folder: Path, take: Callable[[Path], tuple[Digest, int]]) -> Manifest:
    """The manifest of a folder as it is now; `take` gives digest and size of each file (and may store it).

    UsageError for a link, a special file or a name that is not UTF-8; SurroundingsError when files came, went or
    changed meanwhile.
    """
    before = listing(folder)
    manifest = assemble(before, {path: take(folder / path)[0] for path in before})
    refuse_changes(folder, before)
    return manifest


def assemble(files: Listing, digests: Mapping[str, Digest]) -> Manifest:
    """The manifest of a listed folder whose files have these digests."""
    return Manifest(
        tuple(Entry(path, bool(seen.mode & stat.S_IXUSR), seen.size, digests[path]) for path, seen in files.items())
    )


def refuse_changes(folder: Path, before: Listing) -> None:
    """SurroundingsError when the folder is not any more as it was listed."""
    if _listed(folder) != before:
        raise changed(folder)


def refuse_changes_of(folder: Path, before: Listing, read: Collection[str]) -> None:
    """SurroundingsError when a file that was read is not as it was listed.

    What was not read is as it was at the listing anyway, so this is enough for a true picture of that moment; with many
    files to look at, the folder is listed again as a whole, which finds new files as well.
    """
    if len(read) * 4 > len(before):
        refuse_changes(folder, before)
        return
    for path in read:
        try:
            seen = (folder / path).lstat()
        except OSError:
            raise changed(folder) from None
        if Identity.from_stat(seen) != before[path]:
            raise changed(folder)


def listing(folder: Path) -> Listing:
    """Every file below a folder, sorted by path; errors as `describe`."""
    return dict(sorted(_listed(folder).items()))


def _listed(folder: Path) -> Listing:
    if not folder.is_dir():
        state = "is not a folder" if folder.exists() else "does not exist"
        raise UsageError(f"`{folder}` {state}, expected a folder", help="check the path")
    found: Listing = {}
    above = len(os.path.join(folder, ""))  # noqa: PTH118 - text is cut by its length below
    waiting = [str(folder)]
    while waiting:
        for item in _inside(waiting.pop()):
            if item.is_dir(follow_symlinks=False):
                waiting.append(item.path)
                continue
            try:
                seen = item.stat(follow_symlinks=False)
            except FileNotFoundError:
                raise changed(folder) from None
            except OSError:
                with said("read", Path(item.path)):
                    raise
            name, mode = item.path[above:], seen.st_mode
            if not stat.S_ISREG(mode) or not name.isascii():
                _refuse_unstorable(folder, name, mode)
            found[name] = Identity(seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, mode)
    return found


def _inside(folder: str) -> list[os.DirEntry[str]]:
    with said("read", Path(folder)), os.scandir(folder) as items:
        return list(items)


def _refuse_unstorable(folder: Path, name: str, mode: int) -> None:
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = name.encode(errors="surrogateescape").decode(errors="replace")
        raise UsageError(f"the name `{shown}` in `{folder}` is not UTF-8", help="rename the file") from None
    if stat.S_ISLNK(mode):
        raise UsageError(
            f"`{name}` in `{folder}` is a link; only files and folders can be stored",
            help="put the file itself there, or leave the link out",
        )
    if not stat.S_ISREG(mode):
        raise UsageError(
            f"`{name}` in `{folder}` is neither a file nor a folder", help="leave it out; only files can be stored"
        )


def _usual_entries(text: str) -> list[Entry]:
    """The files when every line is of the usual form; nothing when one is not."""
    found = _USUAL_LINE.findall(text, len(HEADER))
    if len(found) != text.count("\n") - 1 or _ODD_PATHS.search("\n".join([path for _, path, _, _ in found])):
        return []
    return [Entry(path, mode == _EXECUTABLE, int(size), Digest(digest)) for mode, path, digest, size in found]


def _entries(text: str) -> Iterator[Entry]:
    lines = text.split("\n")[1:-1]  # names may hold the other ends of lines
    return (_entry(number, line) for number, line in enumerate(lines, start=2))


def _entry(number: int, line: str) -> Entry:
    try:
        value: Any = json.loads(line)
        path, mode, size, digest = value["path"], value["mode"], value["size"], value["sha256"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError(f"line {number} is not an entry") from None
    if not isinstance(path, str) or _ODD_PATH.search(path):
        raise ValueError(f"line {number} names {path!r}, which is not a path below the folder")
    if mode not in (_PLAIN, _EXECUTABLE) or type(size) is not int or size < 0 or not is_digest(digest):
        raise ValueError(f"line {number} is not an entry")
    entry = Entry(path, executable=mode == _EXECUTABLE, size=size, digest=Digest(digest))
    if entry.line() != line + "\n":
        raise ValueError(f"line {number} is not in the one form that is written")
    return entry


def is_digest(text: Any) -> bool:
    """Whether a value has the form of a digest: 64 lower-case hexadecimal digits."""
    return isinstance(text, str) and len(text) == _DIGEST_LENGTH and _DIGITS.issuperset(text)


def _refuse_overlaps(paths: list[str]) -> None:
    if paths != sorted(set(paths)):
        raise ValueError("its paths are not sorted, or one is there twice")
    files, folders = set(paths), set[str]()
    for path in paths:
        above = path.rpartition("/")[0]
        while above and above not in folders:
            if above in files:
                raise ValueError(f"`{above}` is a file and a folder at once")
            folders.add(above)
            above = above.rpartition("/")[0]
