from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.plan.difference.changes import Class
from modelsync.plan.difference.renames import followed, renamed
from modelsync.plan.difference.sides import side
from tests.unit.plan.difference.conftest import Desk

# What is renamed in the whole text -> the changes that are all there are.
RENAMES = [
    ({"datasets.rows": "datasets.table", "  rows:\n": "  table:\n"}, ["dataset `rows`: is `table` now"]),
    ({"good": "better"}, ["gate `good`: is `better` now"]),
    ({"models.m": "models.n", "model: m\n": "model: n\n", "  m:\n": "  n:\n"}, ["model `m`: is `n` now"]),
    ({"staging": "trial"}, ["stage `staging`: is `trial` now"]),
    ({"live:": "web:", "deploy: live": "deploy: web", "live.": "web."}, ["deploy `live`: is `web` now"]),
    (
        {"steps.clean": "steps.tidy", "train.clean": "train.tidy", "  clean:\n": "  tidy:\n"},
        ["step `clean`: is `tidy` now"],
    ),
    ({"train.": "make.", "  train:\n": "  make:\n"}, ["pipeline `train`: is `make` now"]),
    ({"page:\n": "sheet:\n", "after: page": "after: sheet"}, ["step `page`: is `sheet` now"]),
]


def replaced(text: str, pairs: dict[str, str]) -> str:
    for old, new in pairs.items():
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(("pairs", "told"), RENAMES, ids=lambda value: str(value)[:30])
def test_another_name_is_all_that_is_told(desk: Desk, pairs: dict[str, str], told: list[str]) -> None:
    found = desk.diff(replaced(desk.text, pairs)).changes
    assert [str(change).split(":")[0] + ":" + str(change).split(":")[1] for change in found] == told
    assert {change.kind for change in found} == {Class.RENAMED}
    for change in found:
        assert change.before is not None
        assert change.after is not None
        assert change.before.line == change.after.line


def test_several_names_at_once_and_steps_that_use_each_other(desk: Desk) -> None:
    text = desk.text
    together = [pairs for pairs, (told,) in RENAMES if not told.startswith("pipeline")]
    for pairs in together:
        text = replaced(text, pairs)
    text = replaced(text, {"steps.fit": "steps.learn", "  fit:\n": "  learn:\n", "each: fit": "each: learn"})
    found = desk.diff(text).changes
    assert {change.kind for change in found} == {Class.RENAMED}
    assert len(found) == len(together) + 1


def test_another_name_with_another_meaning_is_no_renaming(said: Callable[..., list[str]]) -> None:
    found = said("  own:\n", "  mine:\n", "gates: [own]", "gates: [mine]", "floor: 0.5", "floor: 0.4")
    assert [each.split(":")[0] for each in found] == ["gate weakened", "gate tightened"]


def test_what_changed_beside_the_name_stands_under_both_names(desk: Desk) -> None:
    text = replaced(desk.text, {"drifted": "moved", "floor: 0.5": "floor: 0.4"})
    found = desk.diff(text).changes
    assert [str(change.kind) for change in found] == ["look", "renamed"]
    text = replaced(desk.text, {"staging": "trial", "count: 2": "count: 1"})
    weaker, name = desk.diff(text).changes
    assert (weaker.kind, name.kind) == (Class.APPROVAL_WEAKENED, Class.RENAMED)


def test_the_spec_under_new_names_is_the_other_spec(desk: Desk) -> None:
    for pairs, _ in RENAMES:
        old, new = side(desk.subject()), side(desk.subject(replaced(desk.text, pairs)))
        known, changes = followed(old, new)
        assert known.spec == new.spec
        assert len(changes) == 1
        assert list(known.names.values()) != []
    assert renamed(old.spec, {}) is old.spec
