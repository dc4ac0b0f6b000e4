"""What changed between the descriptions of two versions: columns, types, missing values, figures; breaking or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelsync.data import contracts
from modelsync.data.contracts import ContractChange
from modelsync.data.schema import ColumnFacts, Description


@dataclass(frozen=True, slots=True)
class Retyped:
    """A column of both versions whose type changed."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One column before and after, None where a version has not got it; `fields` names the facts that differ."""

    column: str
    before: ColumnFacts | None
    after: ColumnFacts | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions by their descriptions, columns in the order of the version after, removed ones last.

    `missing_began` and `missing_ended` are columns of both in which values are missing now, or no more. `contract` is
    the change of the promise: of the contracts, or of what the data shows where neither version has one (then
    `is_promised` is False).
    """

    rows: tuple[int, int]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[Retyped, ...]
    missing_began: tuple[str, ...]
    missing_ended: tuple[str, ...]
    is_reordered: bool
    columns: tuple[ColumnChange, ...]
    contract: ContractChange
    is_promised: bool

    @property
    def is_same_schema(self) -> bool:
        """Whether names and types are the same, in any order."""
        return not (self.added or self.removed or self.retyped)


def compare(
    before: Description,
    after: Description,
    contract_before: dict[str, Any] | None = None,
    contract_after: dict[str, Any] | None = None,
) -> Comparison:
    """The comparison of two descriptions, and of the contracts (in the form of `Contract.to_json`) they were made with.

    Only columns whose facts differ are listed in `columns`.
    """
    old, new = ({each.name: each for each in described.columns} for described in (before, after))
    shared = [name for name in new if name in old]
    is_promised = bool(contract_before or contract_after)
    missing = frozenset(name for name, each in old.items() if each.nulls)
    shown = (_shown(before, missing), _shown(after, missing))
    promises = (contract_before, contract_after) if is_promised else shown
    return Comparison(
        rows=(before.rows, after.rows),
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        retyped=tuple(
            Retyped(name, old[name].type, new[name].type) for name in shared if old[name].type != new[name].type
        ),
        missing_began=tuple(name for name in shared if new[name].nulls and not old[name].nulls),
        missing_ended=tuple(name for name in shared if old[name].nulls and not new[name].nulls),
        is_reordered=shared != [name for name in old if name in new],
        columns=tuple(_column_changes(old, new)),
        contract=contracts.compare(*promises),
        is_promised=is_promised,
    )


def _column_changes(old: dict[str, ColumnFacts], new: dict[str, ColumnFacts]) -> list[ColumnChange]:
    found = []
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(name), new.get(name)
        fields = _differing(before, after) if before and after else ()
        if before is None or after is None or fields:
            found.append(ColumnChange(name, before, after, fields))
    return found


_FACTS = ("type", "nulls", "distinct", "min", "max", "mean", "std", "infinite", "top", "histogram")


def _differing(before: ColumnFacts, after: ColumnFacts) -> tuple[str, ...]:
    """A description of before there were histograms differs in none."""
    both = before.histogram and after.histogram
    return tuple(
        name for name in _FACTS if getattr(before, name) != getattr(after, name) and (name != "histogram" or both)
    )


def _shown(described: Description, missing: frozenset[str]) -> dict[str, Any]:
    """What a table shows, as if it were promised: names and types, and that values may be missing where some are.

    So they may where some were (`missing`): that none is missing any more takes nothing from anybody.
    """
    columns = {
        each.name: {"type": each.type, "nullable": bool(each.nulls) or each.name in missing}
        for each in described.columns
    }
    return {"key": [], "columns": columns}
