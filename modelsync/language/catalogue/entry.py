"""What there is to say about one code: what it means, why it is told, how it looks wrong and right."""

from __future__ import annotations

from modelsync.core.diagnostics import Severity
from modelsync.core.records import record


@record
class Entry:
    """One code. The examples are sections of a spec, those of MS0xx whole files; both can be loaded as they stand.

    A comment `-p name=value` in an example is what the command line gives, `export NAME=value` the environment.
    """

    code: str
    title: str  # a few words, without a full stop
    meaning: str  # what was found
    why: str  # why it is an error or a warning
    bad: str
    good: str
    see: tuple[str, ...] = ()  # codes that are often meant instead
    severity: Severity = Severity.ERROR
