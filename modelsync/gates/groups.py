"""The rows of a table by the values of one column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelsync.core.nearest import nearest
from modelsync.gates.question import GateError
from modelsync.gates.scoring import Array

if TYPE_CHECKING:
    import pandas as pd

MISSING = "(missing)"  # rows without a value are people too: they are a group of their own
_MOST_GROUPS = 100  # more is a number that nobody has cut into groups


def groups(frame: pd.DataFrame, column: str) -> dict[str, Array]:
    """A flag for each row by the name of the group, in the order of the names; GateError when there are too many."""
    import pandas as pd

    need_column(frame, column)
    codes, values = pd.factorize(frame[column])
    if len(values) > _MOST_GROUPS:
        raise GateError(f"`{column}` has {len(values):,} different values; cut it into groups in a step before")
    found: dict[str, Array] = {}
    for code, value in ((-1, MISSING), *enumerate(values)):
        rows = codes == code
        if rows.any():
            found[str(value)] = found[str(value)] | rows if str(value) in found else rows
    return dict(sorted(found.items()))


def need_column(frame: pd.DataFrame, column: str) -> None:
    """GateError with the nearest name when the table lacks a column."""
    if column not in frame.columns:
        near = nearest(column, map(str, frame.columns))
        raise GateError(f"the table has no column `{column}`" + (f"; did you mean `{near}`?" if near else ""))
