"""Work on the project that is written down before it begins, so that whoever comes next can finish it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from modelsync.core.digest import Digest, canonical
from modelsync.core.errors import DamageError
from modelsync.registry.references import Move
from modelsync.store.folders import Entry, is_digest
from modelsync.store.steady import Identity

NAME = "checkout"
STAGING = "checkout.files"
LOST = "lost-found"
_FORMAT = 1
_KIND = "modelsync work"
_PLAIN = ("doing", "commit", "tracked", "pointer", "merge", "lost")  # fields that JSON keeps as they are


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file to be written (`after`) or removed (None).

    `before` stands there and is stored, so that it may be replaced; `rescue`: what stands there is moved to
    `lost-found` instead.
    """

    path: str
    before: Entry | None
    after: Entry | None
    rescue: bool = False
    seen: Identity | None = field(default=None, compare=False)  # of `before`, in the process that planned it


@dataclass(frozen=True, slots=True)
class Work:
    """One change of the project, all of it or nothing: working files, references, and the small files beside.

    `tracked`, `pointer` and `merge` are new texts of those files: None leaves one as it is, an empty one removes it.
    `lost` is the folder (from the root) for files that stood in the way.
    """

    doing: str
    files: tuple[FileChange, ...] = ()
    moves: tuple[Move, ...] = ()
    commit: Digest | None = None  # to be told in the journal
    tracked: str | None = None
    pointer: str | None = None
    merge: str | None = None
    lost: str = ""

    def encode(self) -> str:
        """The text of the journal of this work: JSON lines, the files one by one."""
        rest = {name: getattr(self, name) for name in _PLAIN}
        head = {"format": _FORMAT, "kind": _KIND, **rest, "moves": [asdict(each) for each in self.moves]}
        return "".join(f"{canonical(line)}\n" for line in (head, *map(_line, self.files)))

    @property
    def written(self) -> Iterator[Entry]:
        """The files that get new content, by path."""
        return (each.after for each in sorted(self.files, key=lambda each: each.path) if each.after is not None)

    @property
    def rescued(self) -> tuple[str, ...]:
        """Where files that stood in the way went, from the root."""
        return tuple(f"{self.lost}/{each.path}" for each in self.files if each.rescue)


def read(file: Path) -> Work | None:
    """The work that was begun and not ended; None when there is none. DamageError when the journal can't be read."""
    try:
        head, *lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise _damaged(file, str(error)) from None
    try:
        if head["format"] != _FORMAT or head["kind"] != _KIND:
            raise ValueError("its format does not fit")
        moves = tuple(Move(**each) for each in head["moves"])
        rest = {name: head[name] for name in _PLAIN}
        return Work(files=tuple(_file(line) for line in lines), moves=moves, **rest)
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(file, str(error)) from None


def _line(change: FileChange) -> dict[str, Any]:
    before, after = (None if each is None else list(each)[1:] for each in (change.before, change.after))
    return {"path": change.path, "before": before, "after": after, "rescue": change.rescue}


def _file(line: Any) -> FileChange:
    path, rescue = line["path"], line["rescue"]
    if not isinstance(path, str) or not isinstance(rescue, bool):
        raise ValueError("a line does not fit")
    return FileChange(path, _entry(path, line["before"]), _entry(path, line["after"]), rescue)


def _entry(path: str, value: Any) -> Entry | None:
    if value is None:
        return None
    executable, size, digest = value
    if not is_digest(digest):
        raise ValueError(f"{digest!r} is no digest")
    return Entry(path, executable=bool(executable), size=int(size), digest=Digest(digest))


def _damaged(file: Path, why: str) -> DamageError:
    return DamageError(
        f"`{file}`, which says what an interrupted command was doing, is not as it was written: {why}",
        help="delete it, then look at `modelsync status`; what is committed is not touched by that",
    )
