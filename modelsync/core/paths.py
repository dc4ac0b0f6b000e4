"""Which paths no commit may write or track: a commit may come from anywhere."""

from __future__ import annotations

import re

OWN = frozenset({".git", ".modelsync"})  # folders in which tools keep what they carry out

# Each part begins with a letter, a digit or `_`, so it is none of the tools' and leads nowhere; most paths are so.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/|\Z))+(?<!/)")
_CONTROL = re.compile(r"[\0-\x1f\x7f]")
_SHORT_NAMES = frozenset({"git~1", "models~1"})  # what NTFS calls the tools' folders as well
# Signs that HFS+ does not see: there `.g<U+200C>it` is `.git`.
_UNSEEN = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def forbidden(path: str) -> str:
    """Why a path from the project root (with `/`) must not be written or tracked; empty when it may.

    What is the folder of a tool on any file system is one everywhere, also in other letters, with signs that are not
    seen, or behind a backslash.
    """
    if _PLAIN.fullmatch(path):
        return ""
    if _CONTROL.search(path):
        return "its name holds control characters"
    try:
        path.encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    if any(_is_own(part) for part in re.split(r"[/\\]", path)):
        return "the folder is a tool's own"
    if any(part in ("", ".", "..") for part in path.split("/")) or ".." in path.split("\\"):
        return "it leaves the project"
    return ""


def _is_own(part: str) -> bool:
    seen = _UNSEEN.sub("", part).partition(":")[0].rstrip(" .").casefold()  # NTFS: `.git::$INDEX_ALLOCATION`, `.git.`
    return seen in OWN or seen in _SHORT_NAMES
