"""Nodes: lookup by key, and what they are in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.diagnostics import Pos
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence, kind_of
from modelsync.language.text.scalars import Value

AT = Pos(Path("modelsync.yaml"), 1, 1, 1, 2)


def scalar(value: Value, style: str = "") -> Scalar:
    return Scalar(value, str(value), style, AT)


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (Mapping((), AT), "a mapping"),
        (Sequence((), AT), "a list"),
        (scalar(None), "nothing"),
        (scalar(True), "the truth value `True`"),
        (scalar(3), "the number `3`"),
        (scalar(0.5), "the number `0.5`"),
        (scalar("text"), "the text `text`"),
        (scalar("x" * 60), f"the text `{'x' * 37}...`"),
    ],
)
def test_kind_of(node: Node, said: str) -> None:
    assert kind_of(node) == said


def test_lookup() -> None:
    mapping = Mapping((Item(scalar("a"), scalar(1)),), AT)
    assert mapping.get("a") == scalar(1)
    assert mapping.key("a") == scalar("a")
    assert mapping.get("b") is None
    assert mapping.key("b") is None


def test_quoted() -> None:
    assert scalar("a", '"').quoted
    assert not scalar("a").quoted
