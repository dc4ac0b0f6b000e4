"""The events of ruamel.yaml's pure parser, several times faster: its hot methods, over whole words and not characters.

The library reads one character at a time and asks for each token anew whether enough was read. Here regular
expressions take words and the spaces between them, and positions are counted from the starts of the lines. What is
rare (escapes, block scalars, tags, anchors) is left to the library, and so are all its rules: a test compares the
events and the errors of both over the specs, over random YAML and over spoilt specs.

What is dropped are comments (nobody reads them here) and the signs that `source.FORBIDDEN` refuses before: other line
ends than those of ASCII and byte order marks would be counted wrong.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.error import FileMark, StreamMark
from ruamel.yaml.events import MappingStartEvent, ScalarEvent, SequenceStartEvent
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner, ScannerError, SimpleKey
from ruamel.yaml.tokens import (
    BlockEntryToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    FlowEntryToken,
    FlowMappingStartToken,
    FlowSequenceStartToken,
    KeyToken,
    ScalarToken,
    TagToken,
    ValueToken,
)

_ENDS = frozenset("\0 \t\r\n")  # what ends a word; the text itself ends with NUL
_BREAKS = frozenset("\r\n")
_LINE_START = re.compile(r"\r\n?|\n")
_TO_LINE_END = re.compile(r"[^\0\r\n]*")
_SPACES = re.compile(" *")
_BLANK = {"": re.compile(r"[ \r\n]*"), "[": re.compile(r"[ \t\r\n]*"), "{": re.compile(r"[ \t\r\n]*")}
_BLANK_LINES = re.compile(r"(?:\r\n?|\n)[ \r\n]*")
_SEPARATOR = re.compile(r"(?:---|\.\.\.)[\0 \t\r\n]")


def _words(signs: str) -> re.Pattern[str]:
    """Words on one line with the spaces between them; `signs` end a word, a colon does before a space only."""
    letter, colon = rf"[^\0 \t\r\n:{signs}]", r":(?![\0 \t\r\n])"
    word = rf"(?!#)(?:{letter}|{colon}){letter}*+(?:{colon}{letter}*+)*+"
    return re.compile(rf"{word}(?: ++{word})*+")


_WORDS = {"": _words(""), "[": _words(r",\[\]{}"), "{": _words(r",\[\]{}")}
_QUOTED = {"'": re.compile(r"'([^'\0\r\n]*+(?:''[^'\0\r\n]*+)*+)'"), '"': re.compile(r'"([^"\\\0\r\n]*+)"')}
_TAG = re.compile(r"(!!?)([A-Za-z]+)(?=[\0 \r\n])")
_LONG_TAG = re.compile(r"[^\0 \r\n]{1024}")
_MAX_KEY = 1024  # characters that the library looks ahead for the colon of a key


class Events(Scanner, Parser):
    """The events of one text. Errors and their marks are the library's."""

    scanner_processing_version = processing_version = (1, 2)
    comment_handling = None
    encoding = None
    reader: Any = None  # the library asks its loader for these; here all are one
    scanner: Any = None
    resolver: Any = None

    def __init__(self, text: str) -> None:
        self.buffer = text + "\0"
        self.pointer = self.line = 0
        self._starts = [0, *(found.end() for found in _LINE_START.finditer(text)), math.inf]
        self._is_ready = False
        self.long_quote: tuple[StreamMark, StreamMark] | None = None  # the last text in quotes that took several lines
        self.doc_infos: list[Any] = []  # as the library, which keeps none here and so refuses a directive
        self.loader = self.reader = self.scanner = self.resolver = self
        self.reset_scanner()
        self.reset_parser()

    def __iter__(self) -> Iterator[Any]:
        while self.state is not None:
            yield self.state()

    # -- the reader: the text with a place in it ----------------------------------------------------------------------

    @property
    def index(self) -> int:
        return self.pointer

    @property
    def column(self) -> int:
        return self.pointer - int(self._starts[self.line])

    def peek(self, index: int = 0) -> str:
        return self.buffer[self.pointer + index]

    def prefix(self, length: int = 1) -> str:
        return self.buffer[self.pointer : self.pointer + length]

    def forward(self, length: int = 1) -> None:
        self.pointer = pointer = self.pointer + length
        line, starts = self.line + 1, self._starts
        while starts[line] <= pointer:
            line += 1
        self.line = line - 1

    def get_mark(self) -> FileMark:
        return FileMark("", self.pointer, self.line, self.pointer - int(self._starts[self.line]))

    # -- tokens -------------------------------------------------------------------------------------------------------

    def check_token(self, *choices: Any) -> bool:
        if not self._is_ready:
            self._fill()
        return bool(self.tokens) and (not choices or isinstance(self.tokens[0], choices))

    def peek_token(self) -> Any:
        if not self._is_ready:
            self._fill()
        return self.tokens[0] if self.tokens else None

    def get_token(self) -> Any:
        if not self._is_ready:
            self._fill()
        if not self.tokens:
            return None
        self._is_ready = False
        self.tokens_taken += 1
        return self.tokens.pop(0)

    def _fill(self) -> None:
        """Read until the next token is certain. Nothing changes that before the token is taken."""
        while self.need_more_tokens():
            self.fetch_more_tokens()
        self._is_ready = True

    def need_more_tokens(self) -> bool:
        if self.done:
            return False
        if not self.tokens:
            return True
        if not self.possible_simple_keys:
            return False
        self.stale_possible_simple_keys()
        return bool(self.next_possible_simple_key() == self.tokens_taken)

    def stale_possible_simple_keys(self) -> None:
        line, oldest = self.line, self.pointer - _MAX_KEY
        for key in self.possible_simple_keys.values():
            if key.line != line or key.index < oldest:
                super().stale_possible_simple_keys()
                return

    def save_possible_simple_key(self, mark: FileMark | None = None) -> None:
        if self.allow_simple_key:
            self.remove_possible_simple_key()
            level, column = len(self.flow_context), self.column
            is_required = not level and self.indent == column
            number = self.tokens_taken + len(self.tokens)
            key = SimpleKey(number, is_required, self.pointer, self.line, column, mark or self.get_mark())
            self.possible_simple_keys[level] = key

    def fetch_more_tokens(self) -> None:
        self.scan_to_next_token()
        character = self.buffer[self.pointer]
        fetch = _FETCH.get(character)
        if fetch is None:
            if character in _UNSURE:
                if character not in _BEFORE_SPACE or self.buffer[self.pointer + 1] not in _ENDS:
                    super().fetch_more_tokens()
                    return
                fetch = _BEFORE_SPACE[character]
            else:
                fetch = Events.fetch_plain
        self.stale_possible_simple_keys()
        if not self.flow_context and self.indent > (column := self.column):
            self.unwind_indent(column)
        fetch(self)

    def scan_to_next_token(self) -> None:
        buffer, pointer = self.buffer, self.pointer
        if buffer[pointer] == " ":
            pointer += 1
        if buffer[pointer] in " \t\r\n#":
            blank = _BLANK[self.flow_context[-1] if self.flow_context else ""]
            pointer = blank.match(buffer, pointer).end()  # type: ignore[union-attr]
            while buffer[pointer] == "#":
                pointer = _TO_LINE_END.match(buffer, pointer).end()  # type: ignore[union-attr]
                pointer = blank.match(buffer, pointer).end()  # type: ignore[union-attr]
            line = self.line
            self.forward(pointer - self.pointer)
            if self.line > line and not self.flow_context:
                self.allow_simple_key = True
        else:
            self.pointer = pointer

    def fetch_flow_collection_start(self, token: Any, to_push: str) -> None:
        self.save_possible_simple_key()
        self.flow_context.append(to_push)
        self.allow_simple_key = True
        self._add(token)

    def fetch_flow_collection_end(self, token: Any) -> None:
        self.remove_possible_simple_key()
        if self.flow_context:
            self.flow_context.pop()
        self.allow_simple_key = False
        self._add(token)

    def fetch_flow_entry(self) -> None:
        self.allow_simple_key = True
        self.remove_possible_simple_key()
        self._add(FlowEntryToken)

    def fetch_block_entry(self) -> None:
        if not self.flow_context:
            if not self.allow_simple_key:
                super().fetch_block_entry()  # knows the error
            if self.add_indent(self.column):
                mark = self.get_mark()
                self.tokens.append(BlockSequenceStartToken(mark, mark))
        self.allow_simple_key = True
        self.remove_possible_simple_key()
        self._add(BlockEntryToken)

    def fetch_value(self) -> None:
        key = self.possible_simple_keys.pop(len(self.flow_context), None)
        if key is None:
            super().fetch_value()
            return
        place = key.token_number - self.tokens_taken
        self.tokens.insert(place, KeyToken(key.mark, key.mark))
        if not self.flow_context and self.add_indent(key.column):
            self.tokens.insert(place, BlockMappingStartToken(key.mark, key.mark))
        self.allow_simple_key = False
        self._add(ValueToken)

    def _add(self, token: Any) -> None:
        """A token of one character."""
        start = self.get_mark()
        self.pointer += 1
        self.tokens.append(token(start, self.get_mark()))

    # -- scalars ------------------------------------------------------------------------------------------------------

    def fetch_plain(self) -> None:
        mark = self.get_mark()
        self.save_possible_simple_key(mark)
        self.allow_simple_key = False
        self.tokens.append(self._plain(mark))

    def _plain(self, start: FileMark) -> ScalarToken:
        buffer = self.buffer
        words, is_block = _WORDS[self.flow_context[-1] if self.flow_context else ""], not self.flow_context
        parts: list[str] = []
        between, end = "", start
        while found := words.match(buffer, self.pointer):
            self.allow_simple_key = False
            parts += (between, found.group())
            self.pointer = found.end()
            end = self.get_mark()
            self.pointer = _SPACES.match(buffer, self.pointer).end()  # type: ignore[union-attr]
            if buffer[self.pointer] not in _BREAKS:
                break
            between = self._folded()
            if not between or (is_block and self.column <= self.indent):
                break
        return ScalarToken("".join(parts), True, start, end)

    def _folded(self) -> str:
        """What the breaks and blank lines here are in a scalar; empty before the end of the document."""
        line = self.line
        self.forward(_BLANK_LINES.match(self.buffer, self.pointer).end() - self.pointer)  # type: ignore[union-attr]
        self.allow_simple_key = True
        if self.column == 0 and _SEPARATOR.match(self.buffer, self.pointer):
            return ""
        return "\n" * (self.line - line - 1) or " "

    def scan_tag(self) -> Any:
        if _LONG_TAG.match(self.buffer, self.pointer):  # the library takes seconds for a megabyte
            raise ScannerError("while scanning a tag", None, "found a tag that is too long", self.get_mark())
        found = _TAG.match(self.buffer, self.pointer)
        if found is None:
            return super().scan_tag()
        start = self.get_mark()
        self.pointer = found.end()
        return TagToken(found.groups(), start, self.get_mark())

    def scan_flow_scalar(self, style: str) -> ScalarToken:
        found = _QUOTED[style].match(self.buffer, self.pointer)
        if found is None:  # escapes, several lines, or no end
            token: ScalarToken = super().scan_flow_scalar(style)
            if token.end_mark.line > token.start_mark.line:
                self.long_quote = token.start_mark, token.end_mark
            return token
        start = self.get_mark()
        self.pointer = found.end()
        text = found.group(1)
        return ScalarToken(text.replace("''", "'") if style == "'" else text, False, start, self.get_mark(), style)

    # -- nodes --------------------------------------------------------------------------------------------------------

    def parse_node(self, block: bool = False, indentless_sequence: bool = False) -> Any:
        token = self.peek_token()
        match token:
            case ScalarToken():
                self.get_token()
                self.state = self.states.pop()
                implicit = (True, False) if token.plain else (False, True)
                return ScalarEvent(None, None, implicit, token.value, token.start_mark, token.end_mark, token.style)
            case FlowMappingStartToken():
                self.state = self.parse_flow_mapping_first_key
                return MappingStartEvent(None, None, True, token.start_mark, token.end_mark, True)
            case FlowSequenceStartToken():
                self.state = self.parse_flow_sequence_first_entry
                return SequenceStartEvent(None, None, True, token.start_mark, token.end_mark, True)
        return super().parse_node(block, indentless_sequence)


# What one character decides, and what it decides before a space; what else may not start a plain scalar is `unsure`.
_FETCH = {
    "[": Events.fetch_flow_sequence_start,
    "]": Events.fetch_flow_sequence_end,
    "{": Events.fetch_flow_mapping_start,
    "}": Events.fetch_flow_mapping_end,
    ",": Events.fetch_flow_entry,
    "'": Events.fetch_single,
    '"': Events.fetch_double,
    "*": Events.fetch_alias,
    "&": Events.fetch_anchor,
    "!": Events.fetch_tag,
}
_BEFORE_SPACE = {":": Events.fetch_value, "-": Events.fetch_block_entry}
_UNSURE = frozenset("\0 \t-?:#|>%@`.")
