"""`config`: a spec as it will be used, or as it is written with what it includes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from modelsync.api.opening import open_spec
from modelsync.language.resolved.fill import resolve
from modelsync.language.resolved.tree import Table
from modelsync.language.resolved.unfilled import written


def resolved(path: Path | None, overrides: Mapping[str, str] | None = None) -> Table:
    """Params put in, short forms long, defaults filled in, secrets hidden; errors as those of `open_spec`."""
    _, loaded = open_spec(path, overrides)
    assert loaded.subject is not None
    return resolve(loaded.subject)


def merged(path: Path | None, overrides: Mapping[str, str] | None = None) -> Table:
    """As it is written, with what it includes; errors as those of `open_spec`."""
    _, loaded = open_spec(path, overrides)
    assert loaded.subject is not None
    return written(loaded.subject)
