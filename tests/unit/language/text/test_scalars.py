"""Plain scalars by the core schema of YAML 1.2."""

from __future__ import annotations

import math

import pytest

from modelsync.language.text.scalars import resolve, tagged


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("False", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("12", 12),
        ("-12", -12),
        ("+3", 3),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2024-01-01", "2024-01-01"),
        ("2024-13-45", "2024-13-45"),
        ("1.10", 1.1),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        ("1.2.3", "1.2.3"),
        (".", "."),
        ("-", "-"),
        ("+", "+"),
        ("e5", "e5"),
        ("1e", "1e"),
        ("9223372036854775807", 9223372036854775807),
        ("-9223372036854775808", -9223372036854775808),
        ("9223372036854775808", math.inf),
        ("0x" + "f" * 17, math.inf),
        ("9" * 5000, math.inf),
        ("1e999", math.inf),
        ("-.inf", math.inf),
        (".Inf", math.inf),
        ("١٢", "١٢"),
        # what YAML 1.1 or PyYAML would make something else of
        ("01234", 1234),
        ("0o8", "0o8"),
        ("0x", "0x"),
        ("+0x10", "+0x10"),
        ("-0o7", "-0o7"),
        ("190:20:30", "190:20:30"),
        ("0.", 0.0),
        ("1_0.5", "1_0.5"),
        ("-.nan", "-.nan"),
        ("NO", "NO"),
        ("Yes", "Yes"),
        ("On", "On"),
        ("N", "N"),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("=", "="),
        ("<<", "<<"),
        ("12e34567", math.inf),  # a commit may look like this
        ("-12e34567", -math.inf),
        ("0x" + "f" * 60_000, math.inf),
        ("-0x1", "-0x1"),
        ("1.7976931348623157e308", 1.7976931348623157e308),
    ],
)
def test_resolve(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_not_a_number() -> None:
    assert math.isnan(float(resolve(".nan") or 0))


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("str", "1.10", "1.10"),
        ("int", "3", 3),
        ("float", "3", 3.0),
        ("float", "3.5", 3.5),
        ("bool", "true", True),
        ("null", "~", None),
    ],
)
def test_tagged(tag: str, text: str, value: object) -> None:
    found = tagged(tag, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("tag", "text"), [("int", "abc"), ("int", "1.5"), ("int", "true"), ("float", "x"), ("bool", "maybe"), ("null", "0")]
)
def test_a_tag_that_does_not_fit(tag: str, text: str) -> None:
    with pytest.raises(ValueError, match=tag):
        tagged(tag, text)
