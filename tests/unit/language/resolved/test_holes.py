from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.diagnostics import Pos
from modelsync.language.resolved.holes import HIDDEN, Outside, hidden, outside, put_in
from modelsync.language.text.nodes import Scalar
from modelsync.language.text.scalars import Value
from tests.unit.language.resolved.conftest import Read

AT = Pos(Path("x.yaml"), 1, 1, 1, 2)
WORLD = Outside(
    {"size": 3, "deep": True, "word": "a b", "token": "t0ps", "nested": "${{ params.size }}"},
    {"size": "-p size=3"},
    {"HOME": "/home/ana", "KEY": "ghp_" + "a" * 36},
)


def scalar(text: str, value: Value = None) -> Scalar:
    return Scalar(text if value is None else value, text, "", AT)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("${{ params.size }}", 3, ("params.size (-p size=3)",)),
        ("${{params.deep}}", True, ("params.deep",)),
        ("n${{ params.size }}-${{ params.deep }}", "n3-true", ("params.size (-p size=3)", "params.deep")),
        ("${{ env.HOME }}/x", "/home/ana/x", ("env.HOME",)),
        ("${{ matrix.seed }}", "${{ matrix.seed }}", ()),
        ("${{ params.size }}-${{ matrix.seed }}", "3-${{ matrix.seed }}", ("params.size (-p size=3)",)),
        ("${{ params.nested }}", "${{ params.nested }}", ()),  # put in, it would be read again
        ("plain", "plain", ()),
        ("${{ params.token }}", HIDDEN, ("params.token",)),
        ("${{ env.KEY }}", HIDDEN, ("env.KEY",)),
    ],
)
def test_what_is_put_in_keeps_its_type_and_says_where_it_came_from(
    text: str, value: Value, said: tuple[str, ...]
) -> None:
    leaf = put_in(scalar(text), WORLD)
    assert (leaf.value, leaf.origin.at, leaf.origin.said) == (value, AT, said)


def test_what_stands_under_the_name_of_a_secret_is_hidden_only_when_it_was_put_in() -> None:
    assert put_in(scalar("${{ params.word }}"), WORLD, "db_password").value == HIDDEN
    assert put_in(scalar("${{ params.size }}"), WORLD, "db_password").value == 3
    assert put_in(scalar("word"), WORLD, "db_password").value == "word"
    assert hidden("", "https://ana:pw@example.org") == HIDDEN
    assert hidden("", "https://example.org") == "https://example.org"
    assert put_in(scalar("3", 3), WORLD).value == 3


def test_the_outside_says_how_each_value_was_given(read_short: Read) -> None:
    environ = {"PLACE": "/x", "MODELSYNC_PARAM_RATE": "0.25", "OTHER": "1"}
    found = outside(read_short(environ=environ, size="7", password="pw").context)
    assert found.params == {"size": 7, "rate": 0.25, "word": "1.10", "password": "pw"}
    assert found.origins == {"rate": "MODELSYNC_PARAM_RATE", "size": "-p size=7", "password": "-p password=***"}
    assert found.said("params", "word") == "params.word"
