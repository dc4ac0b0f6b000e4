"""A line at the wrong level is the one thing that is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.mending import put_in
from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.load import TRIED, Loaded
from modelsync.language.realign import MOST_TRIES, Checked, realigned
from modelsync.language.text.source import Source

Load = Callable[..., Loaded]


@pytest.mark.parametrize(
    ("line", "shift", "said"),
    [
        ("        outputs: {metrics: metrics}\n", -2, "`outputs` stands at the wrong level: it belongs to `evaluate`"),
        ("    steps:\n      split:", -2, "`steps` stands at the wrong level: it belongs to `train`"),
        ("    steps:\n      split:", 2, "`steps` stands at the wrong level: it belongs to `train`"),
        ("gates:", 2, "`gates` stands at the wrong level: it is a section, which begins in the first column"),
        ("  input_drift:", 2, "`input_drift` stands at the wrong level: it belongs to `gates`"),
        ("  report:", 2, "`report` stands at the wrong level: it belongs to `pipelines`"),
        ("  floor:", -2, "`floor` stands at the wrong level: it belongs to `gates`"),
        ("        tenure_days: {", -2, "`tenure_days` stands at the wrong level: it belongs to `columns`"),
    ],
)
def test_a_line_a_level_off_is_told_alone_with_the_safe_mend(
    load_text: Load, good: str, line: str, shift: int, said: str
) -> None:
    assert line in good
    moved = line[-shift:] if shift < 0 else " " * shift + line
    text = good.replace(line, moved, 1)
    (found,) = load_text(text).diagnostics
    assert (found.message, found.code in ("MS101", "MS001")) == (said, True)
    assert found.fix is not None
    assert put_in(text, [found.fix]) == (good, 1)


@pytest.mark.parametrize("left", ["", " ", "  "])
@pytest.mark.parametrize(
    "line",
    [
        "        - {bump: major, when: contract.breaking}\n",
        "        - {bump: minor, when: contract.extended or rows.added or rows.removed}\n",
        "        - {bump: patch, when: content.changed}\n",
        "      - {test: ks, columns: [tenure_days], max_statistic: 0.1}\n",
    ],
)
def test_a_dash_that_is_gone_is_told_at_its_item(load_text: Load, good: str, line: str, left: str) -> None:
    text = good.replace(line, line.replace("- ", left, 1), 1)
    (found,) = load_text(text).diagnostics
    assert found.message.startswith("a dash is missing before this item of")
    assert found.at.line == good[: good.index(line)].count("\n") + 1
    assert found.fix is not None
    assert put_in(text, [found.fix]) == (good, 1)


@pytest.mark.parametrize(
    ("line", "spoilt", "right"),
    [
        ("  staging:", "  - staging:", "staging:"),
        ("      split:\n", "      - split:\n", "split:"),
        ("      split:\n", "      - name: split\n", "split:"),
        ("      split:\n", "      - split  # first\n", "split:"),
        ("  floor:", "  - floor:", "floor:"),
    ],
)
def test_a_dash_too_many_is_told_at_its_entry(load_text: Load, good: str, line: str, spoilt: str, right: str) -> None:
    assert good.count(line) == 1
    text = good.replace(line, spoilt)
    (found,) = load_text(text).diagnostics
    assert found.message.startswith("a dash stands before this entry of")
    assert found.help.startswith(f"write `{right}` instead of")
    assert found.at.line == good[: good.index(line)].count("\n") + 1
    assert found.fix is not None
    mended = put_in(text, [found.fix])[0]
    assert load_text(mended).spec is not None
    assert mended.replace("  # first", "") == good


def test_what_is_left_is_told_too(load_text: Load, good: str) -> None:
    text = good.replace("    steps:", "  steps:", 1).replace("metric: roc_auc, min: 0.80", "metric: roc_acu, min: 0.80")
    assert [each.code for each in load_text(text).diagnostics] == ["MS101", "MS505"]


def test_faults_that_no_line_explains_stay_as_they_are(load_text: Load, good: str) -> None:
    found = load_text(good.replace("outputs: {model: model}\n", "outputs: [model]\n", 1)).diagnostics
    assert {each.code for each in found} == {"MS103"}


def test_two_slips_are_not_explained_by_one_line(load_text: Load, good: str) -> None:
    text = good.replace("kind: custom", "kind: {custom}").replace("  fair:", "    fair:", 1)
    assert "stands at the wrong level" not in " ".join(each.message for each in load_text(text).diagnostics)


def test_a_long_spec_is_not_tried_again_and_again(load_text: Load, good: str) -> None:
    text = good.replace("    steps:", "  steps:", 1)
    (told,) = load_text(text).diagnostics
    assert "stands at the wrong level" in told.message
    assert len(load_text(text + "# a comment\n" * (TRIED // 8)).diagnostics) > 1


def test_each_try_is_one_check_and_there_are_few() -> None:
    path, tries = Path("modelsync.yaml"), []
    text = "a:\n  b:\n    c: 1\n  d:\n    e: 1\n" * 10
    found = [Diagnostic("MS101", Pos(path, line, 1, line, 2), "unknown key") for line in range(2, 50, 3)]

    def check(source: Source) -> Checked:
        tries.append(source)
        return Checked(None, tuple(found))

    assert realigned(Source(path, text), found, check) is None
    assert 0 < len(tries) <= MOST_TRIES
