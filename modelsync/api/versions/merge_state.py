"""The merge that is open: `.modelsync/merge`, there from the first conflict until `commit` or `merge --abort`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from modelsync.core.digest import Digest, canonical
from modelsync.core.errors import DamageError
from modelsync.store.folders import is_digest

NAME = "merge"
_FORMAT = 1
_KIND = "modelsync merge"


@dataclass(frozen=True, slots=True)
class OpenConflict:
    """One path that waits for a decision: why, the files written beside it, whether it was decided."""

    path: str
    kind: str
    beside: tuple[str, ...] = ()
    decided: bool = False


@dataclass(frozen=True, slots=True)
class MergeState:
    """Two commits that are being merged, and what stood in their way. `name` is how theirs was called."""

    ours: Digest
    theirs: Digest
    name: str
    message: str
    files: Digest  # the manifest of what the merge put into the working files
    conflicts: tuple[OpenConflict, ...]
    wrote: dict[str, Digest]  # the files beside, as they were written

    @property
    def undecided(self) -> tuple[OpenConflict, ...]:
        """The conflicts that are left."""
        return tuple(each for each in self.conflicts if not each.decided)

    def decide(self, paths: set[str]) -> MergeState:
        """With the conflicts of these paths decided."""
        decided = tuple(replace(each, decided=each.decided or each.path in paths) for each in self.conflicts)
        return replace(self, conflicts=decided)

    def encode(self) -> str:
        """The text of the file."""
        return canonical({"format": _FORMAT, "kind": _KIND, **asdict(self)}) + "\n"


def read(file: Path) -> MergeState | None:
    """The merge that is open; None when there is none. DamageError when the file is not as it was written."""
    try:
        value: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise _damaged(file, str(error)) from None
    try:
        if value["format"] != _FORMAT or value["kind"] != _KIND:
            raise ValueError("its format does not fit")
        conflicts = tuple(
            OpenConflict(str(each["path"]), str(each["kind"]), tuple(each["beside"]), bool(each["decided"]))
            for each in value["conflicts"]
        )
        return MergeState(
            _digest(value["ours"]),
            _digest(value["theirs"]),
            str(value["name"]),
            str(value["message"]),
            _digest(value["files"]),
            conflicts,
            {str(path): Digest(digest) for path, digest in value["wrote"].items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(file, str(error)) from None


def _digest(value: Any) -> Digest:
    if not is_digest(value):
        raise ValueError(f"{value!r} is no digest")
    return Digest(value)


def _damaged(file: Path, why: str) -> DamageError:
    return DamageError(
        f"`{file}` is not as it was written: {why}", help="delete it; then the merge is over and can be made again"
    )
