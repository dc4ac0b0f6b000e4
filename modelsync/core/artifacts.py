"""What travels between steps: the type of an output and a reference to its stored bytes, never the bytes."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Any

from modelsync.core.digest import Digest
from modelsync.core.records import record


class OutputType(StrEnum):
    """How an object that a step returns becomes bytes."""

    TABLE = "table"  # a Parquet file
    MODEL = "model"  # a folder: the model in a safe format, its signature, an input example
    METRICS = "metrics"  # a flat JSON object of numbers
    JSON = "json"
    PLOT = "plot"  # a PNG or HTML file
    TEXT = "text"
    FILE = "file"
    FOLDER = "folder"


FOLDER_TYPES = frozenset({OutputType.MODEL, OutputType.FOLDER})


@record
class Artifact:
    """Stored content: its type, the digest of its bytes (of its manifest for a folder), its size in bytes, small facts.

    `facts` are plain values worth knowing without opening the bytes: rows and columns of a table, the numbers of
    metrics, the framework and signature of a model.
    """

    type: OutputType
    digest: Digest
    size: int
    facts: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the journal."""
        return {"type": str(self.type), "digest": self.digest, "size": self.size, "facts": self.facts}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Artifact:
        """The artifact that `to_json` described."""
        return cls(OutputType(value["type"]), Digest(value["digest"]), int(value["size"]), dict(value["facts"]))
