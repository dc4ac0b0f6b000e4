"""The columns that a check of a table speaks of, and what each of them holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from modelsync.core.nearest import nearest
from modelsync.gates import sides
from modelsync.gates.question import GateError, Question, need_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Array: TypeAlias = "np.ndarray[Any, Any]"

_NUMBERS = ("int", "float")


def tables(question: Question) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The table and the reference, their columns named by text; GateError when two columns have one name."""
    table, reference = need_table(question), question.reference
    try:
        return sides.named(table, "table"), None if reference is None else sides.named(reference, "reference")
    except ValueError as error:
        raise GateError(str(error)) from error


def absent(frame: pd.DataFrame, name: str, whose: str = "the table") -> str:
    """Why a column can't be looked at, with the nearest name that exists; empty when it is there."""
    if name in frame.columns:
        return ""
    near = nearest(name, map(str, frame.columns))
    return f"{whose} has no column `{name}`" + (f"; did you mean `{near}`?" if near else "")


def not_a_number(question: Question, values: pd.Series) -> str:
    """Why a column holds no numbers to measure, empty when it does; the contract's word is asked first."""
    from pandas.api import types

    declared = str(question.declared(str(values.name)).get("type", ""))
    if declared and declared not in _NUMBERS:
        return f"the contract says {declared}, and only numbers can be measured"
    if types.is_numeric_dtype(values.dtype) and not types.is_bool_dtype(values.dtype):
        return ""
    if types.is_datetime64_any_dtype(values.dtype):
        return "it holds times, and only numbers can be measured"
    if declared:
        return f"the contract says {declared}, the table holds text"
    return "it holds no numbers"


def numbers(values: pd.Series) -> tuple[Array, int]:
    """The values that are there as floats, infinities among them, and how many are missing."""
    import numpy as np

    found = values.to_numpy(dtype="float64", na_value=np.nan)
    missing = np.isnan(found)
    count = int(missing.sum())
    return (found[~missing] if count else found), count
