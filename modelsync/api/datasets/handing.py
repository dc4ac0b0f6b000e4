"""Versions handed to Python: plain facts, tables and paths."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from modelsync.api.datasets import downloading, looking
from modelsync.core.artifacts import OutputType
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.engine.workspace import Workspace
from modelsync.registry.records import DatasetVersion

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


class Facts(NamedTuple):
    """What is known of a version, and the root of its project."""

    root: Path
    name: str
    version: str
    rows: int | None
    size: int
    sha256: str
    tags: tuple[str, ...]
    source: str
    author: str
    at: str


def one(name: str, root: str | PathLike[str] | None) -> Facts:
    """The version that `name` or `name@1.2.0` means; UsageError when there is none."""
    workspace = looking.workspace_of(None if root is None else Path(root))
    return _facts(workspace, looking.version(workspace, name), looking.told(workspace, name).author)


def history(root: Path, name: str) -> list[Facts]:
    """Every version of a dataset, the newest first."""
    workspace = Workspace(root)
    return [_facts(workspace, each.version, each.author) for each in looking.history(workspace, name)]


def frame(root: Path, spelled: str) -> pd.DataFrame:
    """The table with the types that its contract gives it; UsageError for what is no table."""
    from modelsync.data import tables

    return tables.load(_table(root, spelled))


def arrow(root: Path, spelled: str) -> pa.Table:
    """The same as an Arrow table."""
    import pyarrow.parquet as pq

    table: pa.Table = pq.read_table(_table(root, spelled))
    return table


def path(root: Path, spelled: str) -> Path:
    """A verified file or folder with the bytes as they came in, for reading only; made when it is not there yet."""
    workspace = Workspace(root)
    found = looking.version(workspace, spelled)
    digest = Digest(found.digest)
    return workspace.store.folder_path(digest) if found.form == "folder" else workspace.store.open_path(digest)


def download(root: Path, spelled: str, target: str | PathLike[str]) -> Path:
    """A copy of the bytes as they came in, whole or not at all; UsageError when something else stands there."""
    return downloading.download(Workspace(root), spelled, Path(target)).path


def _facts(workspace: Workspace, found: DatasetVersion, author: str) -> Facts:
    return Facts(
        root=workspace.root,
        name=found.dataset,
        version=str(found.version),
        rows=found.rows,
        size=found.size,
        sha256=found.digest,
        tags=found.tags,
        source=found.source,
        author=author,
        at=found.at,
    )


def _table(root: Path, spelled: str) -> Path:
    workspace = Workspace(root)
    found = looking.version(workspace, spelled)
    if found.table.type is not OutputType.TABLE:
        raise UsageError(f"{found.spelled} is no table", help="`.path()` gives its files")
    return workspace.store.open_path(found.table.digest)
