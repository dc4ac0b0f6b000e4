from __future__ import annotations

from modelsync.api.specs import known
from modelsync.language.published.arguments import argument, sentence


def test_every_argument_of_every_expectation_is_explained() -> None:
    names = {name for shape in known().expectations.values() for name in shape.arguments}
    assert [name for name in sorted(names) if "description" not in argument(name)] == []


def test_bookkeeping_is_allowed_and_never_offered() -> None:
    assert argument("library_metadata")["doNotSuggest"] is True
    assert "doNotSuggest" not in argument("column")


def test_an_argument_of_a_newer_library_can_be_anything() -> None:
    assert argument("brand_new") == {}


def test_an_expectation_says_what_its_name_says() -> None:
    assert sentence("expect_column_to_exist") == "Expect column to exist."
