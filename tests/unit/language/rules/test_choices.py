"""A wrong word is answered with the nearest, or with all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["test: psi", "test: zzz"], ["MS504 zzz"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_the_help_lists_all_words_when_none_is_near(spoilt: Callable[..., Loaded]) -> None:
    (near,) = spoilt("test: psi", "test: pssi").diagnostics
    (far,) = spoilt("test: psi", "test: zzz").diagnostics
    assert near.help == "did you mean `psi`?"
    assert far.help == "there are: ks, psi"
