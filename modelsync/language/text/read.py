"""Text to nodes with places, on the event stream of the YAML parser, with every limit on hostile input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from modelsync.core.diagnostics import Diagnostic, Pos, Related
from modelsync.core.records import record
from modelsync.language.text import scalars
from modelsync.language.text.leftovers import instead_of_tag
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence, key_name
from modelsync.language.text.scanner import Events
from modelsync.language.text.source import FORBIDDEN, Source, forbidden
from modelsync.language.text.suspects import foreign_sign, key_alone, odd_key, odd_root, odd_text

MAX_DEPTH = 64
MAX_NODES = 20_000
MAX_ALIASES = 100
MAX_EXPANDED = 50_000
MAX_KEY = 256  # characters
MAX_SCALAR = 64 * 1024  # characters
MAX_FAULTS = 200  # a text with more is not a spec with slips, and must not buy time

_TAG_PREFIX = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset({"str", "int", "float", "bool", "null"})
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # an anchor and a tag before a value
_SUSPECT = re.compile(r"""^-|[:\[\]{}"']|[^\0-\x7f]""")  # what a plain text holds when it may be a slip
_NAME = re.compile(r"[\w-]+")
_DIRECTIVE = re.compile(r"\A(?:[ \t]*+(?:#[^\r\n]*+)?+(?:\r\n|\r|\n))*+(%)")


@record
class Size:
    """What the limits count: nodes as written, aliases, and nodes with the aliases expanded."""

    nodes: int = 0
    aliases: int = 0
    expanded: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it is more than a spec may have."""
        return self.nodes > MAX_NODES or self.aliases > MAX_ALIASES or self.expanded > MAX_EXPANDED


NOTHING = Size()


@record
class Read:
    """The root of a text, None when there is none to work with, what was wrong, and the size of all read so far."""

    root: Node | None
    diagnostics: tuple[Diagnostic, ...]
    size: Size = NOTHING


def read(source: Source, before: Size = NOTHING) -> Read:
    """The nodes of a text. Never raises: whatever the YAML library says becomes a diagnostic with a place.

    `before` is the size of the files already read, because the limits hold for all files of a spec together.
    """
    if sign := forbidden(source):
        return Read(None, (sign,), before)
    if directive := _DIRECTIVE.match(source.text):
        at = source.at_offset(directive.start(1))
        return Read(None, (Diagnostic("MS004", at, "directives are not allowed in a spec", "remove the line"),), before)
    builder = _Builder(source, before)
    fatal = _build(builder, source)
    if fatal is None and (builder.root is None or _is_nothing(builder.root)):
        help = "a spec starts with `modelsync: 1` and `project: name`"
        fatal = Diagnostic("MS009", source.at(1, 1), "the file says nothing", help)
    if fatal is None:
        return Read(builder.root, tuple(builder.faults), builder.size)
    faults = builder.faults
    if fatal.code == "MS008" and any(each.code == "MS001" for each in faults):
        return Read(None, tuple(faults), builder.size)  # the anchor is what could not be read
    # What was found below the place where it went wrong is often a consequence of it.
    kept = (each for each in faults if each.at.end_line < fatal.at.line or "MS001" not in (each.code, fatal.code))
    return Read(None, (*kept, fatal), builder.size)


def _is_nothing(root: Node) -> bool:
    """Whether there is only `---`, or a `null`."""
    return isinstance(root, Scalar) and root.value is None and not root.quoted


def _build(builder: _Builder, source: Source) -> Diagnostic | None:
    """Give all events of a text to the builder; the diagnostic that ended it early."""
    try:
        for event in _events(source):
            builder.take(event)
    except _StopError as stop:
        return stop.diagnostic
    return None


def _events(source: Source) -> Iterator[Any]:
    events = Events(source.text)
    try:
        yield from events
    except MarkedYAMLError as error:
        from modelsync.language.text.trouble import explain  # only a fault needs it, and a good spec has none

        mark = error.problem_mark or error.context_mark
        sign = foreign_sign(source, getattr(mark, "line", 0))
        raise _StopError(sign or explain(error, source, events)) from None
    except Exception:  # the library lets bare ValueError, AttributeError and others out; the last place read is near
        at = source.at(min(events.line, max(len(source.lines) - 1, 0)) + 1, events.column + 1)
        raise _StopError(Diagnostic("MS001", at, "this can't be read as YAML", "check escapes and signs")) from None


class _StopError(Exception):
    """Reading can't go on."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen."""

    at: Pos
    is_mapping: bool
    is_flow: bool  # in brackets
    anchor: str | None
    items: list[Any] = field(default_factory=list)  # nodes of a list, Items of a mapping
    merges: list[tuple[Scalar, Node]] = field(default_factory=list)
    keys: dict[str, Scalar] = field(default_factory=dict)
    key: Scalar | None = None
    weight: int = 1
    height: int = 1


@record
class _Anchored:
    node: Node
    weight: int  # nodes when expanded
    height: int  # levels


