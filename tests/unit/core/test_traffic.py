from __future__ import annotations

import json

import pytest

from modelsync.core.traffic import Arm, RoutingTable


def test_a_table_survives_its_file() -> None:
    table = RoutingTable(7, (Arm("a", "churn", "1.0.0", 90, ("/x", "/y")), Arm("b", "churn", "1.1.0", 10, ())))
    assert RoutingTable.from_json(json.loads(json.dumps(table.to_json()))) == table


@pytest.mark.parametrize("value", [{}, {"generation": "x", "arms": []}, {"generation": 1, "arms": [{}]}])
def test_something_else_is_refused(value: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        RoutingTable.from_json(value)
