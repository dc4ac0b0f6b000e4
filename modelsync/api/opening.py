"""A valid spec for commands that only read it, whether or not a run could carry out all that it says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from modelsync.api.specs import find_spec, known
from modelsync.core.diagnostics import Severity
from modelsync.core.errors import SpecError, UsageError
from modelsync.language.load import Loaded, load
from modelsync.language.model import Spec

_OVERRIDE = "MS112"  # a param given on the command line that the spec does not take


def open_spec(path: Path | None, overrides: Mapping[str, str] | None = None) -> tuple[Spec, Loaded]:
    """The spec that is meant, with how it was read.

    SpecError with every fault, UsageError for a missing file or a param that does not fit.
    """
    loaded = load(find_spec(path), known(), overrides or {}, os.environ)
    return valid(loaded), loaded


def valid(loaded: Loaded) -> Spec:
    """The spec that was read; the errors of `open_spec` when it has faults."""
    errors = [found for found in loaded.diagnostics if found.severity is Severity.ERROR]
    if errors and all(found.code == _OVERRIDE for found in errors):  # the spec is right, the command line is not
        raise UsageError("; ".join(found.message for found in errors), help=errors[0].help)
    if loaded.spec is None or errors:
        raise SpecError(loaded.diagnostics)
    return loaded.spec
