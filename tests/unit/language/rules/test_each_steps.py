"""`each` follows a step that has members."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

HEAD = "modelsync: 1\nproject: x\ndatasets: {d: {source: data/customers.csv}}\npipelines:\n  p:\n    steps:\n"


@pytest.fixture
def told(load_text: Callable[..., Loaded]) -> Callable[..., list[str]]:
    """The findings in steps whose only difference is what they follow: `told(a="b", b="")`."""

    def telling(**follows: str) -> list[str]:
        steps = "".join(
            f"      {name}:\n        run: flows/churn.py:fit\n        inputs: {{train: datasets.d}}\n"
            f"        outputs: {{model: model}}\n        {written}\n"
            for name, written in follows.items()
        )
        return [f"{each.code} {each.message}" for each in load_text(HEAD + steps).diagnostics]

    return telling


MATRIX = "matrix: {seed: [1, 2]}"


def test_a_step_with_a_matrix_can_be_followed_also_through_others(told: Callable[..., list[str]]) -> None:
    assert told(a=MATRIX, b="each: a", c="each: steps.b", d="each: pipelines.p.c") == []


def test_a_step_that_runs_once_can_not(told: Callable[..., list[str]]) -> None:
    assert told(a="", b="each: a") == ["MS217 step `b` follows `a`, which runs once"]
    assert told(a="", b="each: a", c="each: b", d="each: c") == ["MS217 step `b` follows `a`, which runs once"]
    assert told(a="", b="each: a", c="each: a") == [
        "MS217 step `b` follows `a`, which runs once",
        "MS217 step `c` follows `a`, which runs once",
    ]


def test_a_step_that_does_not_exist_is_told_once(told: Callable[..., list[str]]) -> None:
    assert told(a="each: zzz", b="each: a") == ["MS201 step `zzz` does not exist"]


def test_a_circle_is_told_once(told: Callable[..., list[str]]) -> None:
    assert told(a="each: a") == ["MS217 step `a` follows itself"]
    assert told(a="each: a", b="each: a") == ["MS217 step `a` follows itself"]
    circle = "MS217 these steps follow each other: `a` -> `b` -> `c` -> `a`"
    assert told(a="each: b", b="each: c", c="each: a") == [circle]
    assert told(x="each: a", a="each: b", b="each: c", c="each: a", y="each: x") == [circle]


def test_a_broken_matrix_is_still_one(told: Callable[..., list[str]]) -> None:
    found = told(a="matrix: {seed: 7}", b="each: a", c='each: b\n        with: {seed: "${{ matrix.seed }}"}')
    assert [each[:5] for each in found] == ["MS103"]


def test_steps_with_members_are_suggested(altered: Callable[..., Loaded]) -> None:
    (found,) = [each for each in altered("each: steps.fit", "each: steps.split").diagnostics if each.code == "MS217"]
    assert found.help == "these have members: fit"
    assert found.related[0].message == "`split` is defined here"
