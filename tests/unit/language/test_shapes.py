"""The description of the language holds together."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from modelsync.core.artifacts import OutputType
from modelsync.language.decode.datasets import DATASET
from modelsync.language.decode.gates import GATE
from modelsync.language.decode.spec import SPEC
from modelsync.language.shapes import (
    Choice,
    Either,
    Fields,
    Key,
    Kinds,
    Many,
    Named,
    Number,
    Plain,
    Reference,
    Shape,
    Text,
    fields_at,
)

HEADS = {"datasets", "outputs", "models", "steps", "live"}


def walk(shape: Shape, path: str = "") -> Iterator[tuple[str, Shape]]:
    """Every shape of the language with the way to it."""
    yield path, shape
    match shape:
        case Fields():
            for name, key in shape.keys.items():
                yield from walk(key.shape, f"{path}.{name}")
        case Kinds():
            for kind, option in shape.options.items():
                yield from walk(option, f"{path}[{kind}]")
        case Named() | Many():
            yield from walk(shape.item, f"{path}*")
        case Either():
            yield from walk(shape.scalar, f"{path}|")
            yield from walk(shape.mapping, f"{path}|")


ALL = list(walk(SPEC))
FIELDS = [(path, shape) for path, shape in ALL if isinstance(shape, Fields)]


@pytest.mark.parametrize(("path", "shape"), FIELDS, ids=[path or "spec" for path, _ in FIELDS])
def test_every_key_is_explained_by_a_sentence(path: str, shape: Fields) -> None:
    for name, key in shape.keys.items():
        assert re.fullmatch(r"[A-Za-z`].*\.", key.doc, re.DOTALL), f"{path}.{name}: {key.doc!r}"
        assert not (key.required and key.default is not None), f"{path}.{name} is required and has a default"


@pytest.mark.parametrize(("path", "shape"), FIELDS, ids=[path or "spec" for path, _ in FIELDS])
def test_short_forms_and_members_name_keys_that_exist(path: str, shape: Fields) -> None:
    assert not shape.short or shape.short in shape.keys, path
    assert set(shape.per_member) <= set(shape.keys), path


def test_every_kind_has_the_key_that_decides_it_with_all_kinds_as_choices() -> None:
    found = [(path, shape) for path, shape in ALL if isinstance(shape, Kinds)]
    assert len(found) == 2  # gates and targets
    for path, shape in found:
        for option in shape.options.values():
            by = option.keys[shape.by].shape
            assert isinstance(by, Choice), path
            assert set(by.words) == set(shape.options), path


def test_choices_and_references_say_something() -> None:
    for path, shape in ALL:
        if isinstance(shape, Choice):
            assert shape.words, path
            assert len(set(shape.words)) == len(shape.words), path
        if isinstance(shape, Reference):
            assert set(shape.heads) <= HEADS, path
            assert set(shape.types) <= set(OutputType), path
        if isinstance(shape, Number):
            assert shape.low <= shape.high, path
        if isinstance(shape, Text | Plain) and shape.pattern:
            re.compile(shape.pattern)
            assert shape.expected, f"{path} refuses without saying what it expects"


def test_where_the_keys_of_a_mapping_are_found() -> None:
    assert fields_at(DATASET, "") is DATASET
    gate = fields_at(GATE, "drift")
    assert gate is not None
    assert "reference" in gate.keys
    assert fields_at(GATE, "nonsense") is None
    source = fields_at(DATASET.keys["source"].shape, "")
    assert source is not None
    assert list(source.keys) == ["sql", "connection"]
    assert fields_at(Text(), "") is None
    assert fields_at(Named(Text(), "thing"), "") is None


def test_shapes_compare_by_what_they_say() -> None:
    assert Key(Text(), "A text.") == Key(Text(), "A text.")
    assert Fields({}, build=lambda body: 1) == Fields({}, build=lambda body: 2)
