"""Colour where it is wanted, and signs that a stream can't write."""

from __future__ import annotations

import io

import pytest

from modelsync.cli.printing import put, wants_colour

NAMES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM")


@pytest.mark.parametrize(
    ("said", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "0"}, True, True),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR": "0"}, True, False),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR": "1"}, False, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_when_colour_is_wanted(
    said: dict[str, str], terminal: bool, wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(terminal) is wanted


def test_styles_are_left_out_where_nobody_wants_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    put("\x1b[31mred\x1b[0m")
    put("\x1b[31mred\x1b[0m", err=True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    put("\x1b[31mred\x1b[0m")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("red\n\x1b[31mred\x1b[0m\n", "red\n")


def test_a_sign_that_the_stream_can_not_write_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr("sys.stdout", stream)
    put("key `größe 値`")
    stream.flush()
    assert stream.buffer.getvalue() == b"key `gr\xf6\xdfe \\u5024`\n"
