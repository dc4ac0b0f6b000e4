"""Which columns name a row of a tracked table: what was given, else the contract in a spec that declares the table."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from modelsync.core.errors import UsageError

# The endings of tables whose rows can be compared and merged.
TABLES = (".csv", ".parquet", ".jsonl")


def is_table(path: str) -> bool:
    """Whether a path is that of a table."""
    return path.lower().endswith(TABLES)


class Keys:
    """The keys of tables below a root. Specs are read when the first one is asked for, and only once."""

    def __init__(self, root: Path, given: Sequence[str] = ()) -> None:
        self._root = root
        self._given = tuple(given)
        self._known: list[tuple[Path, tuple[str, ...]]] | None = None

    def of(self, path: str) -> tuple[str, ...]:
        """The key of a table; empty when nobody says it. A spec with faults says nothing."""
        if self._given:
            return self._given
        if self._known is None:
            self._known = list(_contracts(self._root))
        file = self._root / path
        return next((key for source, key in self._known if file.is_relative_to(source)), ())


def _contracts(root: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The files and folders of datasets whose contracts have a key."""
    from modelsync.api.specs import known, specs_of  # the language is a third of a second on a slow machine,
    from modelsync.language.load import load  # and `status` has no use for it

    try:
        specs = specs_of(root)
    except UsageError:
        return
    for path in specs:
        spec = load(path, known(), {}, os.environ).spec
        for dataset in () if spec is None else spec.datasets.values():
            if dataset.path is not None and dataset.contract is not None and dataset.contract.key:
                yield dataset.path, dataset.contract.key
