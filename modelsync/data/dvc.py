"""What a DVC project holds: its data and where their bytes lie, its stages, and what has no counterpart here.

Only read, never written. The YAML of `.dvc`, `dvc.yaml` and `dvc.lock` comes as parsed mappings.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from modelsync.data import dvc_cache
from modelsync.data.dvc_cache import CachedFile


@dataclass(frozen=True, slots=True)
class Out:
    """Something that DVC tracks: its path from the project's root, its hash, and its files.

    `stage` is the stage that makes it, empty for what a `.dvc` file tracks. An output that DVC leaves to Git is not
    cached and has no files. `problem` says why the files are not known.
    """

    path: str
    md5: str
    size: int | None
    stage: str
    is_cached: bool
    files: tuple[CachedFile, ...] = ()
    problem: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return dvc_cache.is_folder(self.md5)

    @property
    def missing(self) -> tuple[CachedFile, ...]:
        """The files of which the cache has no copy."""
        return tuple(each for each in self.files if each.cached is None)

    @property
    def damaged(self) -> tuple[CachedFile, ...]:
        """The files whose copy is not what was recorded, as far as `verified` looked."""
        return tuple(each for each in self.files if each.is_as_recorded is False)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of `dvc.yaml`: paths from the project's root, params as `file:key`, commands as they are written."""

    name: str
    file: str
    folder: str
    commands: tuple[str, ...]
    deps: tuple[str, ...]
    outs: tuple[str, ...]
    params: tuple[str, ...]
    metrics: tuple[str, ...]
    plots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something with no counterpart: where it stands, and what it is."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that was found, in the order of the files."""

    outs: tuple[Out, ...]
    stages: tuple[Stage, ...]
    unmapped: tuple[Unmapped, ...]


def read(cache: Path, pointers: Mapping[str, Any], pipelines: Mapping[str, Any], locks: Mapping[str, Any]) -> Project:
    """A project from its parsed files, each under its path from the project's root.

    `pointers` are the `.dvc` files, `pipelines` the `dvc.yaml`, `locks` the `dvc.lock`; `cache` is the cache folder
    (`dvc_cache.folder`). What has another form than DVC writes is told in `unmapped`, never guessed.
    """
    found = _Found(cache)
    for file, content in pointers.items():
        found.pointer(file, content)
    for file, content in pipelines.items():
        lock = locks.get(posixpath.join(posixpath.dirname(file), "dvc.lock"))
        found.pipeline(file, content, lock)
    return Project(tuple(found.outs), tuple(found.stages), tuple(found.unmapped))


def verified(out: Out) -> Out:
    """The output after all its cached files were read and compared with their md5."""
    return replace(out, files=tuple(dvc_cache.verified(each) for each in out.files))


_STAGE_KEYS = frozenset({"cmd", "wdir", "deps", "outs", "params", "metrics", "plots", "desc", "meta"})
_LISTS = ("outs", "metrics", "plots")
_ODD = {
    "foreach": "a stage for each item (`foreach`): write it as a matrix",
    "matrix": "a matrix of stages: write it as a matrix of the step",
    "frozen": "`frozen`: nothing here runs by itself, leave it out",
    "always_changed": "`always_changed`: a step runs when something it reads changed",
}


