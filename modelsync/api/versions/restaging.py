"""`add` again: only the folders in which anything is different are read, stored and staged anew."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.versions import glancing
from modelsync.api.versions.carrying_out import pending
from modelsync.api.versions.changes import Change
from modelsync.api.versions.glancing import Glance, Seen
from modelsync.api.versions.patching import part
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest
from modelsync.store import headstart
from modelsync.store.folders import Listing, assemble
from modelsync.store.hashes import is_racy
from modelsync.store.objects import Stored
from modelsync.store.packs import FILE, FOLDER
from modelsync.store.steady import Identity, changed
from modelsync.store.writing import Session


@dataclass(frozen=True, slots=True)
class Sight:
    """What was remembered of the tracked files, and what is to be seen of them now."""

    then: Seen
    now: Glance


@dataclass(frozen=True, slots=True)
class Restaged:
    """What differs from what was staged before, and what is staged now: its digest, files and bytes."""

    changes: tuple[Change, ...]
    digest: Digest
    files: int
    size: int


def sight(repository: Repository, paths: list[str]) -> Sight | None:
    """One look at the tracked files before anything else; None when these are not the ones that are remembered.

    To be taken while no thread runs: then two processes look.
    """
    then = glancing.recall(repository.workspace.home / glancing.NAME)
    if then is None or sorted(paths) != sorted(then.glance.paths) or pending(repository):
        return None
    return Sight(then, glancing.glance(repository.root, then.glance.paths, then))


def restage_part(repository: Repository, seen: Sight | None) -> Restaged | None:
    """Store and stage what is different from then; None when the long way must be gone.

    SurroundingsError when a file changes while it is read.
    """
    if seen is None or seen.now.paths != repository.tracked.paths or repository.workspace.store.index.suspects():
        return None
    found = part(repository, seen.then, seen.now)
    if found is None or found.found.odd:
        return None
    hashes, listed, differing = repository.workspace.hashes, found.found.files, list[tuple[Change, ...]]()
    held = {line.entry.path: line.entry.digest for line in found.lines}
    kept = {path: digest for path, digest in hashes.recall(repository.root, listed).items() if held.get(path) == digest}
    before, read_ns = found.before, headstart.earlier(hashes.now_ns())
    count = seen.then.files - len(before.entries) + len(listed)
    size = seen.then.size - before.size + sum(each.size for each in listed.values())

    def write(session: Session) -> Stored:
        root = str(repository.root)
        fresh = {
            path: session.add_listed(f"{root}/{path}", each, held.get(path))
            for path, each in listed.items()
            if path not in kept
        }
        refuse_changed(repository.root, listed, fresh)
        differing.append(found.differing(assemble(listed, kept | fresh)))
        text = found.manifest(differing[-1])
        digest, _ = session.add_stream(io.BytesIO(text), len(text), FILE | FOLDER, repository.tracked.staged)
        hashes.remember(repository.root, listed, fresh, read_ns)
        return Stored(digest, size)

    digest = repository.workspace.store.put(write).digest
    racy = {path.rpartition("/")[0] for path, each in listed.items() if is_racy(each, read_ns)}
    seen_now = Seen(seen.now.without(racy), digest, count, size)
    glancing.keep(repository.workspace.home / glancing.NAME, seen_now)
    return Restaged(differing[-1], digest, count, size)


def refuse_changed(root: Path, files: Listing, read: Iterable[str]) -> None:
    """SurroundingsError when a file that was read is not as it was listed."""
    top = os.path.join(root, "")  # noqa: PTH118 - texts: there may be 100,000
    for path in read:
        try:
            now = os.lstat(top + path)
        except OSError:
            raise changed(root / path) from None
        if Identity.from_stat(now) != files[path]:
            raise changed(root / path)
