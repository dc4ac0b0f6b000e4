"""A decision test: facts that are given, and the decisions that must follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record
from modelsync.core.verdict import Outcome
from modelsync.core.version import Bump, Version


@record
class Numbers:
    """What a check is said to have measured; `interval` is of the value, `noise` what chance alone shows."""

    value: float
    interval: tuple[float, float] | None = None
    p_adjusted: float | None = None
    noise: float | None = None


@record
class Past:
    """A version that is said to exist, with its metrics."""

    version: Version
    metrics: Mapping[str, float] = field(default_factory=dict)


@record
class Expected:
    """The decisions that must come out; what is not named is not looked at."""

    gates: Mapping[str, Outcome] = field(default_factory=dict)
    bump: Bump | None = None
    version: Version | None = None
    rule: str = ""
    stages: Mapping[str, str] = field(default_factory=dict)  # stage -> allowed | held | blocked


@record
class Case:
    """One decision test.

    `gates` maps a gate to its outcome, or to numbers by the ids of its checks. `facts` are facts of version rules by
    the names that conditions use; a fact that is not given is false, empty or not there.
    """

    name: str
    at: Pos
    model: str
    base: Past | None
    champion: Past | None
    metrics: Mapping[str, float]
    params: Mapping[str, Any]
    facts: Mapping[str, Any]
    gates: Mapping[str, Outcome | Mapping[str, Numbers]]
    expected: Expected
