"""What changed between two versions of a dataset, under the names that its version rules use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from modelsync.data import contracts

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One version of a dataset: the digest of its content, its contract (the form of `to_json`), and its rows."""

    digest: str
    contract: dict[str, Any] | None
    table: pd.DataFrame


def facts(previous: Snapshot | None, current: Snapshot) -> dict[str, Any]:
    """`contract.breaking`, `contract.extended`, `rows.added`, `rows.removed`, `content.changed` as truth values.

    Rows are told apart by the key where both contracts have the same one; without a key a row is the sum of its values
    in the columns that both versions have, so that a changed value is one row less and one row more. Nothing before:
    everything is added.
    """
    if previous is None:
        return {
            "contract.breaking": False,
            "contract.extended": False,
            "rows.added": len(current.table) > 0,
            "rows.removed": False,
            "content.changed": True,
        }
    change = contracts.compare(previous.contract, current.contract)
    added, removed = row_changes(previous, current)
    return {
        "contract.breaking": bool(change.breaking),
        "contract.extended": bool(change.extended),
        "rows.added": added > 0,
        "rows.removed": removed > 0,
        "content.changed": previous.digest != current.digest,
    }


def row_changes(previous: Snapshot, current: Snapshot) -> tuple[int, int]:
    """How many rows came and how many went."""
    if previous.digest == current.digest:
        return 0, 0
    names = _identifying(previous, current)
    if not names:
        more = len(current.table) - len(previous.table)
        return max(more, 0), max(-more, 0)
    before, after = _hashes(previous.table, current.table, names)
    return _surplus(after, before), _surplus(before, after)


def _identifying(previous: Snapshot, current: Snapshot) -> list[str]:
    shared = [name for name in previous.table.columns if name in current.table.columns]
    key = (current.contract or {}).get("key") or []
    same = key == ((previous.contract or {}).get("key") or [])
    return list(key) if key and same and set(key) <= set(shared) else shared


def _hashes(
    before: pd.DataFrame, after: pd.DataFrame, names: list[str]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """A 64-bit hash for each row, from values brought to one type so that 1 and 1.0 are the same value."""
    import pandas as pd

    both = pd.DataFrame({name: _joined(before[name], after[name]) for name in names})
    hashes = pd.util.hash_pandas_object(both, index=False).to_numpy()
    return hashes[: len(before)], hashes[len(before) :]


def _joined(before: pd.Series, after: pd.Series) -> pd.Series:
    import pandas as pd
    from pandas.api import types

    parts = [before, after]
    dtypes = [part.dtype for part in parts]
    if all(types.is_bool_dtype(dtype) or types.is_integer_dtype(dtype) for dtype in dtypes):
        parts = [part.astype("Int64") for part in parts]
    elif all(types.is_numeric_dtype(dtype) for dtype in dtypes):
        parts = [part.astype("Float64") for part in parts]
    elif dtypes[0] != dtypes[1] or not types.is_datetime64_any_dtype(dtypes[0]):
        parts = [part.astype(object).map(str, na_action="ignore").astype(object) for part in parts]
    return pd.concat(parts, ignore_index=True)


def _surplus(these: np.ndarray[Any, Any], those: np.ndarray[Any, Any]) -> int:
    """How many elements the first multiset has beyond the second."""
    import numpy as np

    values, inverse = np.unique(np.concatenate([these, those]), return_inverse=True)
    here = np.bincount(inverse[: len(these)], minlength=len(values))
    there = np.bincount(inverse[len(these) :], minlength=len(values))
    return int(np.maximum(here - there, 0).sum())
