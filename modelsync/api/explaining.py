"""`explain`: what a code means, for people who see it for the first time; and the page with all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from modelsync.core.diagnostics import Severity
from modelsync.core.errors import UsageError
from modelsync.language.catalogue import CATALOGUE, FAMILIES
from modelsync.language.catalogue.entry import Entry

_CODE = re.compile(r"(?:ms)?[-_ ]?([0-9]{1,6})", re.IGNORECASE)
_NEAR = 20  # numbers away: one further off is no slip
_HEAD = """\
# What ModelSync says, and why

Every finding of `modelsync check` has a stable code. `modelsync explain MS506` prints what stands here. Each entry
says what was found, why it matters, and shows it wrong and right. Warnings are marked; everything else stops a command
before it begins.

This page is written from `modelsync/language/catalogue/`, and a test loads every example: the wrong one has just this
fault, the right one has none.
"""


def families() -> Mapping[str, tuple[Entry, ...]]:
    """Every entry by what it is about, in the order of the codes."""
    return FAMILIES


def find(written: str) -> Entry:
    """The entry of a code, written as `MS506`, `ms506` or `506`; UsageError with the nearest when there is none."""
    match = _CODE.fullmatch(written.strip())
    if match is None:
        raise UsageError(
            f"`{written}` is not a code", help="a code is such as MS506; `modelsync explain` lists all of them"
        )
    number = int(match[1])
    found = CATALOGUE.get(f"MS{number:03}")
    if found is None:
        near = min(CATALOGUE, key=lambda code: abs(int(code[2:]) - number))
        is_near = abs(int(near[2:]) - number) <= _NEAR
        help = f"did you mean {near}, {CATALOGUE[near].title}?" if is_near else "`modelsync explain` lists all of them"
        raise UsageError(f"there is no code MS{number:03}", help=help)
    return found


def title(code: str) -> str:
    """The title of a code that exists."""
    return CATALOGUE[code].title


def page() -> str:
    """The page of all codes in Markdown."""
    parts = [_HEAD]
    for about, entries in FAMILIES.items():
        rows = [f"| [{entry.code}](#{entry.code.lower()}) | {entry.title}{_mark(entry)} |" for entry in entries]
        parts.append("\n".join((f"**{about}**", "", "| Code | Finding |", "|---|---|", *rows, "")))
    for about, entries in FAMILIES.items():
        parts.append(f"## {about}\n")
        parts += [_section(entry) for entry in entries]
    return "\n".join(parts)


def _mark(entry: Entry) -> str:
    return " (warning)" if entry.severity is Severity.WARNING else ""


def _section(entry: Entry) -> str:
    name = entry.title[0].upper() + entry.title[1:]
    stop = "" if name.endswith("?") else "."
    lines = [f"### {entry.code}", "", f"**{name}{stop}**{_mark(entry)} {entry.meaning}", "", f"*Why:* {entry.why}", ""]
    for about, example in (("Wrong", entry.bad), ("Right", entry.good)):
        lines += [f"{about}:", "", "```yaml", example.rstrip("\n"), "```", ""]
    if entry.see:
        lines += ["See also: " + ", ".join(f"[{code}](#{code.lower()})" for code in entry.see) + ".", ""]
    return "\n".join(lines)
