"""What is never tracked: folders of tools, and what `.modelsyncignore` at the project root says, read as Git does."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

from modelsync.core.errors import UsageError

NAME = ".modelsyncignore"
POINTER = "modelsync.data"

_NAMES = (
    ".git", ".hg", ".svn", ".modelsync", ".venv", "__pycache__", ".ipynb_checkpoints", ".mypy_cache",
    ".pytest_cache", ".ruff_cache", ".DS_Store", "Thumbs.db", NAME, POINTER,
)  # fmt: skip
# What a writer leaves when it dies: of this program, and of editors.
_PATTERNS = ("*.pyc", ".*.tmp", "*~", ".*.swp")
_BUILT_IN = re.compile("|".join(translate(pattern) for pattern in (*_NAMES, *_PATTERNS)))
_TOP = frozenset({".gitignore", ".gitattributes"})  # these are for Git, but only at the top


@dataclass(frozen=True, slots=True)
class Ignoring:
    """The rules of one project; `beside` are files that an open merge wrote."""

    by_file: Callable[[str], bool] | None
    beside: Collection[str] = ()

    def reason(self, path: str, *, name: str) -> str:
        """Why a path (a folder's ends with `/`) is left out, to be told; empty when it is not."""
        if is_built_in(name) or path in _TOP:
            return "built in"
        if path in self.beside:
            return "the open merge wrote it"
        return NAME if self.by_file is not None and self.by_file(path) else ""


def is_built_in(name: str) -> bool:
    """Whether no project tracks files or folders of this name."""
    return _BUILT_IN.match(name) is not None


def read(root: Path, beside: Collection[str] = ()) -> Ignoring:
    """The rules of a project; UsageError when its file can't be read."""
    file = root / NAME
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return Ignoring(None, beside)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"`{file}` can't be read: {error}", help="save it as UTF-8 text, one pattern a line") from None
    import pathspec  # its classes cost 20 ms, and few projects have such a file

    try:
        rules = pathspec.GitIgnoreSpec.from_lines(lines)
    except ValueError as error:
        raise UsageError(f"`{file}` can't be read: {error}", help="write patterns as in a .gitignore") from None
    return Ignoring(rules.match_file, beside)
