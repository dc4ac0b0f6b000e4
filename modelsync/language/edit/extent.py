"""How far an entry of a text reaches: its lines, the comments that belong to it, and how the rest is laid out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from modelsync.core.records import record
from modelsync.language.text.syntax import Branch, Comment, Document, Entry, Leaf, Tree
from modelsync.language.text.writing import Style

_GAP = 2  # spaces before a comment at the end of a line
_LINE_END = re.compile(r"\r\n|\r|\n")


@record
class Splice:
    """Put a text in the place of a part of the old one."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all parts replaced; they do not overlap, and at one place the first comes first."""
    parts, done = [], 0
    for each in sorted(splices, key=lambda each: (each.start, each.end)):
        parts += [text[done : each.start], each.text]
        done = each.end
    return "".join((*parts, text[done:]))


def line_end_of(text: str) -> str:
    """What ends the lines of a text."""
    found = _LINE_END.search(text)
    return found.group() if found else "\n"


def style_of(document: Document) -> Style:
    """The indentation that most of a text has; two spaces where it shows none."""
    steps: Counter[int] = Counter()
    dashes: Counter[int] = Counter()
    for branch in _blocks(document.root):
        if not branch.is_mapping:
            continue
        column = document.column(branch.span.start)
        for entry in branch.entries:
            value = entry.value
            if isinstance(value, Branch) and value.brackets is None and entry.mark is None:
                further = document.column(value.span.start) - column
                (steps if value.is_mapping else dashes)[further] += 1
    step = steps.most_common(1)[0][0] if steps else Style().step
    return Style(step, dashes.most_common(1)[0][0] if dashes else step)


def stop_of_line(document: Document, offset: int) -> int:
    """Where the line of an offset ends, before its line end."""
    found = _LINE_END.search(document.text, offset)
    return found.start() if found else len(document.text)


def comments_behind(document: Document, entry: Entry) -> list[Comment]:
    """The comments behind an entry of a block collection that belong to it.

    These are the one at the end of its last line with the lines that continue it, and those further in than the entry.
    """
    column = document.column(entry.start)
    found: list[Comment] = []
    at = entry.end
    for comment in document.comments_from(at):
        here = document.column(comment.start)
        if document.text[at : comment.start].strip() or not (
            (comment.trailing and not found) or here > column or (found and document.continues(found[-1], comment))
        ):
            break
        found.append(comment)
        at = comment.end
    return found


def end_of(document: Document, entry: Entry) -> int:
    """Where the last line of an entry of a block collection ends, with the comments behind it that belong to it."""
    behind = comments_behind(document, entry)
    return stop_of_line(document, max([entry.end, *(comment.end for comment in behind)]))


def comments_above(document: Document, branch: Branch, entry: Entry) -> list[Comment]:
    """The comment lines directly above an entry of a block collection, in its column; not those that head the file."""
    column, line = document.column(entry.start), document.line(entry.start)
    found: list[Comment] = []
    for comment in reversed(document.comments):
        if comment.start > entry.start:
            continue
        if comment.trailing or document.line(comment.start) != line - 1 or document.column(comment.start) != column:
            break
        found.insert(0, comment)
        line -= 1
    is_first = branch is document.root and entry is branch.entries[0]
    return [] if is_first else found


def is_long(document: Document, entry: Entry) -> bool:
    """Whether an entry takes several lines."""
    return document.line(entry.start) != document.line(entry.end)


def ends_kept(document: Document, tree: Tree) -> bool:
    """Whether a value ends with a block scalar that keeps the blank lines behind it."""
    while isinstance(tree, Branch) and tree.brackets is None:
        tree = tree.entries[-1].value
    return isinstance(tree, Leaf) and tree.style in ("|", ">") and "+" in document.of(tree.span)[:3]


def gaps(document: Document, branch: Branch) -> list[bool]:
    """For each two neighbours of a collection, whether a blank line stands between them."""
    return [
        any(
            not document.line_text(number).strip()
            for number in range(document.line(end_of(document, one)) + 1, document.line(other.start))
        )
        for one, other in pairwise(branch.entries)
    ]


def replaced(document: Document, start: int, end: int, text: str) -> list[Splice]:
    """Replace a part of one line, the comment at its end keeping its column where it shares it with another one."""
    splices = [Splice(start, end, text)]
    stop = stop_of_line(document, end)
    comment = next((each for each in document.comments_from(end) if each.start < stop and each.trailing), None)
    if comment is None or "\n" in text or "\r" in text:
        return splices
    behind = end + len(document.text[end : comment.start].rstrip())
    column = document.column(comment.start)
    if any(document.column(each.start) == column for each in document.comments if each is not comment):
        used = document.column(start) + len(text) + behind - end
        least = min(_GAP, comment.start - behind)
        splices.append(Splice(behind, comment.start, " " * max(column - used, least)))
    return splices


def _blocks(tree: Tree) -> Iterator[Branch]:
    if isinstance(tree, Branch):
        if tree.brackets is None:
            yield tree
        for entry in tree.entries:
            yield from _blocks(entry.value)
