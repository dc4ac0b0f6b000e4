"""Params that are put in are declared."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("hole", "found"),
    [
        ("params.lerner", ["MS206 params.lerner"]),
        ("params.zzz", ["MS206 params.zzz"]),
        ("params.lerner }} ${{ params.hrizon", ["MS206 params.lerner", "MS206 params.hrizon"]),
        ("params.learner }} ${{ params.learner", []),
    ],
)
def test_a_hole(spoil: Spoil, hole: str, found: list[str]) -> None:
    assert spoil('learner: "${{ params.learner }}"', f'learner: "${{{{ {hole} }}}}"') == found


def test_the_nearest_is_named_and_mended(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("${{ params.learner }}", "${{ params.lerner }}").diagnostics
    assert found.help == "did you mean `params.learner`?"
    assert found.fix is not None
    assert (found.fix.replacement, found.fix.at) == ("params.learner", found.at)


def test_a_broken_declaration_is_no_further_fault(spoil: Spoil) -> None:
    enum = "learner: {type: enum, values: [gbm, logistic], default: gbm}"
    assert spoil(enum, "learner: {type: enumm, values: [gbm, logistic], default: gbm}") == ["MS105 enumm"]
    assert spoil(enum, "learner: {type: enum, values: [gbm, logistic]}") == ["MS102 {"]
    assert spoil("params:\n", "params: 3\nold:\n") == ["MS103 3", "MS101 old"]
