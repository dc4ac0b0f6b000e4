"""Files and folders written back: verified while they are written, and in place in one step."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.store.chunking import SMALL
from modelsync.store.durable import fresh_file, make_folder, said, sync_folder, write_all
from modelsync.store.folders import Entry, Manifest
from modelsync.store.reading import Reader

_TOGETHER = 256  # small files that are looked up at once
_ONE_BY_ONE = 256  # with more files than this, one sync of the disk is faster than one for each


def copy_out(reader: Reader, digest: Digest, target: Path, *, temp: Path, mode: int | None = None) -> None:
    """Write a verified copy of a file to `target`; what stood there is replaced. DamageError leaves it as it was."""
    with fresh_file(target, temp=temp, mode=mode) as handle:
        reader.copy(digest, handle.write)


def folder_out(reader: Reader, manifest: Manifest, target: Path) -> None:
    """Write a verified copy of a folder to `target`, in one step; UsageError when something stands there."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UsageError(f"`{target}` exists already", help="choose a path that does not exist, or move it away")
    with said("write", target):
        make_folder(target.parent)
        passing = target.parent / f".{target.name}.{secrets.token_hex(8)}.tmp"
        try:
            passing.mkdir()
            _write_all(reader, manifest, passing)
            os.replace(passing, target)  # noqa: PTH105 - as in `durable`
            sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(passing, ignore_errors=True)
            raise


def _write_all(reader: Reader, manifest: Manifest, folder: Path) -> None:
    each = len(manifest.entries) <= _ONE_BY_ONE
    made: set[str] = {""}
    for entry, data in _contents(reader, manifest.entries):
        above = entry.path.rpartition("/")[0]
        if above not in made:
            (folder / above).mkdir(parents=True, exist_ok=True)
            made.add(above)
        with open(f"{folder}/{entry.path}", "xb", buffering=0) as handle:  # noqa: PTH123 - many files, fewer steps
            if data is None:
                reader.copy(entry.digest, partial(write_all, handle))
            else:
                write_all(handle, data)
            if entry.executable:  # for everyone who may read it
                usual = os.fstat(handle.fileno()).st_mode
                os.fchmod(handle.fileno(), usual | (usual & 0o444) >> 2)
            if each:
                os.fsync(handle.fileno())
    if each:
        for name in sorted(made):
            sync_folder(folder / name)
    else:
        os.sync()


def _contents(reader: Reader, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | None]]:
    """Each file with its bytes, or with None when it is large and has to be copied piece by piece."""
    rest = iter(entries)
    while some := list(islice(rest, _TOGETHER)):
        small = reader.small([entry.digest for entry in some if entry.size <= SMALL])
        for entry in some:
            yield entry, small.get(entry.digest)
