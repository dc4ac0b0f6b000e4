from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelsync.api.schemas import is_schema, json_schema, markdown
from modelsync.api.specs import known
from modelsync.language.published.reference import page
from modelsync.language.published.schema import schema


def test_the_text_is_the_schema_the_same_each_time_and_not_wider_than_needed() -> None:
    text = json_schema()
    assert json.loads(text) == schema(known())
    assert text == json_schema()
    assert text.endswith("}\n")
    assert all(len(line) <= 120 or line.lstrip().startswith('"') for line in text.splitlines())


def test_the_page_is_that_of_the_language() -> None:
    assert markdown() == page(known())


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ('{"title": "ModelSync spec"}', True),
        ('{"title": "Pets"}', False),
        ("[]", False),
        ("no json", False),
        ("\x00", False),
    ],
)
def test_a_schema_of_ours_is_known_by_its_title(tmp_path: Path, text: str, ours: bool) -> None:
    (tmp_path / "schema.json").write_text(text)
    assert is_schema(tmp_path / "schema.json") is ours
    assert is_schema(tmp_path / "none.json") is False
