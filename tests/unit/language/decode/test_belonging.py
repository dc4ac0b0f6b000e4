"""A key at the wrong place leads to the things that have it."""

from __future__ import annotations

import pytest

from modelsync.language.decode.belonging import owners
from modelsync.language.decode.spec import SPEC


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("timeout", "`timeout` belongs to a step or a gate"),
        ("failing_share", "`failing_share` belongs to a check"),
        ("replicas", "`replicas` belongs to `target`"),
        ("gates", "`gates` belongs to a stage"),
        ("kind", "`kind` belongs to a gate or `target`"),
        ("cmd", "it is called `command` and belongs to a step"),
        ("if", "it is called `when` and belongs to a rule or a stage"),
        ("tests", "it is called `checks` and belongs to a gate"),
        ("description", ""),  # everything has one
        ("project", ""),  # a section of the spec
        ("zzz", ""),
    ],
)
def test_who_has_a_key(key: str, said: str) -> None:
    assert owners(key, SPEC) == said
