from __future__ import annotations

from modelsync.core.expression import parse
from modelsync.core.rules import VersionRule
from modelsync.core.version import Bump


def test_rules_are_equal_when_written_equally() -> None:
    assert VersionRule(Bump.MAJOR, parse("data.changed")) == VersionRule(Bump.MAJOR, parse("data.changed"))
    assert VersionRule(Bump.MAJOR, parse("data.changed")) != VersionRule(Bump.MAJOR, parse("code.changed"))
