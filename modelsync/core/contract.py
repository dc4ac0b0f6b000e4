"""The shape a table promises: its columns, their types and limits, and its key."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Any

from modelsync.core.records import record


class ColumnType(StrEnum):
    """The types a contract knows."""

    STRING = "string"
    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    CATEGORY = "category"
    DATETIME = "datetime"


class Role(StrEnum):
    """What a column is for: the label is the truth, an id is never a feature."""

    FEATURE = "feature"
    LABEL = "label"
    ID = "id"


@record
class Column:
    """One column of a contract."""

    name: str
    type: ColumnType
    nullable: bool = True
    values: tuple[Any, ...] | None = None
    min: float | None = None
    max: float | None = None
    role: Role = Role.FEATURE
    positive: Any = None

    def to_json(self) -> dict[str, Any]:
        """Plain values, only those that are set: the form that is kept and hashed."""
        full = {
            "type": str(self.type),
            "nullable": self.nullable,
            "values": None if self.values is None else list(self.values),
            "min": self.min,
            "max": self.max,
            "role": str(self.role),
            "positive": self.positive,
        }
        return {key: value for key, value in full.items() if value is not None}


@record
class Contract:
    """The columns by name, in the order written, and the columns that together name a row."""

    columns: dict[str, Column] = field(default_factory=dict)
    key: tuple[str, ...] = ()

    @property
    def label(self) -> Column | None:
        """The column whose role is label, if there is one."""
        return next((column for column in self.columns.values() if column.role is Role.LABEL), None)

    def to_json(self) -> dict[str, Any]:
        """Plain values: the form that is kept with a dataset version and compared with the next."""
        return {"key": list(self.key), "columns": {name: column.to_json() for name, column in self.columns.items()}}
