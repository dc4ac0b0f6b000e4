"""The page that `fmt` writes on: where comments and blank lines go while the values are put down in order."""

from __future__ import annotations

from itertools import pairwise

from modelsync.core.records import record
from modelsync.language.layout.margin import Line, finished
from modelsync.language.text.syntax import Comment, Document


@record
class _Level:
    """A block collection that ended: its column in the old text and in the new one."""

    old: int
    new: int


class Page:
    """Lines that grow at the end. What is written comes with its offset in the old text, so that comments keep up.

    A comment at the end of a line stays there. A comment on a line of its own takes the column of what follows, or, if
    a collection ends there to which it belongs by its own column, the column of that collection.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._waiting = list(reversed(document.comments))
        self._lines: list[Line] = []
        self._ended: list[_Level] = []  # since the last line was begun
        self._sections: list[tuple[int, bool]] = []  # number of the first line, whether it holds a block
        self._is_inner = False  # the next line is the first inside a collection
        self.hangs = False  # the line ends with a sign behind which a block collection may begin
        self.stays_open = False  # a line end would be read as part of the last value

    @property
    def used(self) -> int:
        """Columns of the last line that are written on."""
        return len(self._lines[-1].text)

    def line(self, indent: int, at: int) -> None:
        """Begin the line for what stands at an offset; the comments and one blank line before it come first."""
        if self.waits(at) and self._lines and self._lines[-1] == Line(""):
            self._lines.pop()  # begun for a bracket that is not written
        self.comments(indent, at)
        self._space(at)
        self._lines.append(Line(" " * indent))

    def inner_line(self, indent: int, at: int) -> None:
        """The same for the first line inside a collection: no blank line above."""
        self._is_inner = True
        self.line(indent, at)

    def beside(self, indent: int, at: int) -> None:
        """Go on behind a space, or on a line below the comments that stand between."""
        if self.waits(at):
            self.inner_line(indent, at)
        elif self._lines[-1].text.strip():
            self.add(" ")

    def add(self, text: str) -> None:
        """Write on the last line."""
        self._lines[-1].text += text

    def wrapped(self, lines: list[str], indent: int) -> None:
        """Write a value of several lines, those below the first at `indent`."""
        self.add(lines[0])
        self._lines += [Line(" " * indent + line if line else "") for line in lines[1:]]

    def raw(self, lines: list[str], at: int, chomping: str) -> None:
        """Write the lines of a block scalar below its header."""
        self.comments(0, at)
        self._lines += [Line(line, "raw") for line in lines]
        self._lines[-1].chomping = chomping

    def section(self, *, is_block: bool) -> None:
        """Say that the last line begins a top-level section."""
        self._sections.append((len(self._lines) - 1, is_block))

    def ended(self, old: int, new: int) -> None:
        """Say that a block collection ended: until the next line, comments as far in as `old` belong to it."""
        self._ended.append(_Level(old, new))

    def waits(self, at: int) -> bool:
        """Whether a comment stands before an offset."""
        return bool(self._waiting) and self._waiting[-1].start < at

    def waits_within(self, start: int, end: int) -> bool:
        """Whether a comment that is not yet written stands between two offsets."""
        after = next((each for each in reversed(self._waiting) if each.start > start), None)
        return after is not None and after.start < end

    def comments(self, indent: int, at: int) -> None:
        """Write the comments before an offset; those on lines of their own at `indent`, or where they belong."""
        while self.waits(at):
            comment = self._waiting.pop()
            last = self._lines[-1] if self._lines else Line("", "blank")
            if comment.trailing and last.role == "text" and last.comment is None:
                last.comment = comment
            elif (
                last.role in ("text", "continued") and last.comment and self._document.continues(last.comment, comment)
            ):
                self._lines.append(Line("", "continued", comment))
            else:
                self._space(comment.start)
                text = " " * self._level(comment, indent, at) + comment.text
                self._lines.append(Line(text, "comment", comment))
        self._ended.clear()

    def lift(self, end: int, first: int) -> None:
        """Put the comment behind a closing bracket, which will not be written, to where its collection begins.

        `first` is where the collection's first entry starts: a comment before it has that place already.
        """
        chain = self._behind(end)
        last = self._lines[-1]
        if not chain:
            return
        if self.hangs:
            indent = " " * (len(last.text) - len(last.text.lstrip()))
            self._lines[-1:-1] = [Line(indent + each.text, "comment", each) for each in chain]
        elif last.comment is None and not self.waits(first):
            last.comment = chain[0]
            self._lines += [Line("", "continued", each) for each in chain[1:]]
        else:
            return
        self._waiting = [each for each in self._waiting if each not in chain]

    def behind(self, end: int) -> int:
        """The offset behind a closing bracket and the comment that follows it."""
        chain = self._behind(end)
        return chain[-1].end if chain else end

    def finish(self) -> str:
        """The text."""
        self.comments(0, len(self._document.text) + 1)
        self._separate_sections()
        return "\n".join(finished(self._lines, self._document)) + ("" if self.stays_open else "\n")

    def _space(self, at: int) -> None:
        """The blank line above an offset, unless it would be the first of a collection or the end of a block scalar."""
        document, is_inner = self._document, self._is_inner
        self._is_inner = False
        number = document.line(at)
        if is_inner or not self._lines or self._lines[-1].chomping == "+" or not document.is_first(at):
            return
        if number > 0 and not document.line_text(number - 1).strip():
            self._lines.append(Line("", "blank"))

    def _level(self, comment: Comment, indent: int, at: int) -> int:
        """The column for a comment on a line of its own before `at`."""
        document = self._document
        column = document.column(comment.start)
        if at > len(document.text):
            here = 0
        elif document.is_first(at):
            here = document.column(at)
        else:
            return indent
        fits = [level for level in self._ended if here < level.old <= column]
        return max(fits, key=lambda level: level.old).new if fits else indent

    def _behind(self, end: int) -> list[Comment]:
        """The comment behind an offset, with nothing but a comma between, and the lines that continue it."""
        chain: list[Comment] = []
        for comment in reversed(self._waiting):
            if comment.start < end:
                continue
            if chain:
                belongs = self._document.continues(chain[-1], comment)
            else:
                belongs = comment.trailing and not self._document.text[end : comment.start].strip(" \t,")
            if not belongs:
                break
            chain.append(comment)
        return chain

    def _separate_sections(self) -> None:
        """One blank line between sections that are blocks of several lines, above the comments of the second."""
        for (start, is_block), (end, also_block) in reversed(list(pairwise(self._sections))):
            after = next((number for number, _ in self._sections if number > end), len(self._lines))
            if not (is_block and also_block and self._is_long(start, end) and self._is_long(end, after)):
                continue
            top = end
            while self._lines[top - 1].role == "comment" and not self._lines[top - 1].text.startswith(" "):
                top -= 1
            between = self._lines[top - 1]
            if between.role != "blank" and between.chomping != "+":
                self._lines.insert(top, Line("", "blank"))

    def _is_long(self, start: int, end: int) -> bool:
        return any(line.role in ("text", "raw") for line in self._lines[start + 1 : end])
