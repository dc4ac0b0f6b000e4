"""Waiting until a file changes on which the findings of a check depend."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from modelsync.api.checking import Checked, stamp, walk, wanted
from modelsync.core.errors import UsageError

INTERVAL = 0.3  # seconds between two looks
SHARE = 10  # a look takes at most a tenth of the time, however many files there are
SETTLED = 0.05  # seconds without a further change: an editor may write a file in several steps
MOST = 2_000  # files looked at in one folder; a folder of images is no code

Snapshot = Mapping[Path, tuple[int, int, int] | None]

_CODE = ("flows", "validators")
_BESIDE = (".yaml", ".yml", ".json", ".csv", ".parquet", ".jsonl", ".sql")


class Watch:
    """The files of some specs, as they were when they were last looked at.

    Watched are the specs, what they include, every file that a finding names or that was asked for a function, the
    sources of datasets, the code in `flows/` and `validators/`, and what lies beside a spec.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._known: dict[Path, Checked] = {}
        self._seen: Snapshot = self._look()

    def __len__(self) -> int:
        return len(self._seen)

    def checked(self, found: Sequence[Checked], mended: Mapping[Path, int]) -> None:
        """Take in what a check found. What changed since the look before it is a change still, but for own mends."""
        last, self._known = self._known, {each.path: each for each in found}
        for each in found:
            if each.root is None and each.path in last:  # it can't be read now: what mattered before still does
                before = last[each.path]
                self._known[each.path] = replace(before, reads=before.reads | each.reads)
        seen, now = self._seen, self._look()
        self._seen = {file: now[file] if file in mended else seen.get(file, now[file]) for file in now}

    def wait(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Return when a file was written, made or removed, and has settled."""
        while True:
            began = time.monotonic()
            now = self._look()
            if now != self._seen:
                break
            sleep(max(INTERVAL, (time.monotonic() - began) * SHARE))
        while True:
            sleep(SETTLED)
            before, now = now, self._look()
            if now == before:
                break
        self._seen = now

    def _look(self) -> Snapshot:
        return {file: stamp(file) for file in sorted(self._files())}

    def _files(self) -> set[Path]:
        try:
            specs = {*self._known, *wanted(self._paths)}
        except UsageError:  # the folder is gone, or empty for now
            specs = {*self._known}
        found = set(specs)
        for spec in specs:
            known = self._known.get(spec)
            found |= known.reads if known is not None else set()
            root = known.root if known is not None and known.root is not None else spec.parent
            for folder, endings in ((spec.parent, _BESIDE), *((root / name, (".py",)) for name in _CODE)):
                found.update(islice(_below(folder, endings), MOST))
        return found


def _below(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    return (place / name for place, files in walk(folder) for name in files if name.endswith(endings))
