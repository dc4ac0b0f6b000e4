"""`status` of the tracked files: what is staged, what changed since, what is missing, what is new."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.api.versions import glancing, ignoring, merge_state
from modelsync.api.versions.carrying_out import pending, settle
from modelsync.api.versions.changes import Change, changes
from modelsync.api.versions.merge_state import MergeState
from modelsync.api.versions.pointer import decode
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.scanning import Scan, growing, measure, measured, scan
from modelsync.api.versions.tracked import is_within
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.registry.commits import Commit
from modelsync.store.folders import Manifest


@dataclass(frozen=True, slots=True)
class Standing:
    """How the tracked files stand.

    `staged` is against the last commit; `changed`, `missing` and `untracked` are the working files against what is
    staged. `odd` are paths that can't be tracked, with the reason. `pinned` is the commit that the pointer names when
    it is not the one that is checked out.
    """

    branch: str | None
    tip: Digest | None
    head: Commit | None
    paths: tuple[str, ...]
    files: int
    size: int
    staged: tuple[Change, ...]
    changed: tuple[Change, ...]
    missing: tuple[str, ...]
    untracked: tuple[str, ...]
    odd: dict[str, str]
    merge: MergeState | None
    pinned: str
    doing: str

    @property
    def is_clean(self) -> bool:
        """Whether the working files are those of the last commit."""
        return not (self.staged or self.changed or self.missing or self.untracked or self.merge)


def status(repository: Repository) -> Standing | None:
    """How the tracked files stand now; None when nothing is tracked and nothing was ever committed."""
    repository = settle(repository)
    tracked, references = repository.tracked, repository.references
    if not tracked.paths and not references.values and not repository.pointer_file.exists():
        return None
    merge = merge_state.read(repository.workspace.home / merge_state.NAME)
    with growing():
        found = _differing(repository, merge)
    committed = None if repository.head is None else repository.head.tree
    is_same = tracked.staged == committed
    staged = () if is_same else changes(repository.tree(repository.head), repository.staged)
    return Standing(
        branch=references.branch,
        tip=references.tip,
        head=repository.head,
        paths=tracked.paths,
        files=found.files,
        size=found.size,
        staged=staged,
        changed=tuple(each for each in found.differing if each.old is not None and each.new is not None),
        missing=tuple(each.path for each in found.differing if each.new is None),
        untracked=tuple(each.path for each in found.differing if each.old is None),
        odd=found.odd,
        merge=merge,
        pinned=_pinned(repository),
        doing=pending(repository),
    )


def look(repository: Repository, merge: MergeState | None) -> Manifest:
    """The working files below the tracked paths, without those that are ignored or were written by the open merge."""
    with growing():
        return measure(repository.root, _listed(repository, merge).files, repository.workspace.hashes)


def _listed(repository: Repository, merge: MergeState | None) -> Scan:
    rules = ignoring.read(repository.root, () if merge is None else merge.wrote.keys())
    return scan(repository.root, repository.tracked.paths, rules)


@dataclass(frozen=True, slots=True)
class _Found:
    """The working files: how many, their bytes, what can't be tracked, and how they differ from what is staged."""

    files: int
    size: int
    odd: dict[str, str]
    differing: tuple[Change, ...]


def _differing(repository: Repository, merge: MergeState | None) -> _Found:
    tracked, memory = repository.tracked, repository.workspace.home / glancing.NAME
    word = glancing.glance(repository.root, tracked.paths)  # before anything else, so that it is never too new
    known = glancing.recall(memory, word)
    if known is not None and known.tree == tracked.staged and merge is None:
        return _Found(known.files, known.size, {}, ())
    found = _listed(repository, merge)
    now, is_settled = measured(repository.root, found.files, repository.workspace.hashes)
    size = sum(each.size for each in found.files.values())
    if now.digest != tracked.staged:
        return _Found(len(found.files), size, found.odd, changes(repository.staged, now))
    if is_settled and not found.odd and merge is None:
        glancing.remember(memory, word, glancing.Glance(now.digest, len(found.files), size))
    return _Found(len(found.files), size, found.odd, ())


def chosen(found: tuple[Change, ...], paths: tuple[str, ...]) -> tuple[Change, ...]:
    """The changes at or below some paths; all of them without paths."""
    return tuple(each for each in found if not paths or any(is_within(each.path, path) for path in paths))


def _pinned(repository: Repository) -> str:
    """The commit of the pointer when it is another one than HEAD; `unreadable` when it is no pointer."""
    try:
        text = repository.pointer_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    try:
        commit = decode(text)
    except UsageError:
        return "unreadable"
    return "" if commit == repository.references.tip else commit
