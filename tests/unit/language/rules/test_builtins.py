"""The step behind `uses` must be one that ModelSync brings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["builtin/split", "builtin/splitt"], ["MS404 builtin/splitt"]),
        (["builtin/split", "builtin/zzz"], ["MS404 builtin/zzz"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found
