"""Patterns of SQL's LIKE as regular expressions: Great Expectations matches the former inside a database alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LIKE = {
    "expect_column_values_to_match_like_pattern": "expect_column_values_to_match_regex",
    "expect_column_values_to_match_like_pattern_list": "expect_column_values_to_match_regex_list",
    "expect_column_values_to_not_match_like_pattern": "expect_column_values_to_not_match_regex",
    "expect_column_values_to_not_match_like_pattern_list": "expect_column_values_to_not_match_regex_list",
}
"""Each expectation that asks for LIKE, and the one that asks the same with a regular expression."""

_RENAMED = {"like_pattern": "regex", "like_pattern_list": "regex_list"}


def as_regex(name: str, arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The same question to the expectation that any table can answer; ValueError for a pattern that LIKE has not."""
    escape = arguments.get("escape")
    kept = {key: value for key, value in arguments.items() if key != "escape" and key not in _RENAMED}
    for key, new in _RENAMED.items():
        if key in arguments:
            value = arguments[key]
            kept[new] = [regex(each, escape) for each in value] if isinstance(value, list) else regex(value, escape)
    return LIKE[name], kept


def regex(pattern: str, escape: str | None = None) -> str:
    """What LIKE means in the SQL standard: `%` is any text, `_` any one character, capitals matter.

    After the character `escape`, `%`, `_` and itself stand for themselves; ValueError for anything else there.
    """
    if escape is not None and len(escape) != 1:
        raise ValueError(f"`escape` is {escape!r}; expected one character")
    parts: list[str] = []
    signs = iter(pattern)
    for sign in signs:
        if sign == escape:
            after = next(signs, "")
            if after not in ("%", "_", escape):
                raise ValueError(f"{pattern!r} has {escape}{after}; after the escape character stand %, _ or itself")
            parts.append(re.escape(after))
        else:
            parts.append({"%": ".*", "_": "."}.get(sign, re.escape(sign)))
    return f"(?s)^{''.join(parts)}$"
