"""Metrics must exist; groups can be judged by fewer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{metric: roc_auc, min", "{metric: roc, min"], ["MS505 roc"]),
        (["metric: recall", "metric: roc_auc"], ["MS505 roc_auc"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
