"""What a dataset version keeps of its content: format, size, rows, schema and figures, or images, and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelsync.core import clock
from modelsync.core.contract import Contract
from modelsync.data import formats, images, schema
from modelsync.data.formats import Format
from modelsync.data.images import ImageFacts
from modelsync.data.schema import Description
from modelsync.data.sources.base import Fetched

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Facts:
    """One version by its content, `size` in bytes of `files` files.

    `table` for tables, `images` for images, neither for bytes. `source` names where it came from, without secrets;
    `fingerprint` is what the source was like when it was fetched (None when only fetching can tell) and `modified` the
    time of its newest content as ISO 8601 text, where the source knows one.
    """

    format: Format
    files: int
    size: int
    source: str
    fingerprint: str | None
    modified: str | None
    notes: tuple[str, ...]
    table: Description | None = None
    images: ImageFacts | None = None

    @property
    def rows(self) -> int | None:
        """The rows of a table."""
        return None if self.table is None else self.table.rows

    def to_json(self) -> dict[str, Any]:
        """Plain values for the journal."""
        return {
            "format": str(self.format),
            "files": self.files,
            "size": self.size,
            "source": self.source,
            "fingerprint": self.fingerprint,
            "modified": self.modified,
            "notes": list(self.notes),
            "table": None if self.table is None else self.table.to_json(),
            "images": None if self.images is None else self.images.to_json(),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Facts:
        """The facts that `to_json` described."""
        table, pictures = value.get("table"), value.get("images")
        return cls(
            Format(value["format"]),
            value["files"],
            value["size"],
            value["source"],
            value["fingerprint"],
            value["modified"],
            tuple(value["notes"]),
            None if table is None else Description.from_json(table),
            None if pictures is None else ImageFacts.from_json(pictures),
        )


def of_table(source: str, fetched: Fetched, frame: pd.DataFrame, contract: Contract | None = None) -> Facts:
    """The facts of files whose rows were read (`formats.read`); `source` is the label of where they came from."""
    return _facts(source, fetched, Format.TABLE, table=schema.describe(frame, contract))


def of_files(source: str, fetched: Fetched) -> Facts:
    """The facts of files that are read as no table: images by their headers, anything else by number and size.

    SurroundingsError when an image can't be read.
    """
    if formats.recognise(fetched.names) is Format.IMAGES:
        pictures = images.describe(fetched.root, fetched.names)
        return _facts(source, fetched, Format.IMAGES, pictures=pictures)
    return _facts(source, fetched, Format.BYTES)


def _facts(
    source: str,
    fetched: Fetched,
    format_: Format,
    table: Description | None = None,
    pictures: ImageFacts | None = None,
) -> Facts:
    seen = fetched.fingerprint
    return Facts(
        format_,
        len(fetched.names),
        fetched.size,
        source,
        seen.value,
        None if seen.modified is None else clock.stamp(seen.modified),
        fetched.notes,
        table,
        pictures,
    )
