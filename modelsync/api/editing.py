"""What an editor asks while a person types: findings, completions, hovers, definitions, renames. Writes nothing."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.specs import known
from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.core.errors import UsageError
from modelsync.core.signature import Signature, SignatureFault
from modelsync.language.assist.completing import Completion, completions
from modelsync.language.assist.hovering import Hover, hover
from modelsync.language.assist.naming import Name, code_at, name_at, occurrences, rename
from modelsync.language.load import Loaded, load_text
from modelsync.language.text.source import Source
from modelsync.usercode.signature import parse

_FOLDERS = ("flows", "validators")
_MOST_FILES = 200  # of Python looked at for names of functions; more makes typing wait


@dataclass(frozen=True, slots=True)
class Renaming:
    """The letters that are to become the new name."""

    name: Name
    places: tuple[Pos, ...]


class Desk:
    """One spec as it is being edited. The last text that could be understood answers while a new one is half typed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = known()
        self._text = ""
        self._loaded = Loaded(None, ())
        self._understood: Loaded | None = None

    def change(self, text: str, environ: Mapping[str, str] = os.environ) -> tuple[Diagnostic, ...]:
        """Take the text as it is now; what is wrong with it."""
        self._text = text
        self._loaded = load_text(self._path, text.encode("utf-8", errors="surrogatepass"), self._known, {}, environ)
        if self._loaded.subject is not None:
            self._understood = self._loaded
        return self._loaded.diagnostics

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the text as it is now."""
        return self._loaded.diagnostics

    def complete(self, line: int, col: int) -> tuple[Completion, ...]:
        """What may be written at a place (from 1)."""
        subject = None if self._understood is None else self._understood.subject
        root = self._path.parent if subject is None else subject.context.root
        source = Source(self._path, self._text)
        return completions(source, line, col, self._known, subject, _functions(root))

    def hover(self, line: int, col: int) -> Hover | None:
        """What is known about the word at a place."""
        found = self._understood
        if found is None or found.root is None:
            return None
        return hover(found.root, found.subject, self._at(line, col))

    def definition(self, line: int, col: int) -> Pos | None:
        """Where what is named at a place is declared: in a spec, or in a Python file."""
        subject = None if self._understood is None else self._understood.subject
        if subject is None:
            return None
        at = self._at(line, col)
        if (code := code_at(subject, at)) is not None:
            found = subject.signature(code)
            return found.at if isinstance(found, Signature | SignatureFault) else None
        named = name_at(subject, at)
        return None if named is None else subject.names.position(named.name)

    def references(self, line: int, col: int) -> tuple[Pos, ...]:
        """Every place of the name at a place."""
        subject = None if self._understood is None else self._understood.subject
        named = None if subject is None else name_at(subject, self._at(line, col))
        if subject is None or named is None:
            return ()
        return tuple(sorted({each.at for each in occurrences(subject) if each.name == named.name}))

    def named(self, line: int, col: int) -> Pos | None:
        """The letters of the name at a place that could be renamed."""
        subject = self._loaded.subject
        found = None if subject is None else name_at(subject, self._at(line, col))
        return None if found is None else found.at

    def rename(self, line: int, col: int, new: str) -> Renaming:
        """Every place that changes with a name; UsageError when nothing can be renamed there."""
        subject = self._loaded.subject
        if subject is None:
            raise UsageError("the spec can't be read as it is", help="mend what is marked first")
        found = name_at(subject, self._at(line, col))
        if found is None:
            raise UsageError("there is no name here that the spec declares", help="put the cursor on one")
        return Renaming(found.name, rename(subject, found.name, new))

    def _at(self, line: int, col: int) -> Pos:
        return Pos(self._path, line, col, line, col)


def _functions(root: Path) -> Iterator[str]:
    """The functions that a step or gate could name, in the folders where they lie."""
    files = (file for folder in _FOLDERS for file in sorted((root / folder).rglob("*.py")))
    for _, file in zip(range(_MOST_FILES), files, strict=False):
        tree = parse(file)
        for node in tree.body if isinstance(tree, ast.Module) else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield f"{file.relative_to(root).as_posix()}:{node.name}"
