"""What a whole value says about where it belongs: a level too many around it, or one that is missing."""

from __future__ import annotations

from modelsync.language.names import is_name
from modelsync.language.shapes import Choice, Either, Fields, Kinds, Named, Number, Plain, Shape, fields_at
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence

_LEAST = 0.5  # of the keys of a value must be known, more than that, so that it can be one of the things by name


def section_of(item: Item, shape: Fields) -> str:
    """The key whose named things an unknown one is like by its own keys; empty when none is, or several are."""
    if not is_name(item.key.text):
        return ""
    named = ((name, key.shape) for name, key in shape.keys.items() if isinstance(key.shape, Named))
    found = [name for name, inner in named if is_like(item.value, inner)]
    return found[0] if len(found) == 1 else ""


def is_like(node: Node, shape: Named) -> bool:
    """Whether a value has the keys of these named things."""
    if not isinstance(node, Mapping) or not node.items:
        return False
    fields = fields_at(shape.item, _kind(node, shape.item))
    keys = [item.key.text for item in node.items if item.key.text != "name"]
    known = 0 if fields is None else sum(key in fields.keys for key in keys)
    return known > _LEAST * len(keys)


def _kind(node: Mapping, shape: Shape) -> str:
    inner = shape.mapping if isinstance(shape, Either) else shape
    by = node.get(inner.by) if isinstance(inner, Kinds) else None
    return by.text if isinstance(by, Scalar) else ""


def listed_for(node: Sequence, shape: Fields) -> str:
    """How to write a list of named things that stands where the mapping belongs that holds them; empty for others."""
    first = node.items[0] if node.items else None
    if not isinstance(first, Mapping):
        return ""
    for name, key in shape.keys.items():
        if not isinstance(key.shape, Named):
            continue
        given, alone = first.get("name"), first.items[0] if len(first.items) == 1 else None
        if isinstance(given, Scalar) and is_like(first, key.shape):
            return f"put them under `{name}:`, each by its name: `{given.text}:` instead of `- name: {given.text}`"
        if alone is not None and is_like(alone.value, key.shape):
            return f"put them under `{name}:`, without dashes: `{alone.key.text}:` instead of `- {alone.key.text}:`"
    return ""


def needless(item: Item, shape: Fields, near: str) -> tuple[Item, ...]:
    """What stands below an unknown key and belongs beside it: all of it is of this level, so the key is one too many.

    `near` is what the key may mean instead; things with names of their own below it say nothing.
    """
    inner = item.value.items if isinstance(item.value, Mapping) else ()
    names = {each.key.text for each in inner}
    if not names or not names <= shape.keys.keys():
        return ()
    return tuple(inner) if not near or near in names else ()


def in_one(item: Item, shape: Fields) -> str:
    """How to write `- roc_auc: 0.95` and `- major: condition`, a value that stands as a key; empty for others."""
    key, value = item.key.text, item.value
    if not isinstance(value, Scalar) or value.value is None:
        return ""
    needed = [name for name, each in shape.keys.items() if each.required]
    for name in needed:
        other = next((each for each in needed if each != name), "")
        words = shape.keys[name].shape
        if isinstance(words, Choice) and key in words.words and other:
            return f"write `{{{name}: {key}, {other}: {value.text}}}`"
    measured = measure_of(shape)
    is_number = isinstance(value.value, int | float) and not isinstance(value.value, bool)
    return limited(shape, key, value.text) if measured and is_number and key.isidentifier() else ""


def measure_of(shape: Fields) -> str:
    """The key that says what is measured, where limits stand beside it: `metric`, `test`; empty for other mappings."""
    is_limited = isinstance(getattr(shape.keys.get("max"), "shape", None), Number)
    plain = (name for name, key in shape.keys.items() if key.required and isinstance(key.shape, Plain))
    return next(plain, "") if is_limited else ""


def limited(shape: Fields, measure: str, limit: str, sign: str = "") -> str:
    """How to write that a measure has a limit; without a sign the writer must say on which side."""
    side = "max" if sign.startswith("<") or "min" not in shape.keys else "min"
    other = ", or `max:` for the most that passes" if not sign and side == "min" else ""
    return f"write `{{{measure_of(shape)}: {measure}, {side}: {limit}}}`{other}"
