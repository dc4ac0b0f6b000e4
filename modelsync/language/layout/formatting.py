"""`fmt`: the text of a spec in the one layout, with every value, comment, anchor and quote as the writer chose them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from modelsync.core.errors import ExitCode, ModelSyncError, SpecError
from modelsync.language.layout.page import Page
from modelsync.language.text.alike import alike
from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from modelsync.language.text.syntax import Branch, Document, Entry, Leaf, Span, Tree, parse, start_of

WIDTH = 120  # columns; a collection in brackets that would end beyond stands one item a line, without its brackets
STEP = 2  # columns a level


class LayoutError(ModelSyncError):
    """Formatting would have changed what a spec says. The text must be left as it is."""

    exit_code = ExitCode.INTERNAL


def layout(source: Source) -> str:
    """The text with one indentation, one space after signs, one blank line at most, aligned comments, `\\n` line ends.

    Raises SpecError when the text can't be read, LayoutError when the result would not say the same.
    """
    found = read(source)
    if found.root is None or found.diagnostics:
        raise SpecError(found.diagnostics)
    before = parse(source.text.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(before.root, Leaf):
        return source.text  # a single value is no spec, and has no layout
    text = _Printer(before).text()
    if text == source.text:
        return text
    again = read(Source(source.path, text))
    if again.root is None or again.diagnostics or not alike(found.root, again.root) or _lost(before, parse(text)):
        raise LayoutError(
            f"formatting `{source.path}` would change what it says, so it is left as it is",
            help="please report this with the file; until then lay it out by hand",
        )
    return text


def _lost(before: Document, after: Document) -> bool:
    """Whether comments, anchors, aliases or tags differ, which the values alone do not show."""
    return Counter(each.text for each in before.comments) != Counter(each.text for each in after.comments) or (
        _names(before, before.root) != _names(after, after.root)
    )


def _names(document: Document, tree: Tree) -> list[str]:
    found = [document.of(span) for span in tree.properties]
    if isinstance(tree, Leaf):
        return [*found, document.of(tree.span)] if tree.style == "*" else found
    for entry in tree.entries:
        found += [] if entry.key is None else _names(document, entry.key)
        found += _names(document, entry.value)
    return found


def _folded(lines: Sequence[str], style: str) -> list[str]:
    """The lines of a plain or quoted value without the spaces around line ends, which are no part of it."""
    first, *rest = lines
    found = [first, *(line.lstrip(" \t") for line in rest)]
    for number, line in enumerate(found[:-1]):
        bare = line.rstrip(" \t")
        is_escaped = style == '"' and (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
        found[number] = line[: len(bare) + is_escaped]
    return found


class _Printer:
    """Walks the tree and writes it on a page."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._page = Page(document)
        self._behind = 0  # the offset behind what was written last

    def text(self) -> str:
        document, page, root = self._document, self._page, self._document.root
        if document.opening is not None:
            page.line(0, document.opening.start)
            self._write(document.opening)
            page.inner_line(0, start_of(root))
        else:
            page.line(0, start_of(root))
        page.hangs = True
        self._content(root, 0, None)
        for span in document.closing:
            page.line(0, span.start)
            self._write(span)
        return page.finish()

    def _write(self, span: Span) -> None:
        self._page.add(self._document.of(span))
        self._behind = span.end

    def _sign(self, text: str, span: Span | None) -> None:
        """Write a sign that the old text may not have."""
        self._page.add(text)
        self._behind = self._behind if span is None else span.end

    def _content(self, tree: Tree, indent: int, outer: int | None) -> None:
        """What follows a sign: on its line if it can, otherwise on lines at `indent`.

        `outer` is the old column of the collection around it, None in brackets.
        """
        page = self._page
        for span in tree.properties:
            page.beside(indent, span.start)
            self._write(span)
            page.hangs = False
        match tree:
            case Leaf() if tree.is_nothing:
                if outer is not None:
                    page.ended(outer + 1, indent)  # comments further in than a key without a value belong below it
            case Leaf():
                self._leaf(tree, indent)
            case Branch(brackets=None):
                column = self._document.column(tree.span.start)
                self._entries(tree, indent, column)
                page.ended(column, indent)
            case Branch():
                self._brackets(tree, indent)

    def _leaf(self, leaf: Leaf, indent: int) -> None:
        page, document = self._page, self._document
        lines = document.of(leaf.span).split("\n")
        was_below = "\n" in document.text[self._behind : leaf.span.start]
        is_block = leaf.style in ("|", ">")
        stays_below = page.used + 1 + len(lines[0]) > WIDTH or (len(lines) > 1 and not is_block)
        if was_below and stays_below:
            page.inner_line(indent, leaf.span.start)
        else:
            page.beside(indent, leaf.span.start)
        if is_block:
            self._block_scalar(leaf, lines, indent)
        else:
            page.wrapped(_folded(lines, leaf.style), indent)
        self._behind = leaf.span.end

    def _block_scalar(self, leaf: Leaf, lines: list[str], indent: int) -> None:
        header = lines[0].split("#")[0].rstrip()
        inset = indent if indent else STEP
        for digit in "123456789":
            header = header.replace(digit, str(STEP))
        self._page.add(header)
        shown = [" " * inset + line[leaf.inset :] if line[leaf.inset :] else "" for line in lines[1:]]
        chomping = "+" if "+" in header else "-" if "-" in header else ""
        self._page.raw(shown, leaf.span.start + len(lines[0]) + 1, chomping)
        self._page.stays_open = leaf.span.end == len(self._document.text) and chomping != "-" and len(lines) > 1

    def _entries(self, branch: Branch, indent: int, outer: int | None) -> None:
        page = self._page
        is_root = branch is self._document.root
        for number, entry in enumerate(branch.entries):
            if number > 0:
                page.line(indent, entry.start)
            elif page.hangs:
                page.beside(indent, entry.start)
            else:
                page.inner_line(indent, entry.start)
            if is_root:
                page.section(is_block=isinstance(entry.value, Branch))
            self._entry(entry, branch, indent, outer)

    def _entry(self, entry: Entry, branch: Branch, indent: int, outer: int | None) -> None:
        page = self._page
        page.hangs = True
        self._behind = entry.start
        if not branch.is_mapping:
            self._sign("-", entry.mark)
            self._content(entry.value, indent + STEP, outer)
        elif self._is_explicit(entry, branch):
            assert entry.key is not None
            self._sign("?", entry.mark)
            self._content(entry.key, indent + STEP, outer)
            if entry.colon is not None:
                page.line(indent, entry.colon.start)
                self._sign(":", entry.colon)
                page.hangs = True
                self._content(entry.value, indent + STEP, outer)
        else:
            self._sign(self._key(entry), entry.colon)
            page.hangs = False
            self._content(entry.value, indent + STEP, outer)

    def _is_explicit(self, entry: Entry, branch: Branch) -> bool:
        """Whether a key needs its `?`: the writer's in block style; in brackets that go away, only for long keys."""
        if entry.key is None or (branch.brackets is None and entry.mark is None):
            return False
        return branch.brackets is None or "\n" in self._document.text[start_of(entry.key) : entry.key.span.end]

    def _key(self, entry: Entry) -> str:
        if entry.key is None:
            return ":"
        text = self._beside_each_other(entry.key)
        needs_space = isinstance(entry.key, Leaf) and (entry.key.style == "*" or (text and entry.key.is_nothing))
        return f"{text} :" if needs_space else f"{text}:"

    def _beside_each_other(self, tree: Tree) -> str:
        return " ".join(self._document.of(span) for span in (*tree.properties, tree.span)).rstrip(" ")

    def _brackets(self, branch: Branch, indent: int) -> None:
        page = self._page
        text = None if branch.brackets == "" else self._on_one_line(branch)
        if not branch.entries or (text is not None and page.used + 1 + len(text) <= WIDTH):
            page.beside(indent, branch.span.start)
            page.add(text if text is not None else branch.brackets or "")
            page.hangs = False
        else:
            page.lift(branch.span.end, branch.entries[0].start)
            self._entries(branch, indent, None)
            page.comments(indent, page.behind(branch.span.end))
        self._behind = branch.span.end

    def _inline(self, tree: Tree) -> str | None:
        """A value inside brackets on one line, None when it can't be."""
        if isinstance(tree, Leaf):
            text = self._beside_each_other(tree)
            return None if "\n" in text else f"{text} " if tree.properties and tree.is_nothing else text
        inside = self._on_one_line(tree)
        return None if inside is None else " ".join((*map(self._document.of, tree.properties), inside))

    def _on_one_line(self, branch: Branch) -> str | None:
        """Brackets with what they hold; None when it can't be, or when the writer began a line behind the first one."""
        if branch.brackets and branch.entries:
            gap = self._document.text[branch.span.start + 1 : branch.entries[0].start]
            if "\n" in gap or self._page.waits_within(branch.span.start, branch.span.end):
                return None
        parts = []
        for entry in branch.entries:
            value = self._inline(entry.value)
            if value is None or (entry.key is not None and self._inline(entry.key) is None):
                return None
            parts.append(self._pair(entry, value))
        inside = ", ".join(parts)
        return f"{branch.brackets[0]}{inside}{branch.brackets[1]}" if branch.brackets else inside

    def _pair(self, entry: Entry, value: str) -> str:
        if entry.key is None:
            return value
        mark = "? " if entry.mark is not None else ""
        if entry.colon is None:
            return mark + (self._inline(entry.key) or "")
        return f"{mark}{self._key(entry)} {value}"
