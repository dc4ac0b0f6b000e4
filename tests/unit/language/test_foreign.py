"""Words of other tools lead to ours, and only where ours are allowed."""

from __future__ import annotations

import pytest

from modelsync.core.nearest import folded
from modelsync.gates import catalogue
from modelsync.language.decode.around_the_clock import EVENTS
from modelsync.language.decode.spec import SPEC
from modelsync.language.decode.steps import STEP
from modelsync.language.foreign import (
    _OURS,
    either,
    file_of_another_tool,
    instead_at_the_top,
    meant,
    ours,
    theirs,
)
from modelsync.language.rules.watches import METRICS
from modelsync.language.shapes import Choice, Either, Fields, Kinds, Many, Named, Shape

STEP_KEYS = tuple(STEP.keys)


@pytest.mark.parametrize(
    ("written", "allowed", "word"),
    [
        ("depends_on", STEP_KEYS, "after"),
        ("dependsOn", STEP_KEYS, "after"),
        ("needs", STEP_KEYS, "after"),
        ("deps", STEP_KEYS, "inputs"),
        ("outs", STEP_KEYS, "outputs"),
        ("cmd", STEP_KEYS, "command"),
        ("params", STEP_KEYS, "with"),
        ("if", ("after", "when"), "when"),
        ("if", STEP_KEYS, ""),
        ("jobs", tuple(SPEC.keys), "pipelines"),
        ("jobs", STEP_KEYS, ""),
        ("auc", catalogue.METRICS, "roc_auc"),
        ("chi-squared", catalogue.DRIFT_TESTS, "chi2"),
        ("integer", ("int", "float"), "int"),
        ("after", STEP_KEYS, ""),
    ],
)
def test_our_word_for_one_of_another_tool(written: str, allowed: tuple[str, ...], word: str) -> None:
    assert ours(written, allowed) == word


def test_a_word_that_may_be_two_of_ours_is_neither() -> None:
    assert either("threshold", ("metric", "min", "max")) == ("min", "max")
    assert either("threshold", ("test", "max")) == ()
    assert either("upper", ("min", "max")) == ()


def test_files_of_other_tools_are_known_by_their_top() -> None:
    assert file_of_another_tool(["apiVersion", "kind", "spec"]) == "a file for Kubernetes"
    assert file_of_another_tool(["name", "on", "jobs"]) == "a workflow of GitHub Actions"
    assert file_of_another_tool(["kind", "jobs"]) == ""


def test_no_way_out_at_the_top_is_for_a_section_of_ours() -> None:
    assert instead_at_the_top("on").startswith("when it runs is written under `schedules:`")
    assert not any(instead_at_the_top(section) for section in SPEC.keys)


def test_a_slip_is_meant_where_no_other_tool_has_the_word() -> None:
    assert meant("metrcs", ("metrics", "artifact")) == "metrics"
    assert meant("metrics", ("watch", "steps")) == "watch"
    assert meant("zzz", ("watch", "steps")) == ""


def test_every_word_of_ours_is_one_of_the_language() -> None:
    assert set(_OURS) <= set(_words(SPEC)) | {*catalogue.METRICS, *catalogue.FAIRNESS_METRICS, *METRICS, *EVENTS} | {
        *catalogue.DRIFT_TESTS,
        *catalogue.expectation_shapes(),
        *(name for arguments, _ in catalogue.expectation_shapes().values() for name in arguments),
        "split",
        "seed",
    }


def test_no_word_of_others_is_written_so_that_it_is_never_found() -> None:
    words = [word for others in _OURS.values() for word in others.split()]
    assert [word for word in words if folded(word) != word or not theirs(word)] == []


def _words(shape: Shape) -> list[str]:
    """Every key and every choice of the language."""
    match shape:
        case Fields():
            return [*shape.keys, *(word for key in shape.keys.values() for word in _words(key.shape))]
        case Kinds():
            return [*shape.options, *(word for option in shape.options.values() for word in _words(option))]
        case Named() | Many():
            return _words(shape.item)
        case Either():
            return _words(shape.mapping)
        case Choice():
            return [str(word) for word in shape.words]
    return []
