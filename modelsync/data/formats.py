"""What the files of a source are together: one table, images in folders, or bytes; and their rows as one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from modelsync.core.contract import Contract
from modelsync.core.errors import UsageError
from modelsync.data import tables
from modelsync.data.sources.base import Fetched

if TYPE_CHECKING:
    import pandas as pd

TABLES = frozenset(tables.ENDINGS)
IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"})


class Format(StrEnum):
    """What the files of one version are together."""

    TABLE = "table"
    IMAGES = "images"
    BYTES = "bytes"


def recognise(names: Iterable[str]) -> Format:
    """The format by the endings of all names that are `visible`; tables must all have the same one.

    Names that start with `.` or `_` are markers and notes of tools (`.DS_Store`, `_SUCCESS`) and do not count.
    """
    endings = {PurePosixPath(name).suffix.lower() for name in visible(names)}
    if len(endings) == 1 and endings <= TABLES:
        return Format.TABLE
    if endings and endings <= IMAGES:
        return Format.IMAGES
    return Format.BYTES


def visible(names: Iterable[str]) -> list[str]:
    """The names in which no part starts with `.` or `_`, in their order; all names when every one has such a part."""
    every = list(names)
    return [name for name in every if not any(part.startswith((".", "_")) for part in name.split("/"))] or every


def read(fetched: Fetched, contract: Contract | None = None) -> pd.DataFrame:
    """The rows of all tables of a source, file after file in the order of their paths.

    Raises as `tables.read`; UsageError too when the files are no tables of one ending and one set of columns.
    """
    if fetched.single:
        return tables.read(fetched.place, contract)
    names = visible(fetched.names)
    if recognise(names) is not Format.TABLE:
        raise UsageError(_mixed(names, fetched), help=f"a table is files of one kind: {', '.join(sorted(TABLES))}")
    return tables.read_many([fetched.root / name for name in names], contract)


def _mixed(names: Sequence[str], fetched: Fetched) -> str:
    odd = next((name for name in names if PurePosixPath(name).suffix.lower() not in TABLES), None)
    if odd is not None:
        return f"`{odd}` in `{fetched.root}` is no table that can be read"
    kinds = sorted({PurePosixPath(name).suffix.lower() for name in names})
    return f"`{fetched.root}` holds tables of several kinds: {', '.join(kinds)}"
