"""A gate on a model that no stage lists blocks nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["fair, floor]", "fair]"], ["MS510 floor"]),
        (["gates: [data_quality]", "gates: []"], []),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
