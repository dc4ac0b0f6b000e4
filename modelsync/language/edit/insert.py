"""Edits that put something into a text: a value in the place of another, a new key, a new item, another name."""

from __future__ import annotations

from collections.abc import Sequence

from modelsync.language.edit.extent import (
    Splice,
    end_of,
    ends_kept,
    gaps,
    is_long,
    line_end_of,
    replaced,
    stop_of_line,
    style_of,
)
from modelsync.language.edit.place import EditError, Place, Text, said
from modelsync.language.text.nodes import Mapping, Scalar, kind_of
from modelsync.language.text.nodes import Sequence as ListNode
from modelsync.language.text.syntax import Branch, Comment, Document, Entry, Leaf, Tree, start_of
from modelsync.language.text.writing import (
    Data,
    Opened,
    Verbatim,
    alone,
    block,
    inline,
    inner,
    is_small,
    item,
    key_text,
    pair,
)

# The order in which sections are written. A new one stands behind those that come before it.
SECTIONS = (
    "modelsync", "project", "root", "include", "params", "secrets", "remotes", "datasets", "pipelines", "gates",
    "models", "stages", "deploy", "schedules", "monitors", "notify", "access", "engine",
)  # fmt: skip


def put(text: Text, place: Place, value: Data) -> list[Splice]:
    """Write a value in the place of the one that stands there; its anchor stays, its tag goes."""
    document, tree = text.document, place.tree
    entry = place.holder[1]
    if place.in_brackets:
        return _put_on_line(text, place, inline(value))
    if entry.key is not None and entry.colon is None:
        raise EditError(f"`{said(place.path)}` is a key without a `:`", help="write the `:` first")
    if isinstance(tree, Branch) and tree.brackets is None:
        return _put_over_block(text, place, value)
    if is_small(value):
        return _put_on_line(text, place, alone(value))
    start, end = _sign_end(entry), tree.span.end
    _refuse_comments(text, place, _comments(document, start, end))
    if entry.colon is None:
        return [Splice(start, end, _hanging(document, entry, tree, value))]
    behind = end_of(document, entry)
    return [
        Splice(start, end, _anchor(document, tree, " ", "")),
        Splice(behind, behind, _below(document, entry, value)),
    ]


def add(text: Text, place: Place, missing: tuple[str, ...], key: str, value: Data) -> list[Splice]:
    """Write a new key at the end of a mapping, below the keys in `missing`, which do not exist either."""
    document, tree, node = text.document, place.tree, place.node
    for step in reversed(missing):
        key, value = step, Opened(key, value)
    if isinstance(node, Scalar) and node.value is None:
        return put(text, place, Opened(key, value))
    if not isinstance(node, Mapping) or not isinstance(tree, Branch):
        name = said(place.path)
        raise EditError(f"`{name}` is {kind_of(node)}: it can't hold the key `{key}`", help=f"set `{name}` as a whole")
    if tree.brackets is None:
        return _add_line(document, tree, key, value)
    new = f"{key_text(key)}: {inline(value)}"
    if tree.brackets == "":
        return [Splice(tree.span.start, tree.span.start, "{"), Splice(tree.span.end, tree.span.end, f", {new}}}")]
    if not tree.entries:
        whole = [Splice(tree.span.start + 1, tree.span.start + 1, new)]
        return put(text, place, {key: value}) if place.around else whole
    return _into_brackets(document, tree, new)


def append(text: Text, place: Place, value: Data) -> list[Splice]:
    """Write a new item at the end of a list; a scalar becomes a list first."""
    document, tree, node = text.document, place.tree, place.node
    if isinstance(node, ListNode) and isinstance(tree, Branch):
        if tree.brackets is None:
            last = tree.entries[-1]
            column, stop = document.column(last.start), end_of(document, last)
            found = gaps(document, tree)
            lines = item(value, style_of(document), column)
            return [_inserted(document, stop, lines, column, int(bool(found) and all(found)), 0)]
        if not tree.entries and place.around:
            return put(text, place, [value])
        whole = [Splice(tree.span.start + 1, tree.span.start + 1, inline(value))]
        return _into_brackets(document, tree, inline(value)) if tree.entries else whole
    if isinstance(node, Scalar) and node.value is None and place.around:
        return put(text, place, [value])
    if isinstance(node, Scalar) and isinstance(tree, Leaf) and place.around:
        return put(text, place, [_as_written(document, tree, node), value])
    name = said(place.path)
    raise EditError(f"`{name}` is {kind_of(node)}: it can't hold an item", help=f"add a key to `{name}`")


