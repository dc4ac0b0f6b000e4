"""`branch` and `tag`: names for commits, made, moved and removed without touching a file."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.api.versions import git
from modelsync.api.versions.carrying_out import changing
from modelsync.api.versions.repository import Repository
from modelsync.core.digest import Digest, short
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.registry.commits import Commit
from modelsync.registry.references import BRANCHES, HEAD, REMOTES, TAGS, Move, References, check_name, move


@dataclass(frozen=True, slots=True)
class Name:
    """A branch or a tag, the commit it names (None when that is not here), and whether HEAD follows it."""

    name: str
    id: Digest
    commit: Commit | None
    is_current: bool = False


def branches(repository: Repository) -> tuple[Name, ...]:
    """Every branch, then every branch of a remote, by name."""
    references = repository.references
    own = [_name(repository, name, id, name == references.branch) for name, id in references.named(BRANCHES).items()]
    return (*own, *(_name(repository, name, id) for name, id in references.named(REMOTES).items()))


def tags(repository: Repository) -> tuple[Name, ...]:
    """Every tag, by name."""
    return tuple(_name(repository, name, id) for name, id in repository.references.named(TAGS).items())


def new_branch(repository: Repository, name: str, revision: str) -> Digest:
    """A branch at a commit; HEAD stays. UsageError when there is one of that name."""
    with changing(repository) as current:
        return _new(current, BRANCHES + check_name(name), current.resolve(revision), "branch")


def new_tag(repository: Repository, name: str, revision: str) -> Digest:
    """A tag at a commit. UsageError when there is one of that name: a tag says the same for ever."""
    with changing(repository) as current:
        return _new(current, TAGS + check_name(name), current.resolve(revision), "tag")


def move_tag(repository: Repository, name: str, revision: str) -> Digest:
    """A tag at a commit, wherever it was before; where it was stays in the journal."""
    with changing(repository) as current:
        to = current.resolve(revision)
        old = current.references.values.get(TAGS + check_name(name))
        _record(current, Move(TAGS + name, old, to, "tag moved by force", git.author(current.root)))
        return to


def remove_branch(repository: Repository, name: str) -> Digest:
    """Remove a branch that another reference holds all commits of; UsageError otherwise, or when HEAD follows it."""
    with changing(repository) as current:
        id = _existing(current, BRANCHES, name, "branch")
        rest = {other: value for other, value in current.references.values.items() if other != BRANCHES + name}
        held = current.history.reachable(Digest(value) for other, value in rest.items() if other != HEAD)
        if id not in held:
            raise UsageError(
                f"`{name}` has commits that no other branch or tag has",
                help=f"merge it, or remove it with --force; {short(id)} can be named for 30 days then",
            )
        _remove(current, BRANCHES + name, id)
        return id


def discard_branch(repository: Repository, name: str) -> Digest:
    """Remove a branch whatever it holds; its commits are kept for 30 days."""
    with changing(repository) as current:
        id = _existing(current, BRANCHES, name, "branch")
        _remove(current, BRANCHES + name, id)
        return id


def rename_branch(repository: Repository, old: str, new: str) -> Digest:
    """Give a branch another name; HEAD follows it."""
    with changing(repository) as current:
        id = _known(current.references, BRANCHES, old, "branch")
        _refuse_taken(current.references, BRANCHES + check_name(new))
        by, why = git.author(current.root), f"branch {old} renamed to {new}"
        moves = [Move(BRANCHES + old, id, None, why, by), Move(BRANCHES + new, None, id, why, by)]
        if current.references.branch == old:
            moves.append(Move(HEAD, current.references.values.get(HEAD), BRANCHES + new, why, by))
        move(current.workspace.journal, moves)
        return id


def remove_tag(repository: Repository, name: str) -> Digest:
    """Remove a tag; that it was there stays in the journal."""
    with changing(repository) as current:
        id = _existing(current, TAGS, name, "tag")
        _remove(current, TAGS + name, id)
        return id


def _name(repository: Repository, name: str, id: Digest, is_current: bool = False) -> Name:
    has = repository.workspace.store.has(id)
    return Name(name, id, repository.history.commit(id) if has else None, is_current)


def _new(repository: Repository, name: str, id: Digest, why: str) -> Digest:
    _refuse_taken(repository.references, name)
    _record(repository, Move(name, None, id, f"{why} at {short(id)}", git.author(repository.root)))
    return id


def _refuse_taken(references: References, name: str) -> None:
    id = references.values.get(name)
    if id is not None:
        kind, _, brief = name.partition("/")
        way = "give it with --force to move it" if name.startswith(TAGS) else "choose another name"
        raise UsageError(f"`{brief}` is there already, at {short(id)} ({kind})", help=way)


def _existing(repository: Repository, prefix: str, name: str, kind: str) -> Digest:
    """The commit of a branch or a tag that may be removed."""
    id = _known(repository.references, prefix, name, kind)
    if prefix == BRANCHES and repository.references.branch == name:
        raise UsageError(f"`{name}` is checked out", help="switch to another branch first")
    return id


def _known(references: References, prefix: str, name: str, kind: str) -> Digest:
    known = references.named(prefix)
    if name not in known:
        near = nearest(name, known)
        listed = ", ".join(known) or "none yet"
        raise UsageError(f"there is no {kind} `{name}`", help=f"did you mean `{near}`?" if near else f"known: {listed}")
    return known[name]


def _remove(repository: Repository, name: str, id: Digest) -> None:
    _record(repository, Move(name, id, None, "removed", git.author(repository.root)))


def _record(repository: Repository, wanted: Move) -> None:
    if wanted.old != wanted.new:
        move(repository.workspace.journal, [wanted])
