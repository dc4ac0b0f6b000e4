"""A version rule: the bump it asks for and the condition under which it fires."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.core.expression import Expression
from modelsync.core.version import Bump


@dataclass(frozen=True, slots=True)
class VersionRule:
    """One entry of `versioning.rules`; the first whose `when` holds wins."""

    bump: Bump
    when: Expression
