"""The files of a DVC project: found, read as plain data, and laid out again from its cache."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from modelsync.api.versions.scanning import linked
from modelsync.core.errors import ModelSyncError, UsageError
from modelsync.core.paths import forbidden
from modelsync.data import dvc, dvc_cache
from modelsync.data.dvc import Out, Project, Unmapped
from modelsync.data.dvc_cache import CachedFile
from modelsync.data.sources.base import Source
from modelsync.data.sources.local import FileSource, FolderSource
from modelsync.language.text.plain import plain
from modelsync.store.durable import said

_PIPELINE, _LOCK, _POINTER = "dvc.yaml", "dvc.lock", ".dvc"


def read_project(root: Path) -> tuple[Project, list[Unmapped]]:
    """The project at `root`, and its files that can't be read; UsageError when there is none."""
    if not (root / ".dvc").is_dir():
        raise UsageError(f"`{root}` is no DVC project: it has no `.dvc` folder", help="name the folder that has it")
    odd: list[Unmapped] = []
    kinds: dict[str, dict[str, Any]] = {_PIPELINE: {}, _LOCK: {}, _POINTER: {}}
    for name in _files(root):
        try:
            kinds[_kind(name)][name] = plain(root / name, (root / name).read_bytes())
        except ModelSyncError as error:
            odd.append(Unmapped(name, error.message))
    for name, url in dvc_cache.remotes(root):
        odd.append(Unmapped(".dvc/config", f"the remote `{name}` at {url}: only what is in the cache was taken"))
    return dvc.read(dvc_cache.folder(root), kinds[_POINTER], kinds[_PIPELINE], kinds[_LOCK]), odd


def why_not(out: Out) -> str:
    """Why an output can't be taken over, empty when every byte is in the cache as it was recorded."""
    if out.problem:
        return out.problem
    if not out.is_cached:
        return "DVC keeps no copy of it (`cache: false`)"
    if out.missing:
        count = len(out.missing)
        return f"{count} of {len(out.files)} files are not in the cache; `dvc pull` brings them, then import again"
    if out.damaged:
        return f"its copy in the cache is damaged: {out.damaged[0].path or out.damaged[0].md5}"
    for path in (out.path, *(_place(out, file) for file in out.files)):
        if reason := forbidden(path):
            return f"no project may write `{path}`: {reason}"
    return ""


def lay_out(out: Out, scratch: Path) -> Source:
    """The files of an output under the names that they have in the project, linked from the cache."""
    target = scratch / Path(out.path).name
    for file in out.files:
        assert file.cached is not None, "only what is in the cache is laid out"
        path = target / file.path if file.path else target
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.hardlink_to(file.cached)
        except OSError:  # another disk, or a file of somebody else
            shutil.copy2(file.cached, path)
    return FolderSource(target) if out.is_folder else FileSource(target)


def restore(root: Path, out: Out) -> bool:
    """Write what is missing of an output from the cache to its place; whether anything was. Nothing is overwritten."""
    wrote = False
    for file in out.files:
        path = _place(out, file)
        target = root / path
        if os.path.lexists(target) or linked(root, path) or file.cached is None:
            continue
        with said("write", target), suppress(FileExistsError, NotADirectoryError):  # a file where a folder would be
            target.parent.mkdir(parents=True, exist_ok=True)
            _copy(file.cached, target)
            wrote = True
    return wrote


def _place(out: Out, file: CachedFile) -> str:
    return f"{out.path}/{file.path}" if file.path else out.path


def _copy(cached: Path, target: Path) -> None:
    """A copy that is whole or not there."""
    passing = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        shutil.copyfile(cached, passing)
        passing.rename(target)
    finally:
        passing.unlink(missing_ok=True)


def _files(root: Path) -> Iterator[str]:
    """Every file of DVC's, by its path; hidden folders are not looked into."""
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(each for each in inner if not each.startswith("."))
        for name in sorted(names):
            if name in (_PIPELINE, _LOCK) or (name.endswith(_POINTER) and name != _POINTER):
                yield (Path(folder) / name).relative_to(root).as_posix()


def _kind(name: str) -> str:
    last = name.rpartition("/")[2]
    return last if last in (_PIPELINE, _LOCK) else _POINTER
