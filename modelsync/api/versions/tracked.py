"""What is tracked and staged: `.modelsync/tracked`, a small file that is whole or absent."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from modelsync.core.digest import Digest, canonical
from modelsync.core.errors import DamageError
from modelsync.store.folders import Entry, Manifest, is_digest

NAME = "tracked"
_FORMAT = 1
_KIND = "modelsync tracked"


@dataclass(frozen=True, slots=True)
class Tracked:
    """The paths that were added (files and folders, from the project root, sorted; none below another) and the digest
    of the manifest that is staged: what the next commit holds. None: nothing was ever staged.
    """

    paths: tuple[str, ...] = ()
    staged: Digest | None = None

    @classmethod
    def read(cls, file: Path) -> Self:
        """What a file says; nothing when there is none. DamageError when it is not what was written."""
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return cls()
        except UnicodeDecodeError:
            raise _damaged(file, "it is no UTF-8") from None
        return cls.decode(lines, file)

    @classmethod
    def decode(cls, lines: list[str], file: Path) -> Self:
        """The same from its lines; `file` is named in the error."""
        try:
            head, *rest = [json.loads(line) for line in lines]
            paths = tuple(str(line["path"]) for line in rest)
            staged = head["staged"]
            if head["format"] != _FORMAT or head["kind"] != _KIND or not (staged is None or is_digest(staged)):
                raise ValueError("its first line does not fit")
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise _damaged(file, str(error)) from None
        return cls(paths, staged)

    def encode(self) -> str:
        """The text of the file."""
        head = {"format": _FORMAT, "kind": _KIND, "staged": self.staged}
        return "".join(f"{canonical(line)}\n" for line in (head, *({"path": path} for path in self.paths)))

    def with_path(self, path: str) -> Tracked:
        """With one more path. A folder takes in what was tracked below it; what is below a folder needs no mention."""
        if self.covers(path):
            return self
        return replace(self, paths=tuple(sorted({*self.without(path).paths, path})))

    def without(self, path: str) -> Tracked:
        """Without a path and those below it."""
        return replace(self, paths=tuple(each for each in self.paths if not is_within(each, path)))

    def covers(self, path: str) -> bool:
        """Whether a path is tracked, itself or by a folder above it."""
        return any(is_within(path, each) for each in self.paths)


def is_within(path: str, above: str) -> bool:
    """Whether `path` is `above` or lies below it."""
    return path == above or path.startswith(f"{above}/")


def below(manifest: Manifest, path: str) -> tuple[Entry, ...]:
    """The files of a manifest that are `path` or lie below it."""
    return tuple(entry for entry in manifest.entries if is_within(entry.path, path))


def merge_paths(base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """What both sides track, with what either added and without what either gave up."""
    kept = {path for path in {*ours, *theirs} if (path in ours and path in theirs) or path not in base}
    found = Tracked()
    for path in sorted(kept, key=len):
        found = found.with_path(path)
    return found.paths


def _damaged(file: Path, why: Any) -> DamageError:
    return DamageError(
        f"`{file}` is not as it was written: {why}",
        help="delete it; then what the last commit holds is tracked and staged. No file of yours is touched by that",
    )