def rename(text: Text, place: Place, key: str) -> list[Splice]:
    """Write another key before a value."""
    document, entry = text.document, place.holder[1]
    assert entry.key is not None
    if text.aliases(entry.key):
        raise EditError(f"the key `{place.path[-1]}` is used elsewhere through its anchor", help="rename it by hand")
    if entry.colon is not None and entry.start == entry.colon.start:
        return replaced(document, entry.start, entry.start, key_text(key))  # there was none
    anchor = _anchor(document, entry.key, "", " ")
    start = start_of(entry.key)
    space = " " if document.text[start - 1 : start] == "?" else ""
    splices = replaced(document, start, entry.key.span.end, space + anchor + key_text(key))
    if entry.colon is not None and document.text[entry.colon.end : entry.colon.end + 1].strip():
        splices.append(Splice(entry.colon.end, entry.colon.end, " "))  # only a quoted key may do without
    return splices


def _put_on_line(text: Text, place: Place, new: str) -> list[Splice]:
    document, tree = text.document, place.tree
    start, end = start_of(tree), tree.span.end
    new = _anchor(document, tree, "", " ") + new
    if place.holder[1].key is not None and place.holder[1].colon is None:
        new = f": {new}"
    elif document.text[start - 1 : start] in (":", "-"):
        new = f" {new}"
    inside = _comments(document, start, end)
    if isinstance(tree, Leaf) and tree.style in ("|", ">") and inside:
        return [Splice(start, end, f"{new}  {inside[0].text}")]
    _refuse_comments(text, place, inside)
    return replaced(document, start, end, new)


def _put_over_block(text: Text, place: Place, value: Data) -> list[Splice]:
    """In the place of a block: the comment on the line of its key stays."""
    document, tree, entry = text.document, place.tree, place.holder[1]
    assert isinstance(tree, Branch)
    start, end = _sign_end(entry), end_of(document, tree.entries[-1])
    stop = stop_of_line(document, start)
    inside = _comments(document, start, end)
    if entry.colon is None or (tree.properties and tree.properties[-1].end > stop) or tree.span.start < stop:
        _refuse_comments(text, place, inside)
        new = f" {_anchor(document, tree, '', ' ')}{alone(value)}" if is_small(value) else ""
        return [Splice(start, end, new or _hanging(document, entry, tree, value))]
    _refuse_comments(text, place, [each for each in inside if each.start > stop])
    behind = tree.properties[-1].end if tree.properties else start
    anchor = _anchor(document, tree, " ", "")
    if is_small(value):
        return [*replaced(document, start, behind, f"{anchor} {alone(value)}"), Splice(stop, end, "")]
    return [Splice(start, behind, anchor), Splice(stop, end, _below(document, entry, value))]


def _add_line(document: Document, branch: Branch, key: str, value: Data) -> list[Splice]:
    style, column = style_of(document), document.column(branch.entries[0].start)
    lines = pair(key, value, style, column)
    if branch is not document.root:
        found = gaps(document, branch)
        before = int(bool(found) and all(found))
        return [_inserted(document, end_of(document, branch.entries[-1]), lines, column, before, 0)]
    number = _position(document, branch, key)
    previous = branch.entries[number - 1] if number > 0 else None
    following = branch.entries[number] if number < len(branch.entries) else None
    has_gap = previous is not None and following is not None and gaps(document, branch)[number - 1]
    before = _blank_lines(document, branch, previous, lines)
    after = 0 if has_gap else _blank_lines(document, branch, following, lines)
    if previous is not None:
        return [_inserted(document, end_of(document, previous), lines, column, before, after)]
    at, line_end = document.starts[document.line(branch.entries[0].start)], line_end_of(document.text)
    return [Splice(at, at, _joined(document, lines, column).removeprefix(line_end) + line_end * (after + 1))]


