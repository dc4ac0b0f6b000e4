from __future__ import annotations

from modelsync.core.contract import Column, ColumnType, Contract, Role


def test_only_what_is_set_is_kept() -> None:
    assert Column("age", ColumnType.INT, min=18).to_json() == {
        "type": "int",
        "nullable": True,
        "min": 18,
        "role": "feature",
    }


def test_the_label_is_the_column_with_that_role() -> None:
    label = Column("risk", ColumnType.CATEGORY, values=("good", "bad"), role=Role.LABEL, positive="bad")
    contract = Contract({"age": Column("age", ColumnType.INT), "risk": label}, ("age",))
    assert contract.label is label
    assert contract.to_json()["key"] == ["age"]
    assert contract.to_json()["columns"]["risk"]["values"] == ["good", "bad"]
    assert Contract().label is None
