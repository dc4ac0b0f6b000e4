"""`schema`: the language for editors as a JSON Schema, and for people as a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from modelsync.api.specs import known
from modelsync.language.published.reference import page
from modelsync.language.published.schema import TITLE, schema

SCHEMA_NAME = "schema.json"
_WIDTH = 120  # what fits into a line stands in one


def json_schema() -> str:
    """The JSON Schema as text: the same bytes each time, so that a change can be seen."""
    return _written(schema(known()), 0, 0) + "\n"


def markdown() -> str:
    """Every key of the language in words."""
    return page(known())


def is_schema(file: Path) -> bool:
    """Whether a file is the JSON Schema of this language, perhaps of another version, and not something of the user."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("title") == TITLE


def _written(value: Any, indent: int, before: int) -> str:
    """A value as JSON, in one line if it fits behind the `before` characters that stand there already."""
    line = json.dumps(value, ensure_ascii=False)
    if indent + before + len(line) < _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + 2
    if isinstance(value, list):
        parts = [_written(each, inner, 0) for each in value]
        return _block("[]", parts, indent)
    keys = [json.dumps(key, ensure_ascii=False) + ": " for key in value]
    parts = [key + _written(each, inner, len(key)) for key, each in zip(keys, value.values(), strict=True)]
    return _block("{}", parts, indent)


def _block(brackets: str, parts: list[str], indent: int) -> str:
    inside = ",\n".join(" " * (indent + 2) + part for part in parts)
    return f"{brackets[0]}\n{inside}\n{' ' * indent}{brackets[1]}"
