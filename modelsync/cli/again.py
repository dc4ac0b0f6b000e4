"""`modelsync status` when nothing changed: the last answer is said again, and nothing else is imported."""

from __future__ import annotations

import os
import sys

from modelsync.api.versions import answered, glancing
from modelsync.api.versions.glancing import Glance


def say_again() -> tuple[bool, Glance | None]:
    """Whether the last answer still holds and was printed; when not, what was seen of the files, if that far."""
    home = answered.home_of(os.getcwd())  # noqa: PTH109 - without `pathlib`
    if home is None:
        return False, None
    last = answered.recall(answered.Around(home))
    if last is None:
        return False, None
    words, then = last
    now = glancing.glance(os.path.dirname(home), then.glance.paths, then)  # noqa: PTH120
    if now != then.glance:
        return False, now
    try:
        sys.stdout.write(words if sys.stdout.isatty() else _plain(words))
        sys.stdout.flush()
    except (OSError, ValueError):  # the long way says what is wrong with the screen
        return False, None
    return True, now


def _plain(words: str) -> str:
    first, *rest = words.split("\x1b[")
    return first + "".join(part.partition("m")[2] for part in rest)
