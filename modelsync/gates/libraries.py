"""The two slow libraries, imported where they are needed, quietly, one thread at a time, without phoning home."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from typing import Any

from modelsync.core import quiet

# Great Expectations keeps the current context in a global, evidently and plotly their settings: gates of one run
# judge in parallel threads, and only one of them may be inside either library.
_ONE_AT_A_TIME = threading.RLock()


def versions(names: Iterable[str]) -> dict[str, str]:
    """The installed version of each of these distributions; what is not installed is left out."""
    found = {name: _version(name) for name in names}
    return {name: version for name, version in found.items() if version}


def great_expectations() -> tuple[Any, Any]:
    """The library and its registry of expectations."""
    with _ONE_AT_A_TIME, _importing():
        import great_expectations as gx
        from great_expectations.expectations import registry

    return gx, registry


def evidently() -> Any:
    """The library with its presets; what it gives is to be used inside `drawing`."""
    with _ONE_AT_A_TIME, _importing():
        import evidently as library
        import evidently.presets

    return library


@contextmanager
def expecting() -> Iterator[None]:
    """Alone inside Great Expectations; a condition may be written as text, although objects are what it prefers."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=".*(condition_parser|row_condition) parameter", category=DeprecationWarning
        )
        yield


@contextmanager
def drawing() -> Iterator[None]:
    """Alone, and without the warnings of evidently's pinned plotly 5 and of numpy on odd columns."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # plotly 5 sets an option that pandas 3 has deprecated; evidently allows no newer plotly.
        warnings.filterwarnings("ignore", message=".*chained_assignment.*")
        # evidently calls pandas with arguments by position that pandas 4 will take by name only.
        warnings.filterwarnings("ignore", message=".*will be keyword-only.*")
        # A column without spread gives nan in a picture; the picture decides nothing.
        warnings.filterwarnings("ignore", category=RuntimeWarning, module="numpy|scipy|evidently")
        yield


@contextmanager
def _importing() -> Iterator[None]:
    """Both import dozens of packages of which some use names that Python, numpy or each other have deprecated."""
    quiet.keep()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@cache
def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
