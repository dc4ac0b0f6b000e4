"""Ways out for a value of the wrong form, as text to copy: how to write a list as a mapping, a text as a list ..."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from modelsync.language.decode.regrouping import in_one, limited, listed_for, measure_of
from modelsync.language.shapes import (
    Anything,
    Choice,
    Fields,
    Key,
    Kinds,
    Many,
    Named,
    Plain,
    Reference,
    Secret,
    Text,
)
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence

_SHELL = re.compile(r"[|&;<>`]|\$\(")
_SET = re.compile(r"([A-Za-z_]\w*)=(.*)")
_LISTING = re.compile(r"\w, *\w")
_COMPARED = re.compile(r"(\w+) *([<>]=?) *(-?[0-9.]+)")
_ONE_VALUE = (Secret, Choice, Reference, Anything)  # things by name that have no keys of their own
_LONGEST = 60  # characters that are repeated from the spec


def for_missing(name: str, key: Key) -> str:
    """How to add a key that must be there."""
    if isinstance(key.shape, Choice):
        return f"add `{name}:`, one of {', '.join(key.shape.words)}"
    return f"add it, such as `{name}: {key.example}`" if key.example else f"add `{name}:`"


def as_names(shape: Named, node: Node) -> str:
    """How to write what stands where things are given by name."""
    if isinstance(node, Scalar):
        return f"write `{_named(shape, node)}`" if _is_short(node) else ""
    first = node.items[0] if isinstance(node, Sequence) and node.items else None
    match first:
        case Mapping() if isinstance(name := first.get("name"), Scalar) and isinstance(shape.item, _ONE_VALUE):
            values = (each.value for each in first.items if each.key.text != "name")
            value = next((each.text for each in values if isinstance(each, Scalar)), "...")
            return f"write `{name.text}: {value}`, without `-` and `name:`"
        case Mapping() if isinstance(name := first.get("name"), Scalar):
            return f"write `{name.text}:` with its keys below, instead of `- name: {name.text}`"
        case Mapping() if len(first.items) == 1:
            return f"leave out the `-` before `{first.items[0].key.text}:`"
        case Mapping():
            return f"give each {shape.title} a name: `name: {{...}}`"
        case Scalar() if found := _SET.fullmatch(first.text):
            return f"write `{found[1]}: {found[2]}`, without `-` and `=`"
        case Scalar() if isinstance(shape.item, Reference) and "/" in first.text and _is_short(first):
            stem = PurePosixPath(first.text).stem
            called = stem if stem.isidentifier() else "name"
            return f"declare the file under `datasets`, and write `{{{called}: datasets.{called}}}`"
        case Scalar() if _is_short(first):
            return f"write `{_named(shape, first)}`"
    return f"give each {shape.title} a name: `name: ...`" if first is not None else ""


def as_list(shape: Many, node: Node) -> str:
    """How to write what stands where a list belongs."""
    if isinstance(node, Mapping):
        better = in_one(node.items[0], shape.item) if node.items and isinstance(shape.item, Fields) else ""
        return better.replace("write `", "begin each entry with a dash: `- ", 1) or "begin each entry with `- `"
    if not isinstance(node, Scalar) or not _is_short(node):
        return ""
    if isinstance(shape.item, Text) and " " in node.text and "," not in node.text:
        if _SHELL.search(node.text):
            return "a list is one program with its arguments, without a shell: put the rest into a script"
        return f"write `[{', '.join(node.text.split())}]`"
    parts = (part.strip() for part in node.text.split(","))
    return f"write `[{', '.join(part for part in parts if part)}]`"


def is_listing(shape: Many, node: Node) -> bool:
    """Whether one text looks like several names: `quality, drift`."""
    several = isinstance(node, Scalar) and not node.quoted and bool(_LISTING.search(node.text))
    return several and (isinstance(shape.item, Choice) or (isinstance(shape.item, Plain) and bool(shape.item.names)))


def as_keys(shape: Fields | Kinds, node: Node) -> str:
    """How to write what stands where a mapping with known keys belongs."""
    if isinstance(node, Sequence):
        if isinstance(shape, Fields) and (named := listed_for(node, shape)):
            return named
        firsts = [each.items[0].key.text for each in node.items if isinstance(each, Mapping) and each.items]
        return f"leave out the `-` before `{firsts[0]}:`" if firsts else ""
    if not isinstance(node, Scalar) or not _is_short(node):
        return ""
    if isinstance(shape, Kinds):
        return f"write `{{{shape.by}: {node.text}, ...}}`" if node.text in shape.options else ""
    if (found := _COMPARED.fullmatch(node.text)) and measure_of(shape):
        return limited(shape, found[1], found[3], found[2])
    if shape.instead:
        kind = {bool: "bool", int: "int", float: "float"}.get(type(node.value), "string")
        return f"write `{shape.instead.replace('<type>', kind).replace('<text>', node.text)}`"
    key = _key_for(shape, node)
    return f"write `{{{key}: {node.text}{', ...' if _needs_more(shape, key) else ''}}}`" if key else ""


def _is_short(node: Scalar) -> bool:
    return node.value is not None and 0 < len(node.text) <= _LONGEST and "\n" not in node.text


def _named(shape: Named, node: Scalar) -> str:
    """One thing under a name."""
    if isinstance(shape.item, Fields | Kinds):
        needed = shape.item.keys if isinstance(shape.item, Fields) else {}
        first = next((name for name, key in needed.items() if key.required), "")
        return f"{node.text}: {{{first + ': ' if first else ''}...}}"
    if isinstance(shape.item, Choice):
        fits = node.text in shape.item.words
        return f"{{name: {node.text if fits else shape.item.words[0]}}}"
    if isinstance(shape.item, Secret) and "secrets." in node.text:
        return "{NAME: secrets.name}"
    return f"{{name: {node.text}}}"


def _key_for(shape: Fields, node: Scalar) -> str:
    """The key whose value a text probably is."""
    for name, key in shape.keys.items():
        if isinstance(key.shape, Choice) and node.text in key.shape.words:
            return name
    return next((name for name, key in shape.keys.items() if key.required), "")


def _needs_more(shape: Fields, written: str) -> bool:
    return any(key.required for name, key in shape.keys.items() if name != written)
