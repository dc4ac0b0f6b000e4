"""A YAML text as it was written: its values with the place of every sign, and the comments between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from modelsync.core.records import record
from modelsync.language.text.scanner import Events

_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*([ ]*)(#[^\r\n]*)?")
_DIGIT = re.compile(r"[1-9]")


@record
class Span:
    """A part of the text by offsets, the end exclusive."""

    start: int
    end: int


@record
class Comment:
    """From the `#` to the end of its line, without trailing spaces."""

    text: str
    start: int
    trailing: bool  # something stands before it on its line

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


@record
class Leaf:
    """A scalar, an alias, or nothing at all (an empty span behind what stands before)."""

    properties: tuple[Span, ...]  # anchor and tag
    span: Span
    style: str  # "" plain, ' or " quoted, | or > block, * alias
    inset: int = 0  # column of a block scalar's lines

    @property
    def is_nothing(self) -> bool:
        """Whether no value is written, so that it is null."""
        return self.span.start == self.span.end and not self.style


@record
class Entry:
    """A key with its value, or one item of a list; a missing sign is None."""

    mark: Span | None  # the `-` of an item, the `?` of an explicit key
    key: Leaf | Branch | None
    colon: Span | None
    value: Leaf | Branch

    @property
    def start(self) -> int:
        """Where its first sign stands."""
        if self.mark is not None:
            return self.mark.start
        if self.key is not None and not (
            isinstance(self.key, Leaf) and self.key.is_nothing and not self.key.properties
        ):
            return start_of(self.key)
        return self.colon.start if self.colon is not None else start_of(self.value)

    @property
    def end(self) -> int:
        """The offset behind its last sign."""
        ends = [self.value.span.end, *(span.end for span in (self.mark, self.colon) if span is not None)]
        return max(ends)


@record
class Branch:
    """A mapping or a list; `brackets` is None in block style, "" for the one pair of `[key: value]`."""

    properties: tuple[Span, ...]
    span: Span
    is_mapping: bool
    brackets: str | None
    entries: tuple[Entry, ...]


Tree = Leaf | Branch


def start_of(tree: Tree) -> int:
    """Where a value starts, its anchor and tag included."""
    return tree.properties[0].start if tree.properties else tree.span.start


@dataclass(frozen=True)
class Document:
    """One text, its value, its comments in order, and the `---` and `...` around it."""

    text: str
    root: Tree
    comments: tuple[Comment, ...]
    opening: Span | None
    closing: tuple[Span, ...]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offset of each line."""
        return (0, *(found.end() for found in _LINE_END.finditer(self.text)))

    def line(self, offset: int) -> int:
        """The number of the line, from 0."""
        return bisect_right(self.starts, offset) - 1

    def column(self, offset: int) -> int:
        """The column, from 0."""
        return offset - self.starts[self.line(offset)]

    def line_text(self, number: int) -> str:
        """A line without its end; empty outside the text."""
        if not 0 <= number < len(self.starts):
            return ""
        stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : stop].rstrip("\r\n")

    def is_first(self, offset: int) -> bool:
        """Whether only spaces stand before it on its line."""
        return not self.text[self.starts[self.line(offset)] : offset].strip()

    def continues(self, first: Comment, second: Comment) -> bool:
        """Whether a comment stands directly below another one, in the same column."""
        return (
            not second.trailing
            and self.line(first.start) + 1 == self.line(second.start)
            and self.column(first.start) == self.column(second.start)
        )

    def comments_from(self, offset: int) -> Iterator[Comment]:
        """The comments that begin at an offset or behind it."""
        yield from islice(self.comments, bisect_left(self.comments, offset, key=_start), None)

    def of(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]


def _start(comment: Comment) -> int:
    return comment.start


def parse(text: str) -> Document:
    """The syntax of a text that `read` accepts; any other text raises what the YAML library raises."""
    tokens = tuple(_tokens(text))
    builder = _Builder(text, tokens)
    opening = builder.take().span if builder.kind == "<document start>" else None
    root = builder.node(-1, _NO_ROOT)
    closing = []
    while builder.kind == "<document end>":
        closing.append(builder.take().span)
    if builder.kind != "<stream end>":
        raise ValueError(f"{builder.kind} is left over")
    return Document(text, root, tuple(builder.comments()), opening, tuple(closing))


@record
class _Token:
    kind: str
    span: Span
    column: int
    style: str


def _tokens(text: str) -> Iterator[_Token]:
    events = Events(text)
    while events.check_token():
        token: Any = events.get_token()
        style = ("" if token.plain else str(token.style)) if token.id == "<scalar>" else ""
        yield _Token(token.id, Span(token.start_mark.index, token.end_mark.index), token.start_mark.column, style)


# What ends a value before it began, by where the value stands.
_NO_ROOT = frozenset({"<document end>", "<stream end>"})
_NO_BLOCK_VALUE = frozenset({"?", ":", "<block end>"})
_NO_BLOCK_ITEM = frozenset({"-", "<block end>"})
_NO_LEVEL_ITEM = frozenset({"-", "?", ":", "<block end>"})  # a list on the level of its key has no end of its own
_NO_FLOW_KEY = frozenset({":", ",", "}", "]"})
_NO_FLOW_VALUE = frozenset({",", "}", "]"})


