"""One decoded mapping on its way to a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.decode.body import Body, Place
from modelsync.language.decode.context import Context
from modelsync.language.names import Names
from modelsync.language.text.nodes import Mapping
from modelsync.language.text.read import read
from modelsync.language.text.source import Source

SOURCE = Source(Path("modelsync.yaml"), "min: 5\nmax: 3\nname:\n")


@pytest.fixture
def body() -> Body:
    root = read(SOURCE).root
    assert isinstance(root, Mapping)
    context = Context(SOURCE, {SOURCE.path: SOURCE}, Names(), Path("/root"), {})
    place = Place("step `fit`", (("pipeline", "train"), ("step", "fit")), SOURCE.at(7, 3))
    return Body(context, place, root, {"min": 5, "max": 3, "name": None})


def told(body: Body) -> list[str]:
    return [f"{each.code} {each.at.line}:{each.at.col} {each.message}" for each in body.context.faults]


def test_a_place_knows_what_it_is_inside_of() -> None:
    step = Place("step `fit`", (("pipeline", "train"), ("step", "fit")))
    assert (step.name, step.pipeline, step.step) == ("fit", "train", "train.fit")
    argument = Place("argument `seed`", (*step.names, ("argument", "seed")))
    assert (argument.name, argument.pipeline, argument.step) == ("seed", "train", "train.fit")
    nowhere = Place("the spec")
    assert (nowhere.name, nowhere.pipeline, nowhere.step) == ("", "", "")


def test_what_is_written_and_what_was_understood_are_two_things(body: Body) -> None:
    assert (body.get("min"), body.get("name"), body.get("name", 4), body.get("other", 7)) == (5, None, 4, 7)
    assert (body.has("name"), body.has("other")) == (True, False)


def test_places(body: Body) -> None:
    assert body.at == SOURCE.at(7, 3)
    assert Body(body.context, Place("the spec"), body.node, {}).at == body.node.at
    assert (body.key_at("max").line, body.value_at("max").col, body.key_at("other")) == (2, 6, body.node.at)
    assert body.value_at("other") == body.node.at
    assert body.node_of("min").at.col == 6


def test_limits_are_in_order(body: Body) -> None:
    assert body.bounds() == (None, None)
    assert told(body) == ["MS104 2:1 `max` of step `fit` is less than its `min`"]
    equal = Body(body.context, body.place, body.node, {"min": 3, "max": 3})
    assert equal.bounds() == (3, 3)
    assert Body(body.context, body.place, body.node, {"max": 3}).bounds() == (None, 3)
    assert len(body.context.faults) == 1


def test_keys_that_only_go_with_others(body: Body) -> None:
    body.only_with(("max", "other"), True, "does not fit", "remove it")
    assert told(body) == []
    body.only_with(("max", "other"), False, "does not fit", "remove it")
    assert told(body) == ["MS109 2:1 `max` does not fit in step `fit`"]


def test_a_key_in_words(body: Body) -> None:
    assert body.named("max") == "`max` of step `fit`"
    assert (body.what, body.name) == ("step `fit`", "fit")
