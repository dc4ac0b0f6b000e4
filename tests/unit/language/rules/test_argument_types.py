"""Values fit the annotations of the functions they go to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("seed: 7", []),
        ("seed: null", []),
        ("seed: 7.0", []),
        ("seed: 7.5", ["`seed` of `builtin/split` is a whole number, not `7.5`"]),
        ("seed: true", ["`seed` of `builtin/split` is a whole number, not `true`"]),
        ("seed: seven", ["`seed` of `builtin/split` is a whole number, not `seven`"]),
        ("test_size: 1", []),
        ("test_size: 0.3", []),
        ('test_size: "0.3"', ['`test_size` of `builtin/split` is a number, not `"0.3"`']),
        ("stratify: churned", []),
        ("stratify: null", []),
        ("stratify: 3", ["`stratify` of `builtin/split` is text, not `3`"]),
        ("stratify: [churned]", []),
    ],
)
def test_a_value_fits(load_text: Callable[..., Loaded], written: str, found: list[str]) -> None:
    loaded = load_text(SPEC.replace("WRITTEN", written))
    assert [each.message for each in loaded.diagnostics if each.code == "MS405"] == found


@pytest.mark.parametrize(
    ("written", "help"),
    [
        ("test_size: 30%", "write `0.3`"),
        ('test_size: "0.3"', "write `0.3` without quotes"),
        ('seed: "7"', "write `7` without quotes"),
        ("seed: seven", ""),
        ("stratify: 3", 'write `"3"`'),
    ],
)
def test_the_way_out(load_text: Callable[..., Loaded], written: str, help: str) -> None:
    (found,) = load_text(SPEC.replace("WRITTEN", written)).diagnostics
    assert found.help == help


def test_what_a_matrix_or_a_param_brings_is_not_judged_by_its_text(load_text: Callable[..., Loaded]) -> None:
    params = "params: {n: {type: int, default: 3}}\n"
    assert load_text(SPEC.replace("WRITTEN", 'seed: "${{ params.n }}"').replace("datasets:", params + "datasets:")).spec


SPEC = """\
modelsync: 1
project: churn
datasets:
  customers: {source: data/customers.csv}
pipelines:
  train:
    steps:
      split:
        uses: builtin/split
        inputs: {data: datasets.customers}
        with: {WRITTEN}
        outputs: {train: table, test: table}
"""