class _Builder:
    """Takes events one by one; checks each limit before anything is built."""

    def __init__(self, source: Source, before: Size) -> None:
        self._source, self._path = source, source.path
        self._last = 0  # where the last scalar or alias ended
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}  # None: not finished
        self._documents = 0
        self._nodes, self._aliases, self._expanded = before.nodes, before.aliases, before.expanded
        self.root: Node | None = None
        self.faults: list[Diagnostic] = []

    @property
    def size(self) -> Size:
        return Size(self._nodes, self._aliases, self._expanded)

    def take(self, event: Any) -> None:
        """Add one event; those of the stream and the end of a document say nothing."""
        match event:
            case ScalarEvent():
                self._count(event)
                self._scalar(event)
            case MappingStartEvent() | SequenceStartEvent():
                self._count(event)
                self._start(event)
            case MappingEndEvent() | SequenceEndEvent():
                self._end()
            case AliasEvent():
                self._alias(event)
            case DocumentStartEvent():
                self._document(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            help = "remove this `---`, or put what follows into a file and `include` it"
            raise self._stop("MS004", self._span(event), "a spec is one document", help)

    def _count(self, event: NodeEvent) -> None:
        self._nodes += 1
        self._expanded += 1
        if self._nodes > MAX_NODES:
            raise self._stop("MS002", self._span(event), f"a spec has at most {MAX_NODES:,} values and keys")
        if self._expanded > MAX_EXPANDED:
            raise self._too_wide(self._span(event))

    def _too_wide(self, at: Pos) -> _StopError:
        message = f"with its anchors expanded a spec has at most {MAX_EXPANDED:,} values and keys"
        return self._stop("MS002", at, message)

    def _alias(self, event: Any) -> None:
        at, name = self._span(event), str(event.anchor)
        self._aliases += 1
        self._last = event.end_mark.index
        if self._aliases > MAX_ALIASES:
            raise self._stop("MS002", at, f"a spec has at most {MAX_ALIASES} aliases")
        if name not in self._anchors:
            message, help = f"anchor `&{_shorten(name)}` does not exist", "an anchor stands before its aliases"
            if not _NAME.fullmatch(name):  # an address, a pattern, a time
                message, help = f"`*{_shorten(name)}` is read as a reference to an anchor", "quote the whole value"
            raise self._stop("MS008", at, message, help)
        anchored = self._anchors[name]
        if anchored is None:
            raise self._stop(
                "MS008", at, f"`*{_shorten(name)}` stands inside its own anchor", "a value can't hold itself"
            )
        self._expanded += anchored.weight
        if self._expanded > MAX_EXPANDED:
            raise self._too_wide(at)
        self._check_depth(len(self._open) + anchored.height, at)
        self._add(replace(anchored.node, via=at), anchored.weight, anchored.height, at)

    def _scalar(self, event: Any) -> None:
        at, text, style = self._span(event), event.value, event.style or ""
        parent = self._open[-1] if self._open else None
        if not text and not style and parent is not None and parent.key is not None:
            at = parent.key.at  # nothing has no place of its own: the parser gives that of what follows
            if parent.is_flow and ":" not in self._source.text[self._last : event.start_mark.index]:
                self._add_fault(key_alone(parent.key, parent.items[-1] if parent.items else None))
        if len(text) > MAX_SCALAR:
            raise self._stop("MS002", at, f"one value has at most {MAX_SCALAR // 1024} KiB")
        if style and (found := FORBIDDEN.search(text)):  # by an escape; what is written as it is was refused before
            self._fault("MS003", at, f"the character U+{ord(found.group()):04X} is not allowed in a spec", "remove it")
        value = self._tagged(event, at) if event.ctag is not None else text if style else scalars.resolve(text)
        if event.ctag is not None or event.anchor:
            at = self._after_properties(event, at)
        node = Scalar(value, text, style, at)
        if text and not style and (parent is None or at.line != at.end_line or _SUSPECT.search(text)):
            self._check_plain(node, parent, event.end_mark.index)
        if event.anchor:
            self._anchors[str(event.anchor)] = _Anchored(node, 1, 1)
        self._last = event.end_mark.index
        self._add(node, 1, 1, at)

    def _after_properties(self, event: Any, at: Pos) -> Pos:
        """The place of a scalar without its anchor and tag, if all stand on one line."""
        start, end = event.start_mark.index, event.end_mark.index
        length = _PROPERTIES.match(self._source.text, start).end() - start  # type: ignore[union-attr]
        return replace(at, col=at.col + length) if start + length < end and at.line == at.end_line else at

    def _check_plain(self, node: Scalar, parent: _Open | None, end: int) -> None:
        """Refuse what YAML takes for text, and nobody means."""
        is_key = parent is not None and parent.is_mapping and parent.key is None
        if parent is None:
            found = odd_root(node)
        elif is_key:
            found = odd_key(node, self._source.text[end : end + 1]) or odd_text(node)
        else:
            found = odd_text(node)
        if found is None and node.at.end_line > node.at.line and not (parent is not None and parent.is_flow):
            from modelsync.language.text.trouble import dash_inside  # only a fault needs it, and few texts go on

            found = dash_inside(node, self._source)
        if found is not None:  # inside brackets a text may have begun before the last comma
            raise _StopError(
                replace(found, fix=None) if parent is not None and parent.is_flow and not is_key else found
            )

    def _tagged(self, event: Any, at: Pos) -> scalars.Value:
        tag = self._core_tag(event, at, _SCALAR_TAGS)
        if not tag:
            return event.value if event.style else scalars.resolve(event.value)
        try:
            return scalars.tagged(tag, event.value)
        except ValueError as error:
            self._fault("MS005", at, str(error))
            return str(event.value)

    def _core_tag(self, event: Any, at: Pos, allowed: frozenset[str]) -> str:
        written = str(event.tag or "")
        if written[:1] == "!" and (sign := foreign_sign(self._source, event.start_mark.line)) and sign.code == "MS005":
            self._add_fault(sign)
            return ""
        if written == "!":
            return "str" if "str" in allowed else ""
        short = written.removeprefix(_TAG_PREFIX)
        if written and (short == written or short not in allowed):
            tag = _shorten(written if short == written else f"!!{short}")
            self._fault("MS005", at, f"the tag `{tag}` is not allowed in a spec", instead_of_tag(tag))
            return ""
        return short

    def _start(self, event: Any) -> None:
        at, is_mapping = self._span(event), isinstance(event, MappingStartEvent)
        if event.ctag is not None:
            self._core_tag(event, at, frozenset({"map"} if is_mapping else {"seq"}))
        self._check_depth(len(self._open) + 1, at)
        if event.anchor:
            self._anchors[str(event.anchor)] = None
        self._open.append(_Open(at, is_mapping, event.flow_style, str(event.anchor) if event.anchor else None))

    def _end(self) -> None:
        done = self._open.pop()
        node: Node = self._mapping(done) if done.is_mapping else Sequence(tuple(done.items), done.at)
        if done.anchor:
            self._anchors[done.anchor] = _Anchored(node, done.weight, done.height)
        self._add(node, done.weight, done.height, done.at)

    def _add(self, node: Node, weight: int, height: int, at: Pos) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.weight += weight
        if parent.height <= height:
            parent.height = height + 1
        if not parent.is_mapping:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = self._key(node, at)
        else:
            self._pair(parent, parent.key, node)
            parent.key = None

    def _key(self, node: Node, at: Pos) -> Scalar:
        if isinstance(node, Scalar):
            if len(node.text) > MAX_KEY:
                raise self._stop("MS002", at, f"a key has at most {MAX_KEY} characters")
            return node
        template = 'remove a brace; a param is put in as `"${{ params.name }}"`, in quotes'
        help = template if isinstance(node, Mapping) else "a key is a name"
        raise self._stop("MS007", at, f"a {'mapping' if isinstance(node, Mapping) else 'list'} can't be a key", help)

    def _pair(self, parent: _Open, key: Scalar, value: Node) -> None:
        if key.text == "<<" and not key.quoted:
            parent.merges.append((key, value))
            return
        name = key_name(key)
        if first := parent.keys.get(name):
            related = (Related(first.at, f"`{_shorten(key.text)}` stands here first"),)
            message = f"key `{_shorten(key.text)}` is written twice"
            in_list = len(self._open) > 1 and not self._open[-2].is_mapping
            help = "remove one, or begin an entry of its own with `- `" if in_list else "remove one"
            self._add_fault(Diagnostic("MS006", key.at, message, help, (), related))
            return
        parent.keys[name] = key
        parent.items.append(Item(key, value))

    def _mapping(self, done: _Open) -> Mapping:
        """The mapping with its merges: its own keys win, then earlier merges before later ones."""
        if not done.merges:
            return Mapping(tuple(done.items), done.at)
        items = {key_name(item.key): item for item in done.items}
        for key, value in done.merges:
            for source in value.items if isinstance(value, Sequence) else (value,):
                if not isinstance(source, Mapping):
                    self._fault("MS008", key.at, "`<<` merges mappings only", "write `<<: *anchor` of a mapping")
                    continue
                for item in source.items:
                    items.setdefault(key_name(item.key), Item(item.key, item.value, source.via or source.at))
        return Mapping(tuple(items.values()), done.at)

    def _check_depth(self, depth: int, at: Pos) -> None:
        if depth > MAX_DEPTH:
            raise self._stop("MS002", at, f"a spec is nested at most {MAX_DEPTH} deep")

    def _fault(self, code: str, at: Pos, message: str, help: str = "") -> None:
        self._add_fault(Diagnostic(code, at, message, help))

    def _add_fault(self, found: Diagnostic) -> None:
        self.faults.append(found)
        if len(self.faults) == MAX_FAULTS:
            message = f"there are {MAX_FAULTS} faults and perhaps more: mend these first"
            raise self._stop("MS002", found.at, message)

    def _stop(self, code: str, at: Pos, message: str, help: str = "") -> _StopError:
        return _StopError(Diagnostic(code, at, message, help))

    def _span(self, event: Any) -> Pos:
        start, end = event.start_mark, event.end_mark
        line, col, end_col = start.line + 1, start.column + 1, end.column + 1
        if start.index == end.index:
            end_col += 1  # nothing is shown as one character
        return Pos(self._path, line, col, end.line + 1, end_col)


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
