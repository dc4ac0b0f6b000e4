"""`dataset diff`: schema, rows by key or without one, figures, files."""

from __future__ import annotations

import json

import pytest

from tests.unit.api.datasets.conftest import OTHER, ROWS, SPEC, Shop


@pytest.fixture
def two(shop: Shop) -> Shop:
    for text in (ROWS, OTHER):
        shop.write("rows.csv", text)
        shop("dataset", "add", "rows.csv")
    return shop


def test_rows_by_a_key(two: Shop) -> None:
    assert two("dataset", "diff", "rows", "--key", "id").splitlines()[:8] == [
        "rows@1.0.0 -> rows@1.1.0",
        "rows by id: +2 -1 ~1, 1 unchanged",
        "  changed in plan (1)",
        "  + id=4, plan=basic, age=50",
        "  + id=5, plan=plus, age=60",
        "  - id=3, plan=basic, age=40",
        "  ~ id=2  plan: plus -> pro",
        "",
    ]


def test_rows_without_a_key_and_figures(two: Shop) -> None:
    lines = two("dataset", "diff", "rows@1.0.0", "1.1.0", "--rows", "0").splitlines()
    assert lines == [
        "rows@1.0.0 -> rows@1.1.0",
        "rows: +3 -2 ~0, 1 unchanged",
        "",
        "COLUMN          NULLS  DISTINCT  MIN  MEAN  MAX",
        "id      before  0      3         1    2     3",
        "        after          4              3     5",
        "plan    before  0      2         -    -     -",
        "        after          3",
        "age     before  0      3         20   30    40",
        "        after          4              40    60",
    ]


def test_the_key_of_the_contract_is_used_by_itself(shop: Shop) -> None:
    contract = "{source: data/orders.csv, contract: {key: id, columns: {id: int, plan: string, age: int}}}"
    shop.with_spec(SPEC.replace("{source: data/orders.csv}", contract))
    shop("dataset", "add", "data/orders.csv")
    shop.write("data/orders.csv", OTHER)
    shop("dataset", "add", "data/orders.csv")
    assert "rows by id: +2 -1 ~1, 1 unchanged" in shop("dataset", "diff", "orders")


def test_columns_that_came_went_and_changed_their_type(two: Shop) -> None:
    two.write("rows.csv", "id,plan,city\n1,7,x\n")
    two("dataset", "add", "rows.csv")
    lines = two("dataset", "diff", "rows@1.0.0").splitlines()
    assert lines[0] == "rows@1.0.0 -> rows@2.0.0"
    assert lines[1:6] == [
        "+ column city",
        "- column age",
        "~ column plan: string -> int",
        "! shape broken: column `age` was removed",
        "! shape broken: `plan`: type string became int",
    ]


def test_folders_by_their_files(shop: Shop) -> None:
    shop.write("bin/a.bin", "a")
    shop.write("bin/b.bin", "b")
    shop("dataset", "add", "bin")
    shop.write("bin/b.bin", "B")
    shop.write("bin/c.bin", "c")
    (shop.root / "bin/a.bin").unlink()
    shop("dataset", "add", "bin")
    assert shop("dataset", "diff", "bin").splitlines() == [
        "bin@1.0.0 -> bin@1.0.1",
        "files: +1 -1 ~1, 0 unchanged",
        "  + c.bin",
        "  - a.bin",
        "  ~ b.bin",
    ]


def test_as_json(two: Shop) -> None:
    found = json.loads(two("dataset", "diff", "rows", "--key", "id", "--format", "json"))
    rows = found["rows"]
    assert (rows["added"], rows["removed"], rows["changed"], rows["unchanged"]) == (2, 1, 1, 1)
    assert rows["changed_rows"] == [{"key": [2], "changes": [{"column": "plan", "before": "plus", "after": "pro"}]}]
    assert (found["before"]["version"], found["after"]["version"], found["same"]) == ("1.0.0", "1.1.0", False)
    assert found["schema"]["rows"] == [3, 4]


def test_other_names_and_the_same_content(two: Shop) -> None:
    two.write("copy.csv", OTHER)
    two("dataset", "add", "copy.csv")
    assert two("dataset", "diff", "rows", "copy").splitlines() == ["rows@1.1.0 -> copy@1.0.0", "the same content"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["copy"], "there is no dataset `copy`"),
        (["rows", "9.0.0"], "`rows` has no version or stage `9.0.0`"),
        (["rows", "--key", "nobody"], "the key column `nobody` is not in both tables"),
        (["bin", "--key", "id"], "has one version only: 1.0.0"),
        (["bin@1.0.0", "rows", "--key", "id"], "only tables have a key"),
    ],
)
def test_what_can_t_be_compared(two: Shop, words: list[str], said: str) -> None:
    two.write("bin/a.bin", "a")
    two("dataset", "add", "bin")
    assert said in two("dataset", "diff", *words, exit=2)


def test_what_steers_a_terminal_is_shown_and_not_done(shop: Shop) -> None:
    evil = "\x1b]0;gone\x07"
    shop.write("rows.csv", f"id,{evil}\n1,{evil}\n")
    said = shop("dataset", "add", "rows.csv") + shop("dataset", "show", "rows")
    shop.write("rows.csv", f"id,b\n1,x\n2,{evil}\n")
    said += shop("dataset", "add", "rows.csv") + shop("dataset", "diff", "rows")
    assert "\x1b" not in said
    assert "gone" in said
