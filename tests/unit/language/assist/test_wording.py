"""Shapes in words."""

from __future__ import annotations

import pytest

from modelsync.core.artifacts import OutputType
from modelsync.language.assist.wording import expected
from modelsync.language.shapes import (
    Anything,
    Choice,
    Duration,
    Either,
    Fields,
    Flag,
    Key,
    Many,
    Named,
    Number,
    Reference,
    Secret,
    Shape,
    Text,
)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Choice(("a", "b")), "`a` or `b`"),
        (Flag(), "true or false"),
        (Flag(("evidently",)), "true, false or `evidently`"),
        (Number(), "a number"),
        (Number(0), "a number, at least 0"),
        (Number(1, 9, whole=True, unit="rows"), "a whole number of rows from 1 to 9"),
        (Number(0, 100, unit="percent"), "a number in percent from 0 to 100"),
        (Text(), "text"),
        (Text(example="0.1.0"), "text such as `0.1.0`"),
        (Text("x+", "many x"), "many x"),
        (Reference(("datasets",), (OutputType.TABLE,), ("champion",)), "a reference: `champion`, or `datasets.name`"),
        (Secret(), "`secrets.name`"),
        (Secret(or_text=True), "`secrets.name` or a text"),
        (Many(Duration(), one=True), "a list or one alone; each is a duration such as `30s`, `15m`, `2d`"),
        (Many(Anything()), "a list"),
        (Named(Text(), "step"), "a mapping, one step for each name"),
        (Fields({"a": Key(Text(), "A.")}, short="a"), "a mapping with `a`, or `a` alone"),
        (Either(Text(), Fields({"a": Key(Text(), "A.")})), "text, or a mapping with `a`"),
        (Anything(), ""),
    ],
)
def test_a_shape_is_said_in_words(shape: Shape, said: str) -> None:
    assert expected(shape) == said
