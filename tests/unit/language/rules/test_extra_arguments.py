"""Nothing may be given that a function does not take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["seed: 7}\n        outputs: {model", "sed: 7}\n        outputs: {model"], ["MS403 sed"]),
        (
            ["inputs: {data: datasets.customers}", "inputs: {data: datasets.customers, more: datasets.customers}"],
            ["MS403 more"],
        ),
        (["with: {floor: 0.55}", "with: {floor: 0.55, roof: 1}"], ["MS403 roof"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_function_that_takes_anything_takes_everything(spoil: Spoil, project: Path) -> None:
    (project / "flows/open.py").write_text("def fit(train, **options):\n    return train\n")
    assert spoil("flows/churn.py:fit", "flows/open.py:fit") == []
