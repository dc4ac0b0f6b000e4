"""A select picks from the members of one matrix."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
INPUTS = "{candidates: steps.evaluate.metrics, keep: steps.fit.model}"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ([INPUTS, "{candidates: steps.evaluate.metrics, keep: steps.evaluate.metrics}"], []),
        ([INPUTS, "{candidates: steps.fit.model, keep: steps.fit.model}"], ["MS216 steps.fit.model"]),
        ([INPUTS, "{candidates: steps.evaluate.metrics, keep: steps.split.train}"], ["MS216 steps.split.train"]),
        ([INPUTS, "{candidates: datasets.customers, keep: steps.fit.model}"], ["MS216 datasets.customers"]),
        ([INPUTS, "{candidates: steps.evaluate.metric, keep: steps.fit.model}"], ["MS201 steps.evaluate.metric"]),
        ([INPUTS, "{candidates: steps.evaluate.metrics}"], ["MS402 builtin/select"]),
        (["mode: max", "mode: min"], []),
        (["mode: max", "mode: highest"], ["MS216 highest"]),
        (["mode: max", "mode: 7"], ["MS216 7"]),
        (["metric: roc_auc, mode: max", "mode: max"], ["MS402 builtin/select"]),
        (["mode: max", "mood: max"], ["MS403 mood"]),
        (["matrix: {seed: [7, 17, 27],", "matrix: {seed: 7,"], ["MS103 7"]),
    ],
)
def test_the_whole_spec_altered(alter: Spoil, changes: list[str], found: list[str]) -> None:
    assert alter(*changes) == found


def test_both_come_from_one_matrix(altered: Callable[..., Loaded]) -> None:
    own = [
        "        each: steps.fit\n        inputs: {model: steps.fit.model,",
        "        matrix: {x: [1, 2]}\n        inputs: {model: steps.fit.model,",
    ]
    (found,) = altered(*own).diagnostics
    assert found.message == (
        "`keep` of step `best` comes from the matrix of `fit`, its `candidates` from that of `evaluate`"
    )


def test_an_unknown_mode_is_told_at_its_value(altered: Callable[..., Loaded]) -> None:
    (told,) = altered("mode: max", "mode: mx").diagnostics
    assert (told.code, told.help) == ("MS216", "did you mean `max`?")
    assert told.at.end_col - told.at.col == len("mx")


def test_an_each_that_leads_nowhere_is_told_there_only(altered: Callable[..., Loaded]) -> None:
    (told,) = altered("each: steps.fit", "each: steps.ftt").diagnostics
    assert (told.code, told.help) == ("MS201", "did you mean `steps.fit`?")
