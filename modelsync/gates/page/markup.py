"""HTML and SVG elements that escape what they are given: only what was made here counts as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from modelsync.core.printable import printable


class Markup(str):
    """Text that is markup already; every other text is escaped when it becomes part of an element."""

    __slots__ = ()


Child = str | None | Iterable["Child"]

_JOINTS = re.compile(r"[^_.\-/=, ]{1,24}[_.\-/=, ]*|[_.\-/=, ]+")
_EMPTY = frozenset({"wbr", "meta", "line", "rect", "circle", "path", "polyline", "polygon", "br", "col"})
_BREAK = Markup("<wbr/>")


def tag(name: str, /, *children: Child, **attributes: str | float | None) -> Markup:
    """An element, also well-formed as XML; a trailing or inner `_` of an attribute's name is dropped or a dash."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = join(*children)
    if not inner and name in _EMPTY:
        return Markup(f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{inner}</{name}>")


def join(*children: Child) -> Markup:
    """The children one after the other."""
    return Markup("".join(_part(child) for child in children))


def breakable(text: str) -> Markup:
    """A name that may go on in the next line after a sign that joins words, and anywhere when it has none."""
    return join([part for piece in _JOINTS.findall(text) for part in (piece, _BREAK)][:-1])


def _part(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return escape(_on_lines(child), quote=False)
    return "".join(_part(one) for one in child)


def _attribute(value: str | float) -> str:
    if isinstance(value, str):
        return escape(printable(value))
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _on_lines(text: str) -> str:
    """Control characters break a page, and signs that turn the direction of writing make a name look like another."""
    return text if text.isprintable() else "\n".join(printable(line) for line in text.split("\n"))
