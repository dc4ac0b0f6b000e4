"""Where names are declared and used."""

from __future__ import annotations

import pytest

from modelsync.api.editing import Desk
from modelsync.core.errors import UsageError
from modelsync.language.assist.naming import occurrences
from modelsync.language.load import Loaded


def _at(text: str, line: str, word: str) -> tuple[int, int]:
    lines = text.split("\n")
    number = next(index for index, each in enumerate(lines) if line in each)
    return number + 1, lines[number].index(word, lines[number].index(line)) + 2


def test_every_place_holds_exactly_the_letters_of_its_name(loaded: Loaded, good: str) -> None:
    assert loaded.subject is not None
    lines = good.split("\n")
    found = list(occurrences(loaded.subject))
    assert len(found) > 60
    for each in found:
        assert lines[each.at.line - 1][each.at.col - 1 : each.at.end_col - 1] == each.name[-1]


@pytest.mark.parametrize(
    ("line", "word", "declared"),
    [
        ("{train: steps.features.train}", "features", "      features:"),
        ("{model: pipelines.train.fit.model", "train", "  train:"),
        ("{model: pipelines.train.fit.model", "fit", "      fit:"),
        ("target: datasets.customers", "customers", "  customers:"),
        ("params.horizon }}", "horizon", "  horizon:"),
        ("changed(params.learner)", "learner", "  learner:"),
        ("changed(datasets.customers)", "customers", "  customers:"),
        ("gates: [data_quality]", "data_quality", "  data_quality:"),
        ("after: [steps.split]", "split", "      split:"),
    ],
)
def test_a_name_leads_to_where_it_is_declared(desk: Desk, good: str, line: str, word: str, declared: str) -> None:
    found = desk.definition(*_at(good, line, word))
    assert found is not None
    assert good.split("\n")[found.line - 1].startswith(declared)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("      features:", "features"),
        ("  customers:", "customers"),
        ("  learner:", "learner"),
        ("  data_quality:", "data_quality"),
        ("  churn:", "churn"),
        ("outputs: {metrics: metrics}", "metrics"),
        ("  train:", "train"),
        ("  staging:", "staging"),
        ("  live:", "live"),
    ],
)
def test_a_renamed_spec_means_the_same_under_another_name(desk: Desk, good: str, line: str, word: str) -> None:
    renaming = desk.rename(*_at(good, line, word), "quite_other")
    assert len(renaming.places) > 1
    lines = good.split("\n")
    for at in sorted(renaming.places, reverse=True):
        text = lines[at.line - 1]
        lines[at.line - 1] = text[: at.col - 1] + "quite_other" + text[at.end_col - 1 :]
    assert desk.change("\n".join(lines)) == ()


def test_a_name_that_is_none_or_taken_is_refused(desk: Desk, good: str) -> None:
    place = _at(good, "      features:", "features")
    with pytest.raises(UsageError, match="can't be a name"):
        desk.rename(*place, "not a name")
    with pytest.raises(UsageError, match="is taken"):
        desk.rename(*place, "split")
    with pytest.raises(UsageError, match="no name here"):
        desk.rename(1, 1, "other")
    desk.change("a: [")
    with pytest.raises(UsageError, match="can't be read"):
        desk.rename(*place, "other")


def test_every_use_is_listed(desk: Desk, good: str) -> None:
    found = desk.references(*_at(good, "      fit:", "fit"))
    assert len(found) == 3
    assert desk.references(1, 1) == ()
    assert desk.named(1, 1) is None
