"""A project as Git-like commands see it: its root, its rooms, its references and its commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from modelsync.api.versions.ignoring import POINTER
from modelsync.api.versions.tracked import NAME as TRACKED
from modelsync.api.versions.tracked import Tracked
from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError, UsageError
from modelsync.engine.workspace import FOLDER, Workspace
from modelsync.registry.commits import Commit
from modelsync.registry.history import History
from modelsync.registry.lease import lease
from modelsync.registry.references import References, resolve
from modelsync.store.folders import Manifest

_LEASE = "tracked files"
_EMPTY = Manifest(())


@dataclass(frozen=True)
class Repository:
    """The tracked files of one project. Nothing is created before something is written."""

    workspace: Workspace

    @property
    def root(self) -> Path:
        """The project root; every tracked path starts there."""
        return self.workspace.root

    @property
    def tracked_file(self) -> Path:
        """Where it stands what is tracked and staged."""
        return self.workspace.home / TRACKED

    @property
    def pointer_file(self) -> Path:
        """The file by which a Git commit pins the data."""
        return self.root / POINTER

    @cached_property
    def tracked(self) -> Tracked:
        """What is tracked and staged, as it was when this was first asked; without the file, what HEAD holds."""
        found = Tracked.read(self.tracked_file)
        if found.staged is None and self.head is not None:
            return Tracked(self.head.paths, self.head.tree)
        return found

    @cached_property
    def references(self) -> References:
        """Every reference, as it was when this was first asked."""
        return References.load(self.workspace.journal)

    @cached_property
    def history(self) -> History:
        """The commits, read and verified when they are needed."""
        return History(self._read_commit)

    @cached_property
    def staged(self) -> Manifest:
        """What the next commit holds."""
        return self.manifest(self.tracked.staged)

    @cached_property
    def head(self) -> Commit | None:
        """The commit that is checked out; None before the first one."""
        tip = self.references.tip
        return None if tip is None else self.history.commit(tip)

    def manifest(self, digest: Digest | None) -> Manifest:
        """A stored manifest; an empty one for None."""
        return _EMPTY if digest is None else self.workspace.store.read_manifest(digest)

    def tree(self, commit: Commit | None) -> Manifest:
        """The files of a commit; none for None."""
        return self.manifest(None if commit is None else commit.tree)

    def resolve(self, text: str) -> Digest:
        """The commit that a name means; UsageError when it means none."""
        return resolve(text, self.references, self.history)

    @contextmanager
    def held(self) -> Iterator[Repository]:
        """The same, as it is now, while nobody else changes it; LockedError, naming who does, when somebody does."""
        with lease(self.workspace.journal, _LEASE):
            yield Repository(self.workspace)

    def _read_commit(self, id: Digest) -> Commit:
        try:
            return Commit.decode(self.workspace.store.read_bytes(id))
        except ValueError as error:
            raise DamageError(
                f"object {id} is no commit: {error}", help="`modelsync fsck` says what is damaged"
            ) from None


def open_repository(start: Path | None) -> Repository:
    """The project around a folder (default: here).

    Its root is the nearest folder upwards that ModelSync works in already; else one with specs; else the top of the
    Git repository; else the folder itself.
    """
    here = (start if start is not None else Path()).resolve()
    if here.is_file():
        here = here.parent
    if not here.is_dir():
        raise UsageError(f"`{start}` does not exist", help="name a folder of the project")
    above = (here, *here.parents)
    signs = (
        lambda folder: (folder / FOLDER).is_dir() or (folder / POINTER).is_file(),
        lambda folder: any((folder / "specs").glob("*/modelsync.yaml")),
        lambda folder: (folder / "modelsync.yaml").is_file(),
        lambda folder: (folder / ".git").exists(),
    )
    root = next((folder for sign in signs for folder in above if sign(folder)), here)
    return Repository(Workspace(root))
