"""The forms of texts in the language as regular expressions that Python and ECMAScript read alike.

JSON Schema finds a pattern anywhere in a text, so each of these is anchored. Editors compile them with the flag `u`,
which refuses a backslash before a letter or sign that needs none.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from modelsync.language.names import NAME as _NAME

_BARE = _NAME.pattern
_ROLE = r"[A-Za-z_][A-Za-z0-9_-]{0,63}"
_TAKEN = "|".join(sorted(keyword.kwlist))
_HOLE = r"\$\{\{\s*(?:params|matrix|env)\.[A-Za-z_][A-Za-z0-9_]*\s*\}\}"
_NO_HOLE = r"(?:(?!\$\{\{)[\s\S])*"
_PINNED = r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?"

NAME = rf"^(?!(?:{_TAKEN})$){_BARE}$"
"""What can name something: also a word in a condition, so none that Python takes for itself."""
ROLE = rf"^{_ROLE}$"
VALUE_OF_PARAM = r"^\$\{\{\s*(?:params|matrix)\.[A-Za-z_][A-Za-z0-9_]*\s*\}\}$"
"""A hole that is the whole text: the only one whose value can be a number or a truth value."""
FILLED = rf"^{_NO_HOLE}(?:{_HOLE}{_NO_HOLE})+$"
"""A text with holes, each of them well formed."""
LITERAL = rf"^{_NO_HOLE}(?:{_HOLE}{_NO_HOLE})*$"
"""A text whose holes, if it has any, are well formed."""
PLAIN = r"^(?![\s\S]*\$\{\{)"
"""A text without holes."""
FUNCTION = r"^(?!.*\$\{\{).+\.py:[^\s\d:./()][^\s:./()]*$"
VALIDATOR = rf"{FUNCTION}|^(?![\s\S]*\.py)[A-Za-z_][A-Za-z0-9_.-]*$"
"""A function in a file, or the name under which an installed package brings one."""
BUILTIN = r"^builtin/.+$"
SECRET = rf"^secrets\.{_BARE}$"
DURATION = r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h|d))+"
SIZE = r"[0-9]+(?:\.[0-9]+)?(?:[KMGT]i|[kMGT])?B"
VERSION = r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)"
UNTIL = "until"
"""What a schedule may name: a stage or a step."""


def whole(pattern: str) -> str:
    """A pattern of the language, which means the whole text, as one that is searched for."""
    return f"^(?:{pattern})$"


def or_merged(pattern: str) -> str:
    """A name, or the key `<<`, which editors take for one before they merge what it brings."""
    return f"^<<$|{pattern}"


def or_filled(pattern: str) -> str:
    """The same, or a text with holes, which only has its form once they are filled."""
    return f"{whole(pattern)}|{FILLED}"


def name_of(section: str) -> str:
    """The name of something declared in a section, which may be written before it: `gates.fair`."""
    if section == UNTIL:
        return rf"^(?:(?:pipelines\.)?{_BARE}\.)?{_BARE}$"
    return rf"^(?:{section}\.)?{_ROLE if section == 'roles' else _BARE}$"


def scheme(schemes: Iterable[str]) -> str:
    """A literal text that is no address, or one with a scheme out of these."""
    listed = "|".join(re.escape(each) for each in schemes)
    return rf"^(?!(?!(?:{listed})://|\$\{{\{{)[\s\S]*://){LITERAL.removeprefix('^')}"


def reference(heads: tuple[str, ...], words: tuple[str, ...], *, in_pipeline: bool) -> str:
    """A reference to one of these; `steps.` stands for the pipeline around."""
    pipeline = rf"(?:pipelines\.{_BARE}|steps)" if in_pipeline else rf"pipelines\.{_BARE}"
    forms = {
        "datasets": rf"datasets\.{_BARE}(?:@{_PINNED})?",
        "models": rf"models\.{_BARE}",
        "outputs": rf"{pipeline}\.{_BARE}\.{_BARE}",
        "steps": rf"{pipeline}\.{_BARE}",
        "live": rf"{_BARE}\.requests",
    }
    return whole("|".join([*words, *(forms[head] for head in heads)]))
