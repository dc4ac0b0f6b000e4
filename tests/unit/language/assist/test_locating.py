"""Every key and value finds the part of the language that describes it."""

from __future__ import annotations

from modelsync.language.assist.locating import Role, scalar_at, spot_at, spots
from modelsync.language.load import Loaded
from modelsync.language.text.nodes import Scalar


def test_every_key_of_the_language_is_described(loaded: Loaded) -> None:
    assert loaded.root is not None
    keys = [spot for spot in spots(loaded.root) if spot.role is Role.KEY]
    assert len(keys) > 100
    assert all(spot.key is not None for spot in keys)
    assert {spot.path[-1] for spot in keys} >= {"modelsync", "limit", "worst_to_best", "min_delta", "port", "type"}


def test_names_are_told_from_keys(loaded: Loaded) -> None:
    assert loaded.root is not None
    names = {spot.path for spot in spots(loaded.root) if spot.role is Role.NAME}
    assert ("datasets", "customers") in names
    assert ("pipelines", "train", "steps", "fit", "inputs", "train") in names
    assert ("datasets", "customers", "source") not in names


def test_expectations_and_their_arguments_are_told_apart(loaded: Loaded) -> None:
    assert loaded.root is not None
    roles = {spot.path[-1]: spot.role for spot in spots(loaded.root) if spot.path and spot.role is not Role.VALUE}
    assert roles["expect_column_values_to_not_be_null"] is Role.EXPECTATION
    assert roles["mostly"] is Role.ARGUMENT


def test_the_innermost_word_is_found(loaded: Loaded) -> None:
    assert loaded.root is not None
    for spot in spots(loaded.root):
        if isinstance(spot.node, Scalar):
            at = spot.node.at
            found = spot_at(loaded.root, at.file, at.line, at.col)
            assert found is not None
            assert found.node is spot.node
    first = scalar_at(loaded.root, loaded.root.at.file, 2, 2)
    assert first is not None
    assert first[1].text == "modelsync"


def test_outside_of_every_word_there_is_the_spec_or_nothing(loaded: Loaded) -> None:
    assert loaded.root is not None
    assert scalar_at(loaded.root, loaded.root.at.file, 1, 1) is None
    assert spot_at(loaded.root, loaded.root.at.file.with_name("other.yaml"), 2, 2) is None
