"""A commit: one state of all tracked files, with its parents, author, time, message and the code it was made beside."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from modelsync.core.digest import Digest, canonical, of_bytes
from modelsync.core.paths import forbidden
from modelsync.registry.effects import effect_key
from modelsync.registry.journal import Event, Journal

DATA_COMMITTED = "data.committed"
FORMAT = 1
KIND = "modelsync commit"
LONGEST_MESSAGE = 1 << 16  # characters; a commit is read whole whenever history is walked

_DIGEST = re.compile(r"[0-9a-f]{64}")
_GIT_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_FIELDS = {"author", "format", "git", "kind", "message", "parents", "paths", "time", "tree"}


@dataclass(frozen=True, slots=True)
class GitState:
    """The commit of the code, and whether its files differed from it."""

    commit: str
    dirty: bool


@dataclass(frozen=True, slots=True)
class Commit:
    """One state of the tracked files.

    `tree` is the digest of the manifest of all tracked files, by their paths from the project root; `paths` are the
    files and folders that are tracked, sorted. `author` is `name <email>`, `time` ISO 8601 in UTC.
    """

    tree: Digest
    paths: tuple[str, ...]
    parents: tuple[Digest, ...]
    author: str
    time: str
    message: str
    git: GitState | None = None

    @property
    def id(self) -> Digest:
        """The SHA-256 of the bytes."""
        return of_bytes(self.encode())

    @property
    def title(self) -> str:
        """The first line of the message."""
        return self.message.strip().partition("\n")[0]

    def encode(self) -> bytes:
        """The one text for this commit: canonical JSON and an end of line."""
        git = None if self.git is None else {"commit": self.git.commit, "dirty": self.git.dirty}
        value = {
            "format": FORMAT,
            "kind": KIND,
            "tree": self.tree,
            "paths": list(self.paths),
            "parents": list(self.parents),
            "author": self.author,
            "time": self.time,
            "message": self.message,
            "git": git,
        }
        return (canonical(value) + "\n").encode()

    @classmethod
    def decode(cls, data: bytes) -> Commit:
        """The commit that a text describes; ValueError, saying what does not fit, when it is none."""
        try:
            value: Any = json.loads(data)
        except (ValueError, RecursionError):
            raise ValueError("it is no JSON") from None
        if not isinstance(value, dict) or value.get("kind") != KIND:
            raise ValueError("it is no commit")
        if value.get("format") != FORMAT:
            raise ValueError(f"it has format {value.get('format')!r}, this ModelSync knows format {FORMAT}")
        if set(value) != _FIELDS:
            raise ValueError(f"its fields are {', '.join(sorted(map(str, value)))}")
        commit = cls(
            tree=_digest(value["tree"]),
            paths=tuple(map(_below, _texts("paths", value["paths"]))),
            parents=tuple(_digest(parent) for parent in _texts("parents", value["parents"])),
            author=_text("author", value["author"]),
            time=_text("time", value["time"]),
            message=_text("message", value["message"]),
            git=_git(value["git"]),
        )
        if commit.encode() != data:
            raise ValueError("it is not in the one form that is written")
        return commit


def committed(journal: Journal, commit: Commit, on: str) -> Event:
    """Record that a commit was made `on` a reference, once; its bytes must be stored before."""
    payload = {
        "commit": commit.id,
        "tree": commit.tree,
        "parents": list(commit.parents),
        "author": commit.author,
        "message": commit.title,
        "on": on,
    }
    return journal.append(DATA_COMMITTED, payload, key=effect_key(DATA_COMMITTED, commit.id))


def _digest(value: Any) -> Digest:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise ValueError(f"{value!r} is no digest")
    return Digest(value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_MESSAGE:
        raise ValueError(f"its `{name}` is no text, or too long")
    return value


def _below(path: str) -> str:
    if reason := forbidden(path):
        raise ValueError(f"it tracks {path!r}, which is no path that a project may track: {reason}")
    return path


def _texts(name: str, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"its `{name}` is no list")
    return [_text(name, one) for one in value]


def _git(value: Any) -> GitState | None:
    match value:
        case None:
            return None
        case {"commit": str(commit), "dirty": bool(dirty)} if _GIT_COMMIT.fullmatch(commit) and len(value) == 2:
            return GitState(commit, dirty)
    raise ValueError(f"its `git` is {value!r}")