def _position(document: Document, branch: Branch, key: str) -> int:
    """Before which section a new one is written."""
    if key not in SECTIONS:
        return len(branch.entries)
    before = SECTIONS[: SECTIONS.index(key)]
    names = [document.of(entry.key.span).strip("\"'") if entry.key is not None else "" for entry in branch.entries]
    return max((number + 1 for number, name in enumerate(names) if name in before), default=0)


def _blank_lines(document: Document, branch: Branch, neighbour: Entry | None, lines: Sequence[str]) -> int:
    """How many blank lines, one or none, stand between a new section and its neighbour."""
    if neighbour is None or ends_kept(document, neighbour.value):
        return 0
    found = gaps(document, branch)
    long = [is_long(document, entry) for entry in branch.entries]
    if len(lines) > 1 and is_long(document, neighbour):
        habit = [gap for gap, one, other in zip(found, long, long[1:], strict=False) if one and other]
        return int(any(habit) or not habit)
    return int((len(lines) > 1 or is_long(document, neighbour)) and any(found))


def _into_brackets(document: Document, branch: Branch, new: str) -> list[Splice]:
    """Write a last entry in brackets, on a line of its own if the one before has one."""
    last = branch.entries[-1]
    at = last.end
    rest = "".join(_without_comments(document, at, branch.span.end - 1))
    comma = " ," if document.text[at - 1] == ":" or (isinstance(last.value, Leaf) and last.value.is_nothing) else ","
    if not document.is_first(last.start) or document.line(last.start) == document.line(branch.span.start):
        return [Splice(at, at, f"{comma} {new}")]
    line = _joined(document, [new], document.column(last.start))
    stop = stop_of_line(document, at)
    if stop >= branch.span.end:
        return [Splice(at, at, comma + line)]
    splices = [Splice(stop, stop, f"{line}," if "," in rest else line)]
    return splices if "," in rest else [Splice(at, at, comma), *splices]


def _as_written(document: Document, leaf: Leaf, node: Scalar) -> Data:
    """A scalar that is going to stand in a list: as it is written, if it can stand there."""
    written = document.of(leaf.span)
    if leaf.style in ("'", '"') and "\n" not in written and "\r" not in written:
        return Verbatim(written)
    if isinstance(node.value, str):
        return node.value
    return Verbatim(written)


def _below(document: Document, entry: Entry, value: Data) -> str:
    """The lines of a value below its key."""
    column = document.column(entry.start)
    return _joined(document, block(value, style_of(document), column), column)


def _hanging(document: Document, entry: Entry, tree: Tree, value: Data) -> str:
    """The lines of a value behind the dash of its item."""
    column = document.column(entry.start) + 2
    text = _joined(document, inner(value, style_of(document), column), column)
    anchor = _anchor(document, tree, " ", "")
    return anchor + text if anchor else f" {text.lstrip()}"


def _joined(document: Document, lines: Sequence[str], column: int) -> str:
    """New lines at a column, to stand behind the end of a line."""
    return "".join(f"{line_end_of(document.text)}{' ' * column}{line}" for line in lines)


def _inserted(document: Document, at: int, lines: Sequence[str], column: int, before: int, after: int) -> Splice:
    line_end = line_end_of(document.text)
    return Splice(at, at, line_end * before + _joined(document, lines, column) + line_end * after)


def _anchor(document: Document, tree: Tree, before: str, after: str) -> str:
    anchors = [document.of(span) for span in tree.properties if document.text[span.start] == "&"]
    return f"{before}{anchors[0]}{after}" if anchors else ""


def _sign_end(entry: Entry) -> int:
    """The offset behind the `:` or the `-` before a value of a block collection."""
    sign = entry.colon or entry.mark
    assert sign is not None
    return sign.end


def _comments(document: Document, start: int, end: int) -> list[Comment]:
    return [each for each in document.comments if start <= each.start < end]


def _without_comments(document: Document, start: int, end: int) -> list[str]:
    parts = []
    for comment in _comments(document, start, end):
        parts.append(document.text[start : comment.start])
        start = comment.end
    return [*parts, document.text[start:end]]


def _refuse_comments(text: Text, place: Place, inside: Sequence[Comment]) -> None:
    if inside:
        raise EditError(
            f"setting `{said(place.path)}` as a whole would drop the comment in line {text.line(inside[0].start)}",
            help="set what is inside piece by piece, or remove it first",
        )
