"""`dataset download`: the bytes of a version as they came in, whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.datasets.looking import version
from modelsync.core.digest import Digest, of_file
from modelsync.core.errors import UsageError
from modelsync.data.sources.base import Progress, silent
from modelsync.engine.workspace import Workspace
from modelsync.registry.records import DatasetVersion
from modelsync.store.durable import fresh_file
from modelsync.store.folders import describe


@dataclass(frozen=True, slots=True)
class Downloaded:
    """Where a version lies now; `was_there` tells that the same content lay there before."""

    version: DatasetVersion
    path: Path
    was_there: bool


def download(workspace: Workspace, text: str, target: Path | None = None, progress: Progress = silent) -> Downloaded:
    """Write a verified copy of a version to `target`, the path that is to hold it; a file goes into a folder there.

    Without a target it goes here, called as its source was. The same content there already is left as it is; UsageError
    when something else stands there, an empty folder aside, DamageError when the stored bytes are not what they were.
    """
    found = version(workspace, text)
    path = _safe_place(workspace, found, target)
    if (path.exists() or path.is_symlink()) and not (found.form == "folder" and _is_empty(path)):
        if not holds(path, found):
            raise UsageError(
                f"`{path}` exists already and holds something else",
                help=f"name another path{_below(path, found)}, or add --force"
                + (" to replace all of it" if path.is_dir() else ""),
            )
        return Downloaded(found, path, was_there=True)
    _restore(workspace, found, path, progress)
    return Downloaded(found, path, was_there=False)


def replace(workspace: Workspace, text: str, target: Path | None = None, progress: Progress = silent) -> Downloaded:
    """The same in the place of whatever stands there; that is gone when the copy is whole, and not before."""
    found = version(workspace, text)
    path = _safe_place(workspace, found, target)
    if not (path.exists() or path.is_symlink()) or _is_empty(path) or holds(path, found):
        return download(workspace, text, target, progress)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fresh = aside.with_suffix(".new")
    _restore(workspace, found, fresh, progress)
    path.rename(aside)
    fresh.rename(path)
    if aside.is_dir() and not aside.is_symlink():
        shutil.rmtree(aside)
    else:
        aside.unlink()
    return Downloaded(found, path, was_there=False)


def place(found: DatasetVersion, target: Path | None) -> Path:
    """Where a version goes: a file into a folder that is there, under its own name, else to the path itself."""
    name = found.filename or found.dataset
    if target is None:
        return Path(name)
    return target / name if target.is_dir() and found.form != "folder" else target


def _safe_place(workspace: Workspace, found: DatasetVersion, target: Path | None) -> Path:
    """The same; UsageError when a folder would take the place of the project, or of the folder we are in."""
    path = place(found, target)
    if found.form == "folder" and path.is_dir():
        here = path.resolve()
        if any(kept.is_relative_to(here) for kept in (Path.cwd(), workspace.root.resolve())):
            raise UsageError(
                f"`{path}` holds the project, or is where you are; `{found.dataset}` is a folder of its own",
                help=f"name a path for it{_below(path, found)}",
            )
    return path


def _below(path: Path, found: DatasetVersion) -> str:
    return f", such as `{path / (found.filename or found.dataset)}`" if path.is_dir() and found.form == "folder" else ""


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not any(path.iterdir())


def holds(path: Path, found: DatasetVersion) -> bool:
    """Whether a path holds exactly the bytes of a version."""
    if found.form == "folder":
        return path.is_dir() and describe(path, lambda file: (of_file(file), 0)).digest == found.digest
    return path.is_file() and path.stat().st_size == found.size and of_file(path) == found.digest


def _restore(workspace: Workspace, found: DatasetVersion, path: Path, progress: Progress) -> None:
    if not path.parent.is_dir():
        raise UsageError(f"the folder `{path.parent}` does not exist", help="make it, or name another path")
    if found.form == "folder":
        workspace.store.restore_folder(Digest(found.digest), path)
        return
    done = 0
    with fresh_file(path, temp=path.parent) as handle:

        def write(piece: bytes) -> None:
            nonlocal done
            handle.write(piece)
            done += len(piece)
            progress(done, found.size)

        workspace.store.reader.copy(Digest(found.digest), write)
