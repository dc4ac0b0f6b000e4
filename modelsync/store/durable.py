"""Files that are whole or absent: written under a temporary name, made durable, then renamed."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from modelsync.core.errors import SurroundingsError
from modelsync.store.failpoints import reached

# A temporary file is locked by its writer right after it was made. One that is not locked and older than this many
# seconds has no writer any more: its process died.
_UNLOCKED_FOR = 60.0

_ADVICE = {
    errno.ENOSPC: "free some space on that disk and run it again; nothing half-written was left",
    errno.EDQUOT: "free some of your quota on that disk and run it again; nothing half-written was left",
    errno.EFBIG: "the file is larger than this disk or account allows; raise the limit and run it again",
    errno.EACCES: "give the account that runs ModelSync the right to do so and run it again",
    errno.EPERM: "give the account that runs ModelSync the right to do so and run it again",
    errno.EROFS: "the disk is mounted read-only; choose another place or mount it for writing",
}


@contextmanager
def said(doing: str, path: Path) -> Iterator[None]:
    """Turn a refusal of the system into SurroundingsError: what was tried (`read`, `write`), where, and a way out."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        advice = _ADVICE.get(error.errno or 0, "check the path and the disk, and run it again")
        raise SurroundingsError(f"cannot {doing} `{path}`: {reason}", help=advice) from error


@contextmanager
def fresh_file(target: Path, *, temp: Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file to write into that appears at `target` when the block ends well, and not at all otherwise.

    `temp` is a folder on the same disk. When the block has ended, bytes and name are durable. What stood at `target`
    before is replaced in one step. Without `mode` the usual permissions of new files hold.
    """
    with said("write", target):
        make_folder(temp)
        passing = temp / f".{os.getpid()}-{secrets.token_hex(8)}.tmp"
        try:
            with passing.open("xb") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX)
                reached("before_file_write")
                yield handle
                handle.flush()
                reached("after_file_write")
                if mode is not None:
                    os.fchmod(handle.fileno(), mode)
                os.fsync(handle.fileno())
                reached("after_file_fsync")
                make_folder(target.parent)
                os.replace(passing, target)  # noqa: PTH105 - one place to watch when crashes are tested
                reached("after_file_rename")
            sync_folder(target.parent)
            reached("after_file_folder_fsync")
        except BaseException:
            with suppress(OSError):
                passing.unlink()
            raise


def write_all(handle: FileIO, data: bytes | memoryview) -> None:
    """Write every byte to an unbuffered file, which may take fewer at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[handle.write(rest) :]


def make_folder(path: Path) -> None:
    """Make a folder and those above it; each new name is durable."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def left_over(temp: Path) -> list[Path]:
    """The temporary files in a folder whose writers have died, sorted."""
    if not temp.is_dir():
        return []
    return sorted(path for path in temp.iterdir() if _is_left_over(path))


def _is_left_over(path: Path) -> bool:
    with suppress(OSError):  # it vanished: its writer lives
        if time.time() - path.lstat().st_mtime < _UNLOCKED_FOR:
            return False
        if not path.is_file() or path.is_symlink():
            return True
        with path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
