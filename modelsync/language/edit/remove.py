"""Taking an entry out of a text, with its own comments."""

from __future__ import annotations

from modelsync.language.edit.extent import Splice, comments_above, end_of, ends_kept, replaced, stop_of_line
from modelsync.language.edit.place import Place, Text
from modelsync.language.text.syntax import Branch, Document, Entry


def remove(text: Text, place: Place) -> list[Splice]:
    """Take out the entry that holds a value; what is left of an emptied collection is `{}` or `[]`."""
    document = text.document
    branch, entry = place.holder
    if branch.brackets is not None:
        return _out_of_brackets(document, branch, entry)
    if len(branch.entries) == 1:
        return _last(document, place)
    number = branch.entries.index(entry)
    if not document.is_first(entry.start):
        return _behind_a_sign(document, entry, branch.entries[number + 1])
    return [_lines(document, branch, entry)]


def _lines(document: Document, branch: Branch, entry: Entry) -> Splice:
    """The lines of an entry, and the blank line above or below it that is too much then."""
    above = comments_above(document, branch, entry)
    first = document.line(above[0].start if above else entry.start)
    last = document.line(end_of(document, entry))
    number = branch.entries.index(entry)
    previous = branch.entries[number - 1]
    is_first, is_last = number == 0 and len(branch.entries) > 1, last + 1 >= _count(document)
    floor = document.line(previous.end) if number else -1  # a block scalar may end with blank lines
    if is_last:
        while first - 1 > floor and _is_blank(document, first - 1):
            first -= 1
    elif is_first or _is_blank(document, first - 1) or (number > 0 and ends_kept(document, previous.value)):
        while _is_blank(document, last + 1):
            last += 1
    start = document.starts[first]
    end = document.starts[last + 1] if last + 1 < len(document.starts) else len(document.text)
    return Splice(start, end, "")


def _behind_a_sign(document: Document, entry: Entry, following: Entry) -> list[Splice]:
    """The first entry of a mapping that begins behind a dash: the next one takes its place there."""
    end = end_of(document, entry)
    if any(end <= each.start < following.start for each in document.comments):
        behind = len(document.text[: entry.start].rstrip(" "))
        return [Splice(behind, end, "")]
    return [Splice(entry.start, following.start, "")]


def _last(document: Document, place: Place) -> list[Splice]:
    """The only entry of a block collection."""
    branch, entry = place.holder
    empty = "{}" if branch.is_mapping else "[]"
    if not document.is_first(entry.start):
        return [Splice(entry.start, end_of(document, entry), empty)]
    splice = _lines(document, branch, entry)
    if len(place.around) == 1:
        return [splice, Splice(splice.start, splice.start, f"{empty}\n")]
    parent = place.around[-2][1]
    sign = parent.colon or parent.mark
    assert sign is not None
    behind = branch.properties[-1].end if branch.properties else sign.end
    return [Splice(behind, behind, f" {empty}"), splice]


def _out_of_brackets(document: Document, branch: Branch, entry: Entry) -> list[Splice]:
    entries = branch.entries
    number = entries.index(entry)
    if branch.brackets == "":
        return [Splice(branch.span.start, branch.span.end, "{}")]
    inside = [each for each in document.comments if branch.span.start < each.start < branch.span.end]
    if not inside and len(entries) == 1:
        return replaced(document, branch.span.start + 1, branch.span.end - 1, "")
    comma = _comma(document, entry, entries[number + 1].start if number + 1 < len(entries) else branch.span.end - 1)
    if _has_own_lines(document, branch, entry, comma):
        return [_own_lines(document, entry, comma)]
    if not inside:
        if number + 1 < len(entries):
            return replaced(document, entry.start, entries[number + 1].start, "")
        return replaced(document, entries[number - 1].end, max(entry.end, comma), "")
    return [Splice(entry.start, max(entry.end, comma), "")]


def _comma(document: Document, entry: Entry, stop: int) -> int:
    """The offset behind the comma that follows an entry in brackets, 0 without one."""
    at = entry.end
    for comment in document.comments_from(at):
        if comment.start >= stop:
            break
        found = document.text.find(",", at, comment.start)
        if found >= 0:
            return found + 1
        at = comment.end
    return document.text.find(",", at, stop) + 1


def _has_own_lines(document: Document, branch: Branch, entry: Entry, comma: int) -> bool:
    """Whether nothing else stands on the lines of an entry in brackets but comments."""
    stop = stop_of_line(document, max(entry.end, comma))
    rest = document.text[max(entry.end, comma) : stop].strip()
    return document.is_first(entry.start) and (not rest or rest.startswith("#")) and stop < branch.span.end


def _own_lines(document: Document, entry: Entry, comma: int) -> Splice:
    first, last = document.line(entry.start), document.line(max(entry.end, comma))
    column = document.column(entry.start)
    for comment in reversed(document.comments):
        if comment.start < entry.start and not comment.trailing and document.line(comment.start) == first - 1:
            if document.column(comment.start) != column:
                break
            first -= 1
    return Splice(document.starts[first], document.starts[last + 1], "")


def _is_blank(document: Document, line: int) -> bool:
    return 0 <= line < _count(document) and not document.line_text(line).strip()


def _count(document: Document) -> int:
    """The number of lines; a line end at the end begins no new one."""
    return len(document.starts) - (document.starts[-1] == len(document.text))
