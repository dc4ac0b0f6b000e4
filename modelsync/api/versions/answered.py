"""The last answer of `status`, for as long as nothing that it was made from is different.

This is on the way of every `status`; it imports nothing that costs more than a millisecond.
"""

from __future__ import annotations

import os
import sys
import time

from modelsync import __version__
from modelsync.api.versions import glancing
from modelsync.api.versions.glancing import Glance, Seen, mark_of
from modelsync.api.versions.waiting import is_git_waiting

NAME = "said"  # a small file below `.modelsync`; it can be deleted at any time

_HOME, _POINTER = ".modelsync", "modelsync.data"  # as in `workspace` and `ignoring`
_RACY_NS = 2_000_000_000  # as in `hashes`: something this young could change again without being seen

# What a status reads beside the tracked files: facts, small files, whether the store is there at all.
_SOURCES = (
    "registry.db", "tracked", "merge", "checkout", "deploy", "store/config.json", "store/store.db", "store/packs",
    "store/objects", f"../{_POINTER}",
)  # fmt: skip
# The log of the facts. One that is empty says as much as none, and appears by looking; as root SQLite sets its owner,
# and by that its time of change, whenever it is opened. What is written to it changes its time of writing.
_LOG = "registry.db-wal"


class Around:
    """What `stat` says at one moment of all that a status reads beside the tracked files; `home` is `.modelsync`."""

    __slots__ = ("home", "is_settled", "mark")

    def __init__(self, home: str) -> None:
        facts, newest = [f"{__version__} {sys.version} {is_git_waiting(os.path.dirname(home))}"], 0  # noqa: PTH120
        for name in (*_SOURCES, _LOG):
            try:
                seen = os.lstat(f"{home}/{name}")
            except OSError:
                facts.append("")
                continue
            changed_ns = 0 if name == _LOG else seen.st_ctime_ns
            fact = f"{seen.st_mode} {seen.st_ino} {seen.st_size} {seen.st_mtime_ns} {changed_ns}"
            facts.append("" if name == _LOG and seen.st_size == 0 else fact)
            newest = max(newest, seen.st_mtime_ns, changed_ns)
        self.home = home
        self.mark = mark_of("\n".join(facts).encode()).hex()
        self.is_settled = newest < time.time_ns() - _RACY_NS


def recall(around: Around) -> tuple[str, Seen] | None:
    """The last answer, and what was to be seen of the files then; None when anything else is different since."""
    try:
        with open(f"{around.home}/{NAME}", "rb") as handle:  # noqa: PTH123 - without `pathlib`
            head, _, words = handle.read().partition(b"\n")
        seen = glancing.recall(f"{around.home}/{glancing.NAME}")
        if seen is None or head != _head(around, seen, words):
            return None
        return words.decode(), seen
    except (OSError, ValueError):
        return None


def remember(around: Around, seen: Glance, words: str) -> None:
    """Keep an answer that was made after `around`, from files that are as the remembered glance `seen` says."""
    from pathlib import Path  # late, as all that only writing needs

    known = glancing.recall(f"{around.home}/{glancing.NAME}")
    if around.is_settled and known is not None and known.glance == seen:
        said = words.encode()
        glancing.write(Path(around.home) / NAME, _head(around, known, said) + b"\n" + said)


def home_of(folder: str) -> str | None:
    """`.modelsync` of the project around a folder, as `open_repository` finds it; None when it is not there."""
    here = os.path.realpath(folder)
    while True:
        home = os.path.join(here, _HOME)  # noqa: PTH118 - without `pathlib`
        if os.path.isdir(home):  # noqa: PTH112
            return home
        above = os.path.dirname(here)  # noqa: PTH120
        if above == here or os.path.isfile(os.path.join(here, _POINTER)):  # noqa: PTH113, PTH118
            return None
        here = above


def _head(around: Around, seen: Seen, words: bytes) -> bytes:
    return f"{around.mark} {mark_of(seen.encode() + words).hex()}".encode()
