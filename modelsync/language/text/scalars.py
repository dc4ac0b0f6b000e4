"""How plain scalars become values: the core schema of YAML 1.2.2, section 10.3.2, and nothing of YAML 1.1."""

from __future__ import annotations

import math
import re

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_START = frozenset("0123456789+-.")  # what a number can begin with

_TAG_TYPES: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "null": (type(None),)}

MAX_INT = 2**63  # numbers travel through JSON, SQLite and Parquet: 64 bits hold everywhere
_MOST_DIGITS = 24  # more digits can't be within 64 bits, and long ones take Python quadratic time

Value = str | int | float | bool | None


def resolve(text: str) -> Value:
    """The value of a plain scalar; a number outside 64 bits, infinite or not a number becomes `inf` or `nan`."""
    if text in _NULL:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[0] not in _START:
        return text
    if _INT.fullmatch(text):
        return _whole(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return math.nan if text.lower() == ".nan" else math.inf
    return text


def tagged(tag: str, text: str) -> Value:
    """The value of a scalar with an explicit core tag (`int`, `float` ...); ValueError if it is none."""
    if tag == "str":
        return text
    value = resolve(text)
    fits = _TAG_TYPES[tag]
    if not isinstance(value, fits) or (tag in ("int", "float") and isinstance(value, bool)):
        raise ValueError(f"`{text}` is not of type {tag}")
    return float(value) if tag == "float" and isinstance(value, int) else value


def _whole(text: str) -> int | float:
    if len(text) > _MOST_DIGITS:
        return math.inf
    number = int(text, 8) if text.startswith("0o") else int(text, 16) if text.startswith("0x") else int(text)
    return number if -MAX_INT <= number < MAX_INT else math.inf
