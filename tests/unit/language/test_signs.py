"""One quote, bracket or colon too few or too many is told where it is missing or too many."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.mending import put_in
from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.load import Loaded
from modelsync.language.realign import Checked
from modelsync.language.signs import resigned
from modelsync.language.text.source import Source

Load = Callable[..., Loaded]


@pytest.mark.parametrize(
    ("right", "wrong", "col", "said"),
    [
        ('{horizon: "${{ params.horizon }}"}', '{horizon: ${{ params.horizon }}"}', 11, 'a `"` is missing here'),
        (
            '{learner: "${{ params.learner }}", seed',
            '{learner: "${{ params.learner }}, seed',
            33,
            'a `"` is missing here',
        ),
        ("values: [gbm, logistic], default", "values: [gbm, logistic, default", 23, "a `]` is missing here"),
        ("values: [gbm, logistic], default", "values: gbm, logistic], default", 9, "a `[` is missing here"),
        ("values: [gbm, logistic], default", "values: [[gbm, logistic], default", 9, "this `[` is one too many"),
        ("outputs: {metrics: metrics}", "outputs: {metrics: metrics}}", 27, "this `}` is one too many"),
    ],
)
def test_the_sign_is_told_with_the_mend_that_makes_the_spec_right(
    load_text: Load, good: str, right: str, wrong: str, col: int, said: str
) -> None:
    assert right in good
    text = good.replace(right, wrong, 1)
    (found,) = load_text(text).diagnostics
    line = good[: good.index(right)]
    first = len(line) - line.rfind("\n") - 1
    assert found.code == "MS001"
    assert found.at.line == line.count("\n") + 1
    if found.message == said:  # else the reader tells the other of the pair, which is as good
        assert found.at.col - first in (col, col + 1)  # of two equal signs nobody can see which is too many
        assert found.fix is not None
        assert load_text(put_in(text, [found.fix])[0]).diagnostics == ()
    else:
        assert "never closed" in found.message or "closes nothing" in found.message


def test_a_colon_between_brackets(load_text: Load, good: str) -> None:
    (found,) = load_text(good.replace("{by: [plan], min", "{by [plan], min", 1)).diagnostics
    assert "`:` is missing" in found.message


def test_words_around_quotes_are_left_to_the_reader(load_text: Load, good: str) -> None:
    text = good.replace("project: churn-model", 'project: "churn" model')
    (found,) = load_text(text).diagnostics
    assert "one too many" not in found.message


def test_what_can_be_read_is_not_looked_at() -> None:
    path = Path("modelsync.yaml")

    def check(source: Source) -> Checked:
        raise AssertionError(f"{source.path} was checked again")

    found = Diagnostic("MS101", Pos(path, 1, 1, 1, 2), "unknown key")
    assert resigned(Source(path, "a: [b\n"), [found], check) is None


def test_when_no_sign_helps_the_reader_is_believed() -> None:
    path = Path("modelsync.yaml")
    found = Diagnostic("MS001", Pos(path, 1, 4, 1, 5), "the bracket that opens here is never closed")
    assert resigned(Source(path, "a: [b\n"), [found], lambda source: Checked(None, (found,))) is None
