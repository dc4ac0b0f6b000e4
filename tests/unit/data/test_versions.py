"""The facts of dataset rules: what came, what went, what changed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from modelsync.core.contract import Column, ColumnType, Contract
from modelsync.data.versions import Snapshot, facts, row_changes

KEYED = Contract({"k": Column("k", ColumnType.INT)}, ("k",)).to_json()


def _snapshot(digest: str, contract: dict[str, Any] | None = None, **columns: Any) -> Snapshot:
    return Snapshot(digest, contract, pd.DataFrame(columns))


def test_the_first_version() -> None:
    assert facts(None, _snapshot("1", k=[1])) == {
        "contract.breaking": False,
        "contract.extended": False,
        "rows.added": True,
        "rows.removed": False,
        "content.changed": True,
    }


def test_nothing_changed() -> None:
    assert not any(facts(_snapshot("1", KEYED, k=[1]), _snapshot("1", KEYED, k=[1])).values())


def test_with_a_key_a_changed_value_is_no_new_row() -> None:
    before, after = _snapshot("1", KEYED, k=[1, 2], v=[5, 6]), _snapshot("2", KEYED, k=[2, 1], v=[6, 7])
    assert row_changes(before, after) == (0, 0)
    assert facts(before, after)["content.changed"] is True


def test_with_a_key_rows_come_and_go() -> None:
    assert row_changes(_snapshot("1", KEYED, k=[1, 2]), _snapshot("2", KEYED, k=[2, 3, 4])) == (2, 1)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"v": ["x", "x"]}, {"v": ["x", "x", "x"]}, (1, 0)),
        ({"v": ["x", "y"]}, {"v": ["y", "x"]}, (0, 0)),
        ({"v": ["x", "y"]}, {"v": ["x", "z"]}, (1, 1)),
        ({"v": [1, 2]}, {"v": [1.0, 2.0]}, (0, 0)),
        ({"v": [1, 2]}, {"v": pd.array([1, 2], dtype="Int64")}, (0, 0)),
        ({"v": [1, 2]}, {"v": ["1", "2"]}, (0, 0)),
        ({"v": [1, None]}, {"v": pd.array([1, None], dtype="Int64")}, (0, 0)),
        ({"v": ["x", None]}, {"v": ["x", None]}, (0, 0)),
        ({"v": pd.to_datetime(["2026-01-01"])}, {"v": pd.to_datetime(["2026-01-02"])}, (1, 1)),
        ({"v": [1], "old": [0]}, {"v": [1], "new": [0]}, (0, 0)),
        ({"old": [0]}, {"new": [0, 1]}, (1, 0)),
        ({"old": [0, 1]}, {"new": [0]}, (0, 1)),
    ],
)
def test_without_a_key(before: dict[str, Any], after: dict[str, Any], expected: tuple[int, int]) -> None:
    assert row_changes(_snapshot("1", **before), _snapshot("2", **after)) == expected


def test_another_key_is_no_key() -> None:
    other = Contract({"v": Column("v", ColumnType.INT)}, ("v",)).to_json()
    assert row_changes(_snapshot("1", KEYED, k=[1], v=[1]), _snapshot("2", other, k=[1], v=[2])) == (1, 1)


def test_the_contract_speaks_for_itself() -> None:
    wider = Contract({"k": Column("k", ColumnType.INT), "n": Column("n", ColumnType.INT)}, ("k",)).to_json()
    assert facts(_snapshot("1", KEYED, k=[1]), _snapshot("2", wider, k=[1]))["contract.extended"] is True
    assert facts(_snapshot("1", wider, k=[1]), _snapshot("2", KEYED, k=[1]))["contract.breaking"] is True
