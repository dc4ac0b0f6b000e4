"""Where in the language a key belongs that was written somewhere else."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.language.foreign import theirs
from modelsync.language.shapes import Either, Fields, Kinds, Many, Named, Shape

_MOST = 2  # a key that more kinds of things have tells nobody where to go


def owners(key: str, language: Fields) -> str:
    """A sentence about the kinds of things that have a key, also by a word of another tool; empty when nobody knows.

    A section of the spec is not meant: it begins in the first column, which is seen by who stands around.
    """
    owned = [each for each in _owned(language, "") if each[0]]
    for name in (key, *(word for word in theirs(key) if word not in language.keys)):
        found = list(dict.fromkeys(what for what, keys in owned if name in keys))
        if 0 < len(found) <= _MOST:
            listed = " or ".join(found)
            return f"`{name}` belongs to {listed}" if name == key else f"it is called `{name}` and belongs to {listed}"
    return ""


def _owned(shape: Shape, what: str) -> Iterator[tuple[str, frozenset[str]]]:
    match shape:
        case Fields():
            yield what, frozenset(shape.keys)
            for name, key in shape.keys.items():
                yield from _owned(key.shape, f"`{name}`")
        case Kinds():
            for option in shape.options.values():
                yield from _owned(option, what)
        case Named():
            yield from _owned(shape.item, f"a {shape.title}")
        case Many():
            yield from _owned(shape.item, shape.title or what)
        case Either():
            yield from _owned(shape.mapping, what)
