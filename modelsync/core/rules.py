"""A version rule: the bump it asks for and the condition under which it fires."""

from __future__ import annotations

from modelsync.core.expression import Expression
from modelsync.core.records import record
from modelsync.core.version import Bump


@record
class VersionRule:
    """One entry of `versioning.rules`; the first whose `when` holds wins."""

    bump: Bump
    when: Expression