class _Found:
    """What was found so far, with the place of each thing that fits nowhere."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self.outs: list[Out] = []
        self.stages: list[Stage] = []
        self.unmapped: list[Unmapped] = []

    def pointer(self, file: str, content: Any) -> None:
        if not isinstance(content, Mapping) or not isinstance(content.get("outs"), list):
            return self._odd(file, "it has no list of `outs`")
        folder = self._path(file, posixpath.dirname(file), content.get("wdir", "."))
        deps = content.get("deps")
        for dep in deps if isinstance(deps, list) else ():
            origin = dep.get("repo") or dep.get("path") if isinstance(dep, Mapping) else dep
            self._odd(file, f"an import from {origin}: only the bytes it brought are taken")
        for entry in content["outs"]:
            if folder is not None:
                self._out(file, folder, entry, "", is_cached=True)
        return None

    def pipeline(self, file: str, content: Any, lock: Any) -> None:
        if not isinstance(content, Mapping):
            return self._odd(file, "it is no mapping")
        for key in content:
            if key != "stages":
                self._odd(file, f"`{key}` at the top")
        stages = content.get("stages") or {}
        locked = _stages_of(lock)
        for name, body in stages.items() if isinstance(stages, Mapping) else ():
            where = f"{file}: {name}"
            if not isinstance(body, Mapping) or "cmd" not in body:
                self._odd(where, _ODD.get(next(iter(set(body) & set(_ODD)), ""), "a stage without `cmd`"))
                continue
            for key in body:
                if key not in _STAGE_KEYS:
                    self._odd(where, _ODD.get(key, f"`{key}`"))
            self._stage(file, name, body, locked.get(name))
        return None

    def _stage(self, file: str, name: str, body: Mapping[str, Any], lock: Any) -> None:
        where = f"{file}: {name}"
        folder = self._path(where, posixpath.dirname(file), body.get("wdir", "."))
        if folder is None:
            return
        paths = {key: tuple(self._items(where, folder, body.get(key))) for key in (*_LISTS, "deps")}
        commands = body["cmd"] if isinstance(body["cmd"], list) else [body["cmd"]]
        names = {key: tuple(path for path, _ in paths[key]) for key in paths}
        stage = Stage(
            name,
            file,
            folder,
            tuple(str(each) for each in commands),
            names["deps"],
            names["outs"],
            tuple(_params(folder, body.get("params"))),
            names["metrics"],
            names["plots"],
        )
        self.stages.append(stage)
        if any("${" in each for each in stage.commands):
            self._odd(where, "a command with `${...}`: write it with params")
        entries = {str(entry.get("path")): entry for entry in _entries(lock, "outs")}
        for key in _LISTS:
            for path, options in paths[key]:
                entry = entries.get(posixpath.relpath(path, folder or "."))
                is_cached = options.get("cache", True) is not False
                if entry is None:
                    never = "it was never made: dvc.lock has no hash of it"
                    self.outs.append(Out(path, "", None, name, is_cached, problem=never))
                else:
                    self._out(where, folder, entry, name, is_cached)

    def _items(self, where: str, folder: str, entries: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The paths of a list in a stage, with the options that stand beside them."""
        for entry in entries if isinstance(entries, list) else ():
            path, options = next(iter(entry.items())) if isinstance(entry, Mapping) and entry else (entry, {})
            found = self._path(where, folder, path)
            if found is not None:
                yield found, options if isinstance(options, Mapping) else {}

    def _out(self, where: str, folder: str, entry: Any, stage: str, is_cached: bool) -> None:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("path"), str):
            return self._odd(where, f"an output of another form: {entry!r}"[:200])
        path = self._path(where, folder, entry["path"])
        if path is None:
            return None
        md5, size = entry.get("md5"), entry.get("size")
        if not isinstance(md5, str):
            return self._odd(where, f"`{path}` has no md5: its bytes lie outside the project or were never kept")
        is_cached = is_cached and entry.get("cache", True) is not False
        made = Out(path, md5, size if isinstance(size, int) else None, stage, is_cached)
        if is_cached:
            try:
                made = replace(made, files=dvc_cache.files(self._cache, md5, is_old=entry.get("hash") != "md5"))
            except ValueError as error:
                made = replace(made, problem=str(error))
        self.outs.append(made)
        return None

    def _path(self, where: str, folder: str, written: Any) -> str | None:
        """A path from the project's root; None, and told, when it is none."""
        if not isinstance(written, str) or "${" in written or "://" in written or posixpath.isabs(written):
            self._odd(where, f"the path {str(written)[:200]!r} lies outside the project or is made by a template")
            return None
        path = posixpath.normpath(posixpath.join(folder, written))
        if path == ".." or path.startswith("../"):
            self._odd(where, f"the path {written!r} leaves the project")
            return None
        return "" if path == "." else path

    def _odd(self, where: str, what: str) -> None:
        self.unmapped.append(Unmapped(where, what))


def _stages_of(lock: Any) -> Mapping[str, Any]:
    """The stages of a lock file: under `stages` since its second form, at the top before."""
    if not isinstance(lock, Mapping):
        return {}
    stages = lock.get("stages", lock)
    return stages if isinstance(stages, Mapping) else {}


def _entries(body: Any, key: str) -> list[Mapping[str, Any]]:
    entries = body.get(key) if isinstance(body, Mapping) else None
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []


def _params(folder: str, entries: Any) -> Iterator[str]:
    """`file:key` for each; a whole file as `file:`."""
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str):
            yield f"{posixpath.join(folder, 'params.yaml')}:{entry}"
        elif isinstance(entry, Mapping):
            for file, keys in entry.items():
                own = posixpath.normpath(posixpath.join(folder, str(file)))
                yield from (f"{own}:{key}" for key in keys) if keys else (f"{own}:",)
