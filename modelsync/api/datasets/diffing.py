"""`dataset diff`: two versions held against each other: schema, figures, rows or files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.api import showing
from modelsync.api.datasets.looking import version
from modelsync.core.artifacts import OutputType
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.data import comparison, row_diff
from modelsync.data.comparison import Comparison
from modelsync.data.row_diff import RowDiff
from modelsync.data.schema import Description
from modelsync.engine.workspace import Workspace
from modelsync.registry.records import DatasetVersion
from modelsync.store.folders import Entry


@dataclass(frozen=True, slots=True)
class Files:
    """The files of two folders: paths that came, went, and hold something else."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions; of tables `schema` and `rows`, of folders `files`. All None when the content is the same bytes of
    something that is neither.
    """

    before: DatasetVersion
    after: DatasetVersion
    schema: Comparison | None = None
    rows: RowDiff | None = None
    files: Files | None = None

    @property
    def is_same(self) -> bool:
        """Whether both are the same bytes."""
        return self.before.digest == self.after.digest


def diff(workspace: Workspace, old: str, new: str | None = None, key: Sequence[str] = ()) -> Difference:
    """The difference of two versions; without `new` that of `old` to the latest, or of the last two of a name.

    Rows are the same row by `key`, else by the key of the contract of both. UsageError for versions that do not exist
    and for a key that is not in both; DamageError when stored bytes are not what they were.
    """
    before, after = _meant(workspace, old, new)
    schema = rows = None
    if before.columns and after.columns:
        schema = comparison.compare(_described(before), _described(after), before.contract, after.contract)
    if before.table.type is after.table.type is OutputType.TABLE:
        paths = [workspace.store.open_path(each.table.digest) for each in (before, after)]
        rows = row_diff.diff(paths[0], paths[1], tuple(key) or _key(before, after))
    elif key:
        raise UsageError("only tables have a key", help="compare them without --key")
    return Difference(before, after, schema, rows, _files(workspace, before, after))


def _meant(workspace: Workspace, old: str, new: str | None) -> tuple[DatasetVersion, DatasetVersion]:
    name, _, which = old.partition("@")
    if new is not None:
        wanted = new if "@" in new or new in workspace.state().datasets else f"{name}@{new}"
        return version(workspace, old), version(workspace, wanted)
    if which:
        return version(workspace, old), version(workspace, name)
    showing.dataset(workspace, name)
    kept = workspace.state().datasets[name]
    if len(kept) < 2:
        raise UsageError(f"`{name}` has one version only: {kept[0].version}", help="there is nothing to compare with")
    return kept[-2], kept[-1]


def _described(kept: DatasetVersion) -> Description:
    return Description.from_json({"rows": kept.rows, "columns": kept.columns})


def _key(before: DatasetVersion, after: DatasetVersion) -> tuple[str, ...]:
    """The key that both contracts have, when the columns of both hold it."""
    keys = [tuple((each.contract or {}).get("key") or ()) for each in (before, after)]
    names = [{column["name"] for column in each.columns} for each in (before, after)]
    return keys[1] if keys[0] == keys[1] and all(set(keys[1]) <= each for each in names) else ()


def _files(workspace: Workspace, before: DatasetVersion, after: DatasetVersion) -> Files | None:
    if (before.form, after.form) != ("folder", "folder"):
        return None
    old, new = (_entries(workspace, each) for each in (before, after))
    shared = [path for path in new if path in old]
    changed = tuple(path for path in shared if (old[path].digest, old[path].executable) != _content(new[path]))
    return Files(
        added=tuple(path for path in new if path not in old),
        removed=tuple(path for path in old if path not in new),
        changed=changed,
        unchanged=len(shared) - len(changed),
    )


def _content(entry: Entry) -> tuple[Digest, bool]:
    return entry.digest, entry.executable


def _entries(workspace: Workspace, kept: DatasetVersion) -> dict[str, Entry]:
    manifest = workspace.store.read_manifest(Digest(kept.digest))
    return {entry.path: entry for entry in manifest.entries}
