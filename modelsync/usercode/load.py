"""A user's function, loaded by path under a private module name; the root never enters `sys.path`."""

from __future__ import annotations

import hashlib
import importlib
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from modelsync.core.errors import StepError
from modelsync.usercode import blame

_lock = threading.RLock()
_sources: dict[str, tuple[str, bytes]] = {}  # module -> its file and the digest of what was run


def function(root: Path, file: Path, name: str) -> Callable[..., Any]:
    """The function `name` of `file`, a Python file inside the project `root` (a relative `file` starts there).

    Relative imports between the project's own files work. When a file of the project has changed since it was loaded,
    the whole project is loaded anew. StepError when the file can't be imported, with `file:line`, or lacks the name.
    """
    root = root.resolve()
    path = (root / file).resolve()
    label = blame.shown(path, root)
    with _lock:
        module = _import(root, path, label)
    found = getattr(module, name, None)
    if not callable(found) or isinstance(found, type):
        raise StepError(f"`{label}` has no function `{name}`", help="write it with `def`, or name another in the spec")
    return found  # type: ignore[no-any-return]  # callable() narrows to a callable of unknown result


def package(root: Path) -> str:
    """The private package name under which the files of `root` are loaded."""
    return blame.PRIVATE + hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:12]


def _import(root: Path, path: Path, label: str) -> ModuleType:
    name = _module_name(root, path, label)
    if not path.is_file():
        raise StepError(f"there is no file `{label}`", help="paths in a spec start at the project root")
    _prepare(root)
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        where = blame.place(error, root) or label
        raise StepError(
            f"`{label}` can't be imported: {blame.sentence(error)} ({where})",
            help=_way_out(error, root),
            detail=blame.story(error, root),
        ) from error


def _module_name(root: Path, path: Path, label: str) -> str:
    if not path.is_relative_to(root):
        raise StepError(f"`{path}` is outside the project `{root}`", help="move the file into the project")
    parts = path.relative_to(root).with_suffix("").parts
    if path.suffix != ".py" or any("." in part for part in parts):
        raise StepError(
            f"`{label}` can't be a Python module",
            help="end the name with .py and use no other dot in it or its folders",
        )
    return ".".join([package(root), *parts])


def _prepare(root: Path) -> None:
    """Put the private package in place, and take everything out of it when a file has changed."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())  # before Python's own, which would read and write compiled caches
    name = package(root)
    loaded = {module: _sources[module] for module in _sources if module.startswith(name + ".")}
    if any(_digest(Path(file)) != digest for file, digest in loaded.values()):
        for module in [module for module in sys.modules if module.startswith(name + ".")]:
            del sys.modules[module]
        for module in loaded:
            del _sources[module]
        sys.modules.pop(name, None)  # it holds the old ones as attributes
    if name not in sys.modules:
        top = ModuleType(name)
        top.__path__ = [str(root)]
        sys.modules[name] = top


def _digest(file: Path) -> bytes:
    try:
        return hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return b""


def _way_out(error: BaseException, root: Path) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        own = error.name.removeprefix(package(root) + ".")
        top = own.split(".")[0]
        if own == error.name and ((root / top).is_dir() or any(root.glob(f"*/{top}.py"))):
            return f"write `from .{top} import ...`: the project's own files are not on Python's path"
        if own == error.name:
            return f"install `{top}` into the environment that runs ModelSync"
    return ""


class _Source(SourceFileLoader):
    """Runs what the file holds now: a compiled cache could be stale within one second, and would litter the project."""

    def get_code(self, fullname: str) -> CodeType | None:
        data = self.get_data(self.path)
        _sources[fullname] = (self.path, hashlib.sha256(data).digest())
        code: CodeType = self.source_to_code(data, self.path)
        return code


class _Finder:
    """Finds modules below the private packages, and nothing else."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(blame.PRIVATE):
            return None
        for folder in path or ():
            spec = FileFinder(folder, (_Source, [".py"])).find_spec(fullname)
            if spec is not None:
                return spec
        return None
