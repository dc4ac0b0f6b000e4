"""The work that brings a project to a commit: which small files it gets, how HEAD and the branch move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modelsync.api.versions import git, pointer
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.tracked import Tracked
from modelsync.api.versions.work import FileChange, Work
from modelsync.core.digest import Digest
from modelsync.registry.commits import Commit
from modelsync.registry.references import BRANCHES, HEAD, Move
from modelsync.store.folders import Manifest
from modelsync.store.objects import Stored
from modelsync.store.packs import FILE, FOLDER
from modelsync.store.writing import Session


def onto(repository: Repository, commit: Commit, doing: str, files: Sequence[FileChange] = ()) -> Work:
    """Everything about a commit but references: its tracked paths, its tree staged, the pointer, no open merge."""
    tree = repository.tree(commit)
    return Work(
        doing,
        tuple(files),
        tracked=Tracked(commit.paths, commit.tree).encode(),
        pointer=pointer.encode(commit, tree),
        merge="",
    )


def advance(repository: Repository, to: Digest, why: str) -> tuple[Move, ...]:
    """The branch that HEAD follows, or HEAD itself when it is detached, to a commit."""
    references, by = repository.references, git.author(repository.root)
    name = HEAD if references.branch is None else BRANCHES + references.branch
    return moves(Move(name, references.values.get(name), to, why, by))


def attach(repository: Repository, value: str, why: str) -> tuple[Move, ...]:
    """HEAD to a commit, or to a branch by its full name."""
    return moves(Move(HEAD, repository.references.values.get(HEAD), value, why, git.author(repository.root)))


def moves(*wanted: Move) -> tuple[Move, ...]:
    """Those that change something."""
    return tuple(each for each in wanted if each.old != each.new)


def with_staged(work: Work, paths: tuple[str, ...], staged: Manifest) -> Work:
    """The work with something else staged than the commit's own tree; the manifest must be stored."""
    return replace(work, tracked=Tracked(paths, staged.digest).encode())


def put_manifest(repository: Repository, manifest: Manifest) -> Digest:
    """Store a manifest whose files are stored; its digest."""

    def write(session: Session) -> Stored:
        return Stored(session.add_bytes(manifest.encode(), FILE | FOLDER), manifest.size)

    return repository.workspace.store.put(write).digest
