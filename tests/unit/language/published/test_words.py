from __future__ import annotations

from collections.abc import Iterator

from modelsync.api.specs import known
from modelsync.language.decode.spec import SPEC
from modelsync.language.published.words import REPORTS, TESTS, THINGS, meanings
from modelsync.language.shapes import Choice, Either, Fields, Flag, Kinds, Many, Named, Shape


def shapes(shape: Shape) -> Iterator[Shape]:
    yield shape
    match shape:
        case Fields():
            for key in shape.keys.values():
                yield from shapes(key.shape)
        case Kinds():
            for option in shape.options.values():
                yield from shapes(option)
        case Named() | Many():
            yield from shapes(shape.item)
        case Either():
            yield from shapes(shape.mapping)


def test_every_word_of_the_language_is_explained() -> None:
    choices = [shape for shape in shapes(SPEC) if isinstance(shape, Choice)]
    assert choices
    assert [shape.words for shape in choices if list(meanings(shape)) != [str(word) for word in shape.words]] == []


def test_every_page_is_explained() -> None:
    words = {word for shape in shapes(SPEC) if isinstance(shape, Flag) for word in shape.words}
    assert words == set(REPORTS)


def test_every_thing_with_a_name_is_explained() -> None:
    named = {
        shape.title for shape in shapes(SPEC) if isinstance(shape, Named) and isinstance(shape.item, Fields | Kinds)
    }
    assert named == set(THINGS)


def test_every_drift_test_is_explained() -> None:
    assert list(TESTS) == list(known().drift_tests)


def test_what_nobody_explains_has_no_meaning() -> None:
    assert meanings(Choice(("one", "other"))) == {}
