"""A DVC cache: where the bytes of an md5 lie, which files it stands for, and whether they are as recorded."""

from __future__ import annotations

import configparser
import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from modelsync.core.errors import SurroundingsError, UsageError

_PIECE = 1 << 20
_FOLDER = ".dir"
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class CachedFile:
    """One file of an output: path below it (empty for the output itself), md5, and its copy in the cache.

    `cached` is None when the cache has no copy. `is_as_recorded` is None until somebody looked (`verified`). `is_old`
    is a hash of before DVC 3, which took Windows line ends of text for those of Unix.
    """

    path: str
    md5: str
    cached: Path | None
    is_old: bool
    is_as_recorded: bool | None = None


def folder(root: Path) -> Path:
    """The cache folder of the project at `root`, as `.dvc/config` and `.dvc/config.local` name it."""
    own = root / ".dvc"
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read([own / "config", own / "config.local"], encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        said = str(error).splitlines()[0]
        raise UsageError(f"`{own / 'config'}` can't be read: {said}", help="mend it with `dvc config`") from None
    named = parser.get("cache", "dir", fallback="cache")
    return (own / named).resolve()


def remotes(root: Path) -> tuple[tuple[str, str], ...]:
    """The remotes that `.dvc/config` names, with their addresses."""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(root / ".dvc" / "config", encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return ()
    found = ((re.fullmatch(r"'?remote \"(.+)\"'?", section), section) for section in parser.sections())
    return tuple((match[1], parser.get(section, "url", fallback="")) for match, section in found if match)


def find(cache: Path, md5: str) -> Path | None:
    """The cached copy, in the layout of DVC 3 (`files/md5/ab/...`) or that before (`ab/...`)."""
    if not _MD5.fullmatch(md5.removesuffix(_FOLDER)):
        return None
    for top in (cache / "files" / "md5", cache):
        path = top / md5[:2] / md5[2:]
        if path.is_file():
            return path
    return None


def is_folder(md5: str) -> bool:
    """Whether the hash is that of a folder's list of files."""
    return md5.endswith(_FOLDER)


def files(cache: Path, md5: str, is_old: bool) -> tuple[CachedFile, ...]:
    """The files that a hash stands for: one, or those of a folder by path.

    ValueError, with a sentence, when the hash is none, or the list of a folder is missing or is no such list.
    """
    if not _MD5.fullmatch(md5.removesuffix(_FOLDER)):
        raise ValueError(f"`{md5}` is no md5")
    if not is_folder(md5):
        return (CachedFile("", md5, find(cache, md5), is_old),)
    listing = find(cache, md5)
    if listing is None:
        raise ValueError("the cache has not got the list of its files")
    content = _read(listing)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5.removesuffix(_FOLDER):
        raise ValueError("the list of its files in the cache is damaged")
    try:
        entries = [(each["relpath"], each["md5"]) for each in json.loads(content)]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError("the list of its files in the cache is in no form that DVC writes") from None
    for path, own in entries:
        if not _is_below(path) or not isinstance(own, str) or not _MD5.fullmatch(own):
            raise ValueError(f"the list of its files names {path!r}, which is no file below it")
    return tuple(CachedFile(path, own, find(cache, own), is_old) for path, own in sorted(entries))


def verified(file: CachedFile) -> CachedFile:
    """The file after its copy was read and compared with its md5; as it came when there is no copy."""
    if file.cached is None:
        return file
    plain, unix = (hashlib.md5(usedforsecurity=False) for _ in range(2))
    try:
        with file.cached.open("rb") as handle:
            while piece := handle.read(_PIECE):
                plain.update(piece)
                if file.is_old:
                    unix.update(piece.replace(b"\r\n", b"\n"))
    except OSError as error:
        raise SurroundingsError(f"`{file.cached}` can't be read: {error.strerror or error}") from error
    same = plain.hexdigest() == file.md5 or (file.is_old and unix.hexdigest() == file.md5)
    return replace(file, is_as_recorded=same)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SurroundingsError(f"`{path}` can't be read: {error.strerror or error}") from error


def _is_below(path: object) -> bool:
    return (
        isinstance(path, str)
        and "\0" not in path
        and "\\" not in path
        and all(part not in ("", ".", "..") for part in path.split("/"))
    )
