"""`status` of the tracked files: what is staged, what changed since, what is missing, what is new."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.api.versions import glancing, ignoring, merge_state
from modelsync.api.versions.carrying_out import pending, settle
from modelsync.api.versions.changes import Change, changes
from modelsync.api.versions.glancing import Glance, Seen
from modelsync.api.versions.merge_state import MergeState
from modelsync.api.versions.patching import Part, part
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
    it is not the one that is checked out. `seen` is what was to be seen of the files when all of them are as staged and
    that is remembered.
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
    seen: Glance | None = None

    @property
    def is_clean(self) -> bool:
        """Whether the working files are those of the last commit."""
        return not (self.staged or self.changed or self.missing or self.untracked or self.merge)


def status(repository: Repository, seen: Glance | None = None) -> Standing | None:
    """How the tracked files stand now; None when nothing is tracked and nothing was ever committed.

    `seen` is what was to be seen of them a moment ago, when that was looked at already.
    """
    if pending(repository):
        repository, seen = settle(repository), None
    tracked, references = repository.tracked, repository.references
    if not tracked.paths and not references.values and not repository.pointer_file.exists():
        return None
    merge = merge_state.read(repository.workspace.home / merge_state.NAME)
    with growing():
        found = _differing(repository, merge, seen)
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
        seen=found.seen,
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
    """The working files: how many, their bytes, what can't be tracked, how they differ from what is staged, and what
    was seen of them when that will be remembered.
    """

    files: int
    size: int
    odd: dict[str, str]
    differing: tuple[Change, ...]
    seen: Glance | None = None


def _differing(repository: Repository, merge: MergeState | None, now: Glance | None) -> _Found:
    tracked, memory = repository.tracked, repository.workspace.home / glancing.NAME
    known = glancing.recall(memory)
    if now is None or now.paths != tracked.paths:  # before anything else, so that it is never too new
        now = glancing.glance(repository.root, tracked.paths, known)
    if known is not None and known.tree == tracked.staged and merge is None:
        if known.glance == now:
            return _Found(known.files, known.size, {}, (), now)
        changed = part(repository, known, now)
        if changed is not None:
            return _differing_in(repository, changed, known, now)
    found = _listed(repository, merge)
    files, is_settled = measured(repository.root, found.files, repository.workspace.hashes)
    size = sum(each.size for each in found.files.values())
    if files.digest != tracked.staged:
        return _Found(len(found.files), size, found.odd, changes(repository.staged, files))
    if not is_settled or found.odd or merge is not None:
        return _Found(len(found.files), size, found.odd, ())
    glancing.keep(memory, Seen(now, files.digest, len(found.files), size))
    return _Found(len(found.files), size, found.odd, (), now)


def _differing_in(repository: Repository, changed: Part, known: Seen, now: Glance) -> _Found:
    """The same, by the folders in which anything is different from when all was as staged."""
    files, is_settled = measured(repository.root, changed.found.files, repository.workspace.hashes)
    differing, odd = changed.differing(files), changed.found.odd
    count = known.files + len(files.entries) - len(changed.lines)
    size = known.size + files.size - changed.before.size
    if differing or odd or not is_settled:
        return _Found(count, size, odd, differing)
    glancing.keep(repository.workspace.home / glancing.NAME, Seen(now, known.tree, count, size))
    return _Found(count, size, odd, differing, now)


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
