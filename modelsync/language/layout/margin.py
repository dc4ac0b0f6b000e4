"""Where the comments at the ends of lines stand: two spaces behind the line, or in a column that the writer made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.language.text.syntax import Comment, Document

GAP = 2  # spaces before a comment at the end of a line, at least


@dataclass(slots=True)
class Line:
    """One line of the new text and the comment at its end."""

    text: str
    role: str = (
        "text"  # text | comment (on a line of its own) | continued (below the comment of the line above) | blank | raw
    )
    comment: Comment | None = None
    chomping: str = ""  # of the block scalar that ends here


def finished(lines: Sequence[Line], document: Document) -> list[str]:
    """The lines with their comments.

    Comments that share a column of the old text, wherever in the file, share one in the new text: as far behind the
    longest of their lines as before. A comment alone in its column, or on a line that was taken apart, stands two
    spaces behind its line.
    """
    columns = _columns(lines, document)
    found, column = [], 0
    for number, line in enumerate(lines):
        column = columns.get(number, column)
        if line.comment is None or line.role == "comment":
            found.append(line.text)
        else:
            found.append(line.text.ljust(column) + line.comment.text)
    return found


def _columns(lines: Sequence[Line], document: Document) -> dict[int, int]:
    groups: dict[int, list[int]] = {}
    columns: dict[int, int] = {}
    for number, line in enumerate(lines):
        if line.role != "text" or line.comment is None:
            continue
        columns[number] = len(line.text) + GAP
        if "".join(_before(line.comment, document).split()) == "".join(line.text.split()):
            groups.setdefault(document.column(line.comment.start), []).append(number)
    for column, members in groups.items():
        if len(members) > 1:
            gap = min(column - len(_before(lines[each].comment, document)) for each in members)
            shared = max(len(lines[each].text) for each in members) + max(gap, GAP)
            columns.update(dict.fromkeys(members, shared))
    return columns


def _before(comment: Comment | None, document: Document) -> str:
    """What stands before a comment on its line of the old text."""
    assert comment is not None
    return document.line_text(document.line(comment.start))[: document.column(comment.start)].rstrip()