class _Builder:
    """Takes the tokens of the library's scanner in order; the grammar is that of its parser."""

    def __init__(self, text: str, tokens: tuple[_Token, ...]) -> None:
        self._text = text
        self._tokens = tokens
        self._next = 1  # behind the stream start
        self._ends = 0  # behind the last token
        self._headers: list[Comment] = []  # comments behind the `|` of a block scalar

    @property
    def kind(self) -> str:
        return self._tokens[self._next].kind

    def take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        if token.span.end > token.span.start:
            self._ends = token.span.end
        return token

    def node(self, column: int, nothing: frozenset[str]) -> Tree:
        """The next value inside the block collection at `column`; the kinds in `nothing` mean that there is none."""
        properties = []
        while self.kind in ("<anchor>", "<tag>"):
            properties.append(self.take().span)
        if self.kind in nothing:
            return Leaf(tuple(properties), Span(self._ends, self._ends), "")
        match self.kind:
            case "<scalar>":
                return self._scalar(tuple(properties), column)
            case "<alias>":
                return Leaf((), self.take().span, "*")
            case "[" | "{":
                return self._flow(tuple(properties), column)
            case "<block mapping start>":
                return self._block_mapping(tuple(properties))
            case "<block sequence start>":
                at = self.take().column
                return self._items(tuple(properties), at, _NO_BLOCK_ITEM)
            case "-":
                return self._items(tuple(properties), column, _NO_LEVEL_ITEM)
        raise ValueError(f"{self.kind} stands where a value belongs")

    def _scalar(self, properties: tuple[Span, ...], column: int) -> Leaf:
        token = self.take()
        if token.style not in ("|", ">"):
            return Leaf(properties, token.span, token.style)
        lines = self._text[token.span.start : token.span.end].splitlines(keepends=True)
        header = _HEADER.match(lines[0])
        assert header is not None
        if header.group(2):
            at = token.span.start + header.start(2)
            self._headers.append(Comment(header.group(2).rstrip(), at, trailing=True))
        inset = _inset(lines, column)
        if "+" not in header.group()[:3]:
            while len(lines) > 1 and not lines[-1].rstrip("\r\n").strip(" ") and _width(lines[-1]) <= inset:
                lines.pop()
        end = token.span.start + len("".join(lines).removesuffix("\n").removesuffix("\r"))
        return Leaf(properties, Span(token.span.start, end), token.style, inset)

    def _block_mapping(self, properties: tuple[Span, ...]) -> Branch:
        column = self.take().column
        entries = []
        while self.kind != "<block end>":
            entries.append(self._pair(column, _NO_BLOCK_VALUE, _NO_BLOCK_VALUE))
        self.take()
        return Branch(properties, Span(entries[0].start, entries[-1].end), True, None, tuple(entries))

    def _pair(self, column: int, no_key: frozenset[str], no_value: frozenset[str]) -> Entry:
        mark = colon = None
        if self.kind == "?":
            token = self.take()
            mark = token.span if token.span.end > token.span.start else None
        key = self.node(column, no_key)
        if self.kind == ":":
            colon = self.take().span
        return Entry(mark, key, colon, self.node(column, no_value) if colon else Leaf((), _behind(key, mark), ""))

    def _items(self, properties: tuple[Span, ...], column: int, nothing: frozenset[str]) -> Branch:
        entries = []
        while self.kind == "-":
            entries.append(Entry(self.take().span, None, None, self.node(column, nothing)))
        if nothing is _NO_BLOCK_ITEM:
            self.take()
        return Branch(properties, Span(entries[0].start, entries[-1].end), False, None, tuple(entries))

    def _flow(self, properties: tuple[Span, ...], column: int) -> Branch:
        opening = self.take()
        entries = []
        while self.kind not in ("]", "}"):
            entries.append(self._flow_entry(opening.kind, column))
            if self.kind == ",":
                self.take()
        span = Span(opening.span.start, self.take().span.end)
        is_mapping = opening.kind == "{"
        return Branch(properties, span, is_mapping, "{}" if is_mapping else "[]", tuple(entries))

    def _flow_entry(self, opening: str, column: int) -> Entry:
        if opening == "{":
            return self._pair(column, _NO_FLOW_KEY, _NO_FLOW_VALUE)
        if self.kind not in ("?", ":"):
            return Entry(None, None, None, self.node(column, _NO_FLOW_VALUE))
        pair = self._pair(column, _NO_FLOW_KEY, _NO_FLOW_VALUE)
        return Entry(None, None, None, Branch((), Span(pair.start, pair.end), True, "", (pair,)))

    def comments(self) -> Iterator[Comment]:
        """Every comment of the text, in order: what is no token is space or comment."""
        headers = iter((*self._headers, None))
        header = next(headers)
        before = 0
        for token in self._tokens:
            if token.span.end == token.span.start and token.kind != "<stream end>":
                continue
            for found in _COMMENT.finditer(self._text, before, token.span.start):
                line_start = max(self._text.rfind("\n", 0, found.start()), self._text.rfind("\r", 0, found.start())) + 1
                trailing = bool(self._text[line_start : found.start()].strip())
                yield Comment(found.group().rstrip(), found.start(), trailing)
            if header is not None and token.span.start <= header.start < token.span.end:
                yield header
                header = next(headers)
            before = token.span.end


def _behind(key: Tree, mark: Span | None) -> Span:
    end = max(key.span.end, mark.end if mark is not None else 0)
    return Span(end, end)


def _inset(lines: list[str], column: int) -> int:
    """The column of a block scalar's lines: as its header says, or that of its first line."""
    if given := _DIGIT.search(lines[0][:3]):
        return max(column, 0) + int(given.group())
    widest = column + 1
    for line in lines[1:]:
        widest = max(widest, _width(line))
        if line.strip(" \r\n"):
            break
    return widest


def _width(line: str) -> int:
    """The spaces a line begins with."""
    bare = line.rstrip("\r\n")
    return len(bare) - len(bare.lstrip(" "))
