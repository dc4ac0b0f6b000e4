"""A few entries of a long manifest, found and replaced in its text, so that the other 50,000 lines are never parsed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from modelsync.core.digest import Digest
from modelsync.store.folders import HEADER, Entry

_EXECUTABLE = "755"


class Line(NamedTuple):
    """An entry, and where its line begins and ends in the text."""

    entry: Entry
    begin: int
    end: int


def directly_in(text: bytes, folder: str) -> list[Line]:
    """The files of a folder in a manifest, without those of the folders in it. The text is known to be a manifest."""
    above = f"{folder}/"
    found, at = [], _place(text, above)
    while at < len(text):
        line = _line(text, at)
        path = line.entry.path
        if not path.startswith(above):
            break
        below, sign, _ = path[len(above) :].partition("/")
        if sign:
            at = _place(text, f"{above}{below}0")  # `0` comes after `/`: everything below that folder is skipped
        else:
            found.append(line)
            at = line.end
    return found


def spliced(text: bytes, removed: Iterable[Line], added: Iterable[Entry]) -> bytes:
    """The manifest without some lines and with some entries more; their paths are not in the lines that stay."""
    cuts = [(line.begin, line.end, b"") for line in removed]
    cuts += [
        (place, place, entry.line().encode()) for place, entry in ((_place(text, e.path), e) for e in sorted(added))
    ]
    pieces, done = [], 0
    # At one place what comes anew stands before the line that is cut there, or after it when that sorts so: a path can
    # only be put right before the first line that is not smaller, so an insertion goes first.
    for begin, end, new in sorted(cuts, key=lambda cut: (cut[0], cut[1])):
        pieces += [text[done:begin], new]
        done = end
    return b"".join([*pieces, text[done:]])


def _place(text: bytes, path: str) -> int:
    """Where the first line begins whose path is not smaller; the end of the text when there is none."""
    low, high = len(HEADER), len(text)
    while low < high:
        middle = text.rfind(b"\n", 0, (low + high) // 2) + 1
        middle = max(middle, low)
        line = _line(text, middle)
        if line.entry.path < path:
            low = line.end
        else:
            high = middle
    return low


def _line(text: bytes, begin: int) -> Line:
    end = text.index(b"\n", begin) + 1
    value = json.loads(text[begin:end])
    entry = Entry(value["path"], value["mode"] == _EXECUTABLE, value["size"], Digest(value["sha256"]))
    return Line(entry, begin, end)
