"""`clone`: a new project out of a remote."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from modelsync.api.sharing.fetching import Fetch, fetch
from modelsync.api.sharing.remotes import Remote, check_remote_name, keep
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.switching import Switched, checkout
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.engine.workspace import FOLDER, Workspace
from modelsync.registry.references import FIRST_BRANCH, REMOTES
from modelsync.store.durable import fresh_file, make_folder, said
from modelsync.store.remotes.address import parse
from modelsync.store.remotes.sending import Progress, silent

_MARK = "cloning"  # there while a clone is not complete; a killed one can be gone on with
MAIN_BRANCHES = (FIRST_BRANCH, "master")  # the first that is there is checked out


class _Before(Enum):
    """What a folder was before a clone into it."""

    ABSENT = auto()
    EMPTY = auto()
    BEGUN = auto()  # by a clone of the same that was killed


@dataclass(frozen=True, slots=True)
class Cloned:
    """The new project's folder, what came, and what was checked out; None when the remote has no branch."""

    root: Path
    fetched: Fetch
    switched: Switched | None


def clone(remote: Remote, folder: Path | None = None, branch: str | None = None, progress: Progress = silent) -> Cloned:
    """Make a project in a folder (default: named as the end of the address) from everything a remote has.

    UsageError when the folder holds something already, or the remote nothing. When it fails, nothing stays behind;
    after a kill the same command goes on.
    """
    root = (folder or Path(_last(remote.url))).resolve()
    address = parse(remote.url, Path.cwd())
    kept = replace(remote, default=True, url=address.where if address.kind == "folder" else remote.url)
    mark = root / FOLDER / _MARK
    check_remote_name(remote.name)
    before = _before(root, mark, kept.url)
    try:
        make_folder(mark.parent)
        with fresh_file(mark, temp=mark.parent) as handle:
            handle.write(kept.url.encode())
        return _fill(root, kept, branch, progress, mark)
    except BaseException:
        _undo(root, before)
        raise


def _fill(root: Path, remote: Remote, branch: str | None, progress: Progress, mark: Path) -> Cloned:
    workspace = Workspace(root)
    try:
        keep(Repository(workspace), remote)
        fetched = fetch(Repository(workspace), remote, (), progress)
        repository = Repository(workspace)
        there = repository.references.named(f"{REMOTES}{remote.name}/")
        chosen = _branch(remote, there, branch)
        switched = None if chosen is None else checkout(repository, chosen)
        with said("remove", mark):
            mark.unlink()
        return Cloned(root, fetched, switched)
    finally:
        workspace.store.close()
        workspace.journal.close()


def _undo(root: Path, before: _Before) -> None:
    """Leave the folder as it was. What a killed clone brought stays for the next try."""
    mine = {_Before.ABSENT: [root], _Before.EMPTY: [*root.iterdir()] if root.is_dir() else [], _Before.BEGUN: []}[
        before
    ]
    for path in mine:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _branch(remote: Remote, there: Mapping[str, Digest], wanted: str | None) -> str | None:
    if wanted is not None:
        if wanted not in there:
            listed = ", ".join(there) or "none"
            raise UsageError(f"`{remote.url}` has no branch `{wanted}`", help=f"its branches: {listed}")
        return wanted
    return next((name for name in (*MAIN_BRANCHES, *there) if name in there), None)


def _before(root: Path, mark: Path, url: str) -> _Before:
    """What the folder is; UsageError when it holds something."""
    with said("read", root):
        if not root.exists():
            return _Before.ABSENT
        if root.is_dir() and not any(root.iterdir()):
            return _Before.EMPTY
        if mark.is_file() and mark.read_text(encoding="utf-8", errors="replace") == url:
            return _Before.BEGUN
    raise UsageError(f"`{root}` holds something already", help="name another folder")


def _last(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2].partition("?")[0] or "data"
