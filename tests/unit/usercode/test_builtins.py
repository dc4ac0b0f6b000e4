from __future__ import annotations

import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

from modelsync.core.errors import StepError
from modelsync.usercode import builtins


def table() -> pd.DataFrame:
    return pd.DataFrame({"n": range(100), "label": ["bad"] * 20 + ["good"] * 80})


def test_every_row_is_in_one_part_in_its_old_order() -> None:
    parts = builtins.split(table(), test_size=0.2, seed=7)
    assert list(parts) == ["train", "test"]
    assert [len(part) for part in parts.values()] == [80, 20]
    assert sorted([*parts["train"]["n"], *parts["test"]["n"]]) == list(range(100))
    for part in parts.values():
        assert part["n"].is_monotonic_increasing
        assert list(part.index) == list(range(len(part)))


def test_the_seed_decides() -> None:
    one, same, other = (builtins.split(table(), seed=seed)["test"]["n"].tolist() for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_stratify_keeps_the_shares_also_with_gaps() -> None:
    parts = builtins.split(table(), test_size=0.25, stratify="label")
    assert [int((part["label"] == "bad").sum()) for part in parts.values()] == [15, 5]
    rows = table().assign(label=lambda each: each["label"].where(each["label"] == "bad"))
    assert int(builtins.split(rows, test_size=0.25, stratify="label")["test"]["label"].isna().sum()) == 20


def test_a_number_of_rows() -> None:
    assert len(builtins.split(table(), test_size=7)["test"]) == 7


@pytest.mark.parametrize(
    ("options", "said", "help"),
    [
        ({"stratify": "lable"}, "can't stratify by `lable`", "is `label` meant?"),
        ({"stratify": "zzz"}, "can't stratify by `zzz`", "the columns are n, label"),
        ({"stratify": "n"}, "can't split 100 rows", "share between 0 and 1"),
        ({"test_size": 1.5}, "can't split 100 rows", "share between 0 and 1"),
    ],
)
def test_what_can_not_be_split_says_why(options: dict[str, Any], said: str, help: str) -> None:
    with pytest.raises(StepError) as info:
        builtins.split(table(), **options)
    assert said in info.value.message
    assert help in info.value.help


def test_signatures_are_those_of_the_functions() -> None:
    found = builtins.signatures()
    assert found.keys() == builtins.BUILTINS.keys()
    assert [(each.name, each.required) for each in found["split"].parameters] == [
        ("data", True),
        ("test_size", False),
        ("stratify", False),
        ("seed", False),
    ]
    assert found["split"].at is None


def test_reading_signatures_and_fingerprints_imports_nothing_heavy() -> None:
    code = (
        "import sys; from modelsync.usercode import builtins, child, fingerprint;"
        "builtins.signatures(); fingerprint.of_builtin('split');"
        "print([name for name in ('pandas', 'numpy', 'sklearn', 'pyarrow', 'skops') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
