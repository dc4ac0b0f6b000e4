"""Plain data as YAML text: small values in brackets on one line, the rest in block style, quotes where needed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeGuard

from modelsync.core.records import record
from modelsync.language.text import nodes
from modelsync.language.text.read import read
from modelsync.language.text.scalars import MAX_INT, resolve
from modelsync.language.text.source import Source


@record
class Verbatim:
    """A value that is already YAML text on one line."""

    text: str


@record
class Opened:
    """A mapping of one key that stands on a line of its own, however small it is."""

    key: str
    value: Data


Data = Verbatim | Opened | str | int | float | bool | None | Sequence["Data"] | Mapping[str, "Data"]

SMALL = 80  # columns of a value that is still written in brackets
_WIDTH = 120  # columns of its whole line

_NOT_FIRST = frozenset(",[]{}#&*!|>'\"%@`")
_NOT_FIRST_ALONE = re.compile(r"[-?:](?:\s|\Z)|---|\.\.\.")
_SIGNS = re.compile(r":\s|\s#|:\Z|\$\{\{|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_FLOW_SIGNS = re.compile(r"[,\[\]{}]|\A[-?:]")
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")  # JSON leaves them, YAML does not allow them as they are


@record
class Style:
    """How a file is indented, in columns."""

    step: int = 2  # from a key to the keys below it
    dash: int = 2  # from a key to the `-` of the list below it


def inline(value: Data) -> str:
    """A value on one line, as it may stand in brackets. ValueError for a number that a spec can't hold."""
    match value:
        case str():
            plain = not _FLOW_SIGNS.search(value) and not _is_special(value)
            return value if plain and _is_read(f"[{value}]", value) else _quoted(value)
        case Verbatim():
            return value.text
        case Opened():
            return inline({value.key: value.value})
        case Mapping():
            return "{" + ", ".join(f"{key_text(key)}: {inline(each)}" for key, each in value.items()) + "}"
        case Sequence():
            return "[" + ", ".join(map(inline, value)) + "]"
    return _number(value)


def alone(value: Data) -> str:
    """A small value behind its key or dash: text outside of brackets may hold brackets and commas."""
    if not isinstance(value, str):
        return inline(value)
    return value if not _is_special(value) and _is_read(f"- {value}", value) else _quoted(value)


def key_text(key: str) -> str:
    """A key; `<<` would merge."""
    plain = key != "<<" and not _FLOW_SIGNS.search(key) and not _is_special(key)
    return key if plain and _is_read(f"{key}: 1", key) and _is_read(f"{{{key}: 1}}", key) else _quoted(key)


def is_small(value: Data) -> bool:
    """Whether a value is written on one line: a scalar, or a short list or mapping of scalars and lists of them."""
    if isinstance(value, Mapping):
        return all(map(_is_flat, value.values())) and len(inline(value)) <= SMALL
    return _is_flat(value) and (not _is_list(value) or len(inline(value)) <= SMALL)


def pair(key: str, value: Data, style: Style, column: int) -> list[str]:
    """The lines of a key with its value at a column, without the spaces before them."""
    name = key_text(key)
    if is_small(value):
        line = f"{name}: {alone(value)}"
        if not (_is_list(value) or isinstance(value, Mapping)) or not value or column + len(line) <= _WIDTH:
            return [line]
    return [f"{name}:", *block(value, style, column)]


def item(value: Data, style: Style, column: int) -> list[str]:
    """The lines of one item of a list whose `-` stands at a column."""
    if is_small(value):
        return [f"- {alone(value)}"]
    first, *rest = inner(value, style, column + 2)
    return [f"- {first}", *(f"  {line}" for line in rest)]


def inner(value: Data, style: Style, column: int) -> list[str]:
    """The lines of a mapping or a list that begins at a column."""
    if isinstance(value, Opened):
        return pair(value.key, value.value, style, column)
    if isinstance(value, Mapping):
        return [line for key, each in value.items() for line in pair(key, each, style, column)]
    assert _is_list(value)
    return [line for each in value for line in item(each, style, column)]


def block(value: Data, style: Style, column: int) -> list[str]:
    """The lines below a key that stands at a column, with the spaces that they have more than the key."""
    indent = style.dash if _is_list(value) else style.step
    return [" " * indent + line for line in inner(value, style, column + indent)]


def _is_list(value: Data) -> TypeGuard[Sequence[Data]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_flat(value: Data) -> bool:
    """Whether it is a scalar or a list of scalars."""
    inner = value if _is_list(value) else [value]
    return not any(_is_list(each) or isinstance(each, Mapping | Opened) for each in inner)


def _is_special(text: str) -> bool:
    """Whether the text without quotes would be read as something else."""
    return (
        text != text.strip()
        or not isinstance(resolve(text), str)
        or text[0] in _NOT_FIRST
        or _NOT_FIRST_ALONE.match(text) is not None
        or _SIGNS.search(text) is not None
    )


@lru_cache(maxsize=4096)
def _is_read(document: str, text: str) -> bool:
    """Whether the reader finds the text in a document where it is the first key or item, without a fault."""
    found = read(Source(Path("value"), document))
    match found.root:
        case nodes.Mapping(items=[item]):
            node: nodes.Node = item.key
        case nodes.Sequence(items=[node]):
            pass
        case _:
            return False
    return not found.diagnostics and isinstance(node, nodes.Scalar) and node.text == text


def _quoted(text: str) -> str:
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    import json  # most texts need no quotes

    escaped = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)


def _number(value: int | float | bool | None) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("a number in a spec is finite")
    if isinstance(value, int) and not -MAX_INT <= value < MAX_INT:
        raise ValueError("a whole number in a spec has at most 64 bits")
    return repr(value)
