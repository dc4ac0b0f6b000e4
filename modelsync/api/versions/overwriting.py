"""What a checkout or a merge may replace in the working files, and what of a person's own it would lose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from modelsync.api.versions import ignoring
from modelsync.api.versions.changes import by_path
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.scanning import linked, measure, scan
from modelsync.api.versions.work import LOST, FileChange
from modelsync.core.errors import UsageError
from modelsync.core.paths import forbidden
from modelsync.store.folders import Entry, Manifest

_SHOWN = 20
_LOOKED_BACK = 100  # commits whose files are compared before a file counts as stored nowhere
_NOTHING_IGNORED = ignoring.Ignoring(None)


class WouldLoseError(UsageError):
    """Files that are stored nowhere would be overwritten; `paths` are all of them."""

    def __init__(self, doing: str, paths: tuple[str, ...]) -> None:
        listed = "".join(f"\n  {path}" for path in paths[:_SHOWN])
        more = f"\n  and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        super().__init__(
            f"{doing} would overwrite what is stored nowhere:{listed}{more}",
            help="`modelsync add` and `modelsync commit` keep it; `--force` moves it to .modelsync/lost-found first",
        )
        self.paths = paths


@dataclass(frozen=True, slots=True)
class Replacing:
    """The changes to be made, and those of them that would lose something."""

    files: tuple[FileChange, ...]
    at_risk: tuple[str, ...]


def lost_folder(now: datetime) -> str:
    """Where this moment's rescued files go, from the root."""
    return f".modelsync/{LOST}/{now:%Y-%m-%dT%H-%M-%S.%fZ}"


def replacing(repository: Repository, safe: Manifest, wanted: Manifest, paths: Iterable[str]) -> Replacing:
    """How the working files below `paths` become those of `wanted` where it differs from `safe`.

    What stands there as `safe` has it is stored, and may go; where both agree, nothing is touched. Everything else is
    at risk, and marked to be rescued. UsageError for paths that must not be written.
    """
    return _Plan(repository, safe, wanted, paths).made()


class _Plan:
    def __init__(self, repository: Repository, safe: Manifest, wanted: Manifest, paths: Iterable[str]) -> None:
        self._repository = repository
        self._root = repository.root
        self._safe, self._wanted = by_path(safe), by_path(wanted)
        found = scan(self._root, sorted(set(paths)), _NOTHING_IGNORED)
        self._now = by_path(measure(self._root, found.files, repository.workspace.hashes))
        self._odd, self._seen = found.odd, found.files
        self._files: dict[str, FileChange] = {}
        self._at_risk: set[str] = set()
        self._plain: set[str] = set()  # folders that no link leads to

    def made(self) -> Replacing:
        for path in sorted(self._safe.keys() | self._wanted.keys()):
            if self._safe.get(path) != self._wanted.get(path):
                self._take(path, self._safe.get(path), self._wanted.get(path))
        for change in [each for each in self._files.values() if each.after is not None]:
            self._clear_above(change.path)
        self._clear_below()
        self._forgive()
        return Replacing(tuple(self._files[path] for path in sorted(self._files)), tuple(sorted(self._at_risk)))

    def _take(self, path: str, safe: Entry | None, wanted: Entry | None) -> None:
        now = self._now.get(path)
        if now == wanted and path not in self._odd:
            return
        if wanted is not None or now is not None:
            self._refuse_unsafe(path)
        if path in self._odd:
            self._rescue(path, wanted)
        elif now is None or now == safe:
            if now is not None or wanted is not None:
                self._files[path] = FileChange(path, now, wanted, seen=self._seen.get(path))
        elif wanted is None and safe is None:
            return
        else:
            self._rescue(path, wanted)

    def _clear_above(self, path: str) -> None:
        """A file, or a link, where a folder has to be."""
        above = path.rpartition("/")[0]
        while above:
            if (above in self._now or above in self._odd) and above not in self._files:
                self._rescue(above, None)
            above = above.rpartition("/")[0]

    def _clear_below(self) -> None:
        """Files in a folder where a file has to be."""
        written = {path for path, change in self._files.items() if change.after is not None}
        for path in [*self._now, *self._odd]:
            if path in self._files:
                continue
            above = path.rpartition("/")[0]
            while above and above not in written:
                above = above.rpartition("/")[0]
            if above:
                self._rescue(path, None)

    def _forgive(self) -> None:
        """What some commit holds at that path is stored: an old version that was brought back may go again."""
        asked = {path: now for path in self._at_risk if (now := self._now.get(path)) is not None}
        references, history = self._repository.references, self._repository.history
        tips = references.commits() if asked else ()
        found = sorted((history.commit(id) for id in history.present(tips)), key=lambda each: each.time, reverse=True)
        for tree in dict.fromkeys(commit.tree for commit in found[:_LOOKED_BACK]):
            for entry in self._repository.manifest(tree).entries:
                if (now := asked.get(entry.path)) is not None and now.digest == entry.digest:
                    self._files[entry.path] = FileChange(
                        entry.path, now, self._files[entry.path].after, seen=self._seen.get(entry.path)
                    )
                    self._at_risk.discard(entry.path)
                    del asked[entry.path]
            if not asked:
                return

    def _refuse_unsafe(self, path: str) -> None:
        reason = forbidden(path)
        folder = path.rpartition("/")[0]
        if not reason and folder not in self._plain:
            link = linked(self._root, path)
            reason = f"`{link}` is a link" if link else ""
            self._plain.add(folder)
        if reason:
            raise UsageError(f"`{path}` is not touched: {reason}", help="move that away, or take only other paths")

    def _rescue(self, path: str, wanted: Entry | None) -> None:
        self._files[path] = FileChange(path, None, wanted, rescue=True)
        self._at_risk.add(path)


class Careful:
    """Refuses when something that is stored nowhere would be overwritten."""

    def settle(self, found: Replacing, doing: str) -> tuple[FileChange, ...]:
        """The changes to be made; WouldLoseError with every path at risk."""
        if found.at_risk:
            raise WouldLoseError(doing, found.at_risk)
        return found.files


class Forced(Careful):
    """Moves what would be overwritten to `.modelsync/lost-found` first."""

    def settle(self, found: Replacing, doing: str) -> tuple[FileChange, ...]:
        """All changes; those at risk are marked to be rescued."""
        return found.files


CAREFUL, FORCED = Careful(), Forced()
