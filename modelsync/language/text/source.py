"""The text of one spec file: what it was read from, its lines, and places inside it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.text.nodes import Scalar

MAX_BYTES = 256 * 1024

# Invisible to a reader or able to steer a terminal: C0 and C1 except tab and line ends, the other line separators,
# marks that turn the writing direction, a byte order mark in the middle, lone surrogates and non-characters.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Source:
    """One file's path and text."""

    path: Path
    text: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends, as the YAML reader counts them."""
        return tuple(self.text.splitlines())

    def at(self, line: int, col: int, length: int = 1) -> Pos:
        """A place on one line (both from 1)."""
        return Pos(self.path, line, col, line, col + length)

    def at_offset(self, offset: int, length: int = 1) -> Pos:
        """The place of a character of the text."""
        before = _LINE_END.split(self.text[:offset])  # what `splitlines` breaks besides may stand in a refused text
        return self.at(len(before), len(before[-1]) + 1, length)

    def within(self, node: Scalar, start: int, end: int) -> Pos:
        """The place of a part of a scalar's text (offsets from 0); the whole scalar where escapes hide it."""
        part = node.text[start:end]
        first = node.at.line - 1
        for number in range(first, min(node.at.end_line, len(self.lines))):
            line = self.lines[number]
            begin = node.at.col - 1 if number == first else 0
            if number == first == node.at.end_line - 1:
                whole = line.find(node.text, begin) if node.text else -1
                if whole >= 0:
                    return self.at(number + 1, whole + start + 1, max(end - start, 1))
            found = line.find(part, begin) if part.strip() else -1
            if found >= 0:
                return self.at(number + 1, found + 1, len(part))
        return node.at


def decode_bytes(path: Path, data: bytes) -> Source | Diagnostic:
    """The text of a spec file, or what keeps it from being one: too large, not UTF-8, control characters."""
    nowhere = Pos(path, 1, 1, 1, 2)
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024:.0f} KiB"
        return Diagnostic("MS002", nowhere, f"the file has {size}; a spec has at most {MAX_BYTES // 1024} KiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = Source(path, data[: error.start].decode("utf-8-sig", errors="replace"))
        at = good.at_offset(len(good.text))
        return Diagnostic("MS003", at, f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8")
    source = Source(path, text)
    return forbidden(source) or source


def forbidden(source: Source) -> Diagnostic | None:
    """The first character that has no place in a spec."""
    found = FORBIDDEN.search(source.text)
    if found is None:
        return None
    code = ord(found.group())
    at = source.at_offset(found.start())
    name = unicodedata.name(found.group(), "")  # control characters have none
    called = f"U+{code:04X}, {name.lower()}," if name else f"U+{code:04X}"
    return Diagnostic("MS003", at, f"the character {called} is not allowed in a spec", "remove it")
