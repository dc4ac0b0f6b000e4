"""Whether a place compares before it sets: tried, because some servers take the question and ignore it."""

from __future__ import annotations

import secrets

from modelsync.store.remotes.base import Place
from modelsync.store.remotes.layout import PROBES


def compares_and_sets(place: Place) -> bool:
    """Whether two who write one object at once are kept apart there. A small object is written and removed.

    What counts is what lies there afterwards: an answer can get lost and look like a refusal of the second try.
    """
    key = f"{PROBES}{secrets.token_hex(8)}"
    try:
        for data in (b"1", b"2"):
            place.create(key, data)
        first = place.read(key)
        if first is None or first.data != b"1":
            return False
        for data in (b"3", b"4"):
            place.replace(key, data, first.mark)
        last = place.read(key)
        return last is not None and last.data == b"3"
    finally:
        place.remove(key)


def clock(place: Place) -> float:
    """What time it is there, in seconds since 1970: that of an object written now."""
    key = f"{PROBES}{secrets.token_hex(8)}"
    place.overwrite(key, b"now")
    try:
        return max(each.modified for each in place.list(PROBES) if each.key == key)
    finally:
        place.remove(key)
