from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from modelsync.api.specs import known
from modelsync.core.signature import Parameter, Signature
from modelsync.language.decode.spec import SPEC
from modelsync.language.known import ExpectationShape
from modelsync.language.published.schema import PART, TITLE, explained, schema
from modelsync.language.shapes import Fields, Flag, Key, Many, Number, Plain, Text

# After a backslash, what an editor's regular expressions (flag `u`) understand.
ESCAPES = set("dDsSwWbB0nrtfv^$\\.*+?()[]{}|/")


@cache
def whole() -> dict[str, Any]:
    return schema(known())


def every(found: Any) -> Iterator[dict[str, Any]]:
    """Each mapping in the schema."""
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from every(value)
    elif isinstance(found, list):
        for value in found:
            yield from every(value)


def test_every_reference_leads_to_a_definition_and_each_is_used() -> None:
    wanted = {each["$ref"] for each in every(whole()) if isinstance(each.get("$ref"), str)}
    sections = {f"#/properties/{name}" for name in SPEC.keys}
    assert wanted - sections == {f"#/definitions/{name}" for name in whole()["definitions"] if name != PART}


def test_an_editor_can_read_every_pattern() -> None:
    found = [each["pattern"] for each in every(whole()) if isinstance(each.get("pattern"), str)]
    assert found
    for pattern in found:
        re.compile(pattern)
        assert pattern.startswith("^")
        assert {letter for letter in re.findall(r"\\(.)", pattern)} <= ESCAPES
        assert re.search(r"\(\?(?![:!=])", pattern) is None, "only groups and lookaheads are written alike everywhere"


def test_every_key_is_explained() -> None:
    def keys(fields: Fields) -> Iterator[Key]:
        yield from fields.keys.values()

    for name, key in zip(SPEC.keys, keys(SPEC), strict=True):
        assert whole()["properties"][name]["description"].startswith(key.doc)
    without = [
        (each.get("title"), name)
        for each in every(whole())
        if each.get("additionalProperties") is False and each.get("title") != whole()["definitions"][PART]["title"]
        for name, inner in each.get("properties", {}).items()
        if isinstance(inner, dict) and inner and "description" not in inner and "$ref" not in inner
        if "doNotSuggest" not in inner
    ]
    assert without == []


def test_nothing_is_inserted_that_holds_anyway_nor_offered_as_null() -> None:
    assert [each for each in every(whole()["properties"]) if "default" in each and "properties" not in each] == []
    nulls = [each for each in every(whole()) if each.get("type") == ["string", "null"]]
    assert len(nulls) == 1, "only where a step that ModelSync brings takes nothing"
    assert not any(
        "null" in each["type"] for each in every(whole()) if isinstance(each.get("type"), list) and each not in nulls
    )


@pytest.mark.parametrize(
    ("key", "plain", "markdown"),
    [
        (Key(Flag(), "Whether."), "Whether.", "Whether.\n\nIt is true or false."),
        (Key(Text(), "What."), "What.", None),
        (Key(Text(), "What `x` is."), "What `x` is.", "What `x` is."),
        (Key(Text(), "What.", required=True), "What.", "What.\n\nRequired."),
        (Key(Number(), "How much.", default=1), "How much. Default: `1`.", "How much.\n\nDefault: `1`."),
        (Key(Flag(), "If", default=False), "If Default: `false`.", "If\n\nIt is true or false.\n\nDefault: `false`."),
        (Key(Many(Plain(), one=True), "Words."), "Words.", "Words.\n\nOne alone needs no list."),
        (Key(Many(Plain()), "Words.", default=["a", "b"]), "Words. Default: `a, b`.", "Words.\n\nDefault: `a, b`."),
    ],
)  # fmt: skip
def test_what_an_editor_says_about_a_key(key: Key, plain: str, markdown: str | None) -> None:
    assert explained(key) == ({"description": plain} | ({"markdownDescription": markdown} if markdown else {}))


def test_before_its_kind_is_written_a_gate_has_no_other_key() -> None:
    gate = whole()["definitions"]["gate"]
    assert list(gate["properties"]) == ["kind"]
    assert [each["then"]["$ref"] for each in gate["allOf"]] == [
        f"#/definitions/{kind}_gate" for kind in gate["properties"]["kind"]["enum"]
    ]
    drift = whole()["definitions"]["drift_gate"]
    assert "reference" in drift["properties"]
    assert "slices" not in drift["properties"]
    assert drift["additionalProperties"] is False


def test_a_part_is_a_spec_without_what_only_the_spec_says() -> None:
    part = Draft7Validator({**{k: v for k, v in whole().items() if k != "required"}, "$ref": f"#/definitions/{PART}"})
    assert part.is_valid({"gates": {}})
    assert part.is_valid({"modelsync": 1, "access": {"roles": {"viewer": ["a@b.c"]}}})
    assert not part.is_valid({"project": "churn"})
    assert not part.is_valid({"gates": {"a": {}}})
    assert whole()["title"] == TITLE


def test_names_of_other_rooms_are_put_in() -> None:
    made = Signature("mix", (Parameter("table", True), Parameter("share", False, "float")), None)
    small = schema(
        replace(
            known(),
            expectations={"expect_x": ExpectationShape(("a", "b"), ("a",)), "expect_y": ExpectationShape(("b",))},
            drift_tests=("brand_new",),
            builtins={"builtin/mix": made, "builtin/any": replace(made, open=True)},
        )
    )
    found = Draft7Validator(small)
    base = {"modelsync": 1, "project": "churn"}
    quality = {"kind": "quality", "target": "datasets.a"}

    def asks(entry: Any) -> bool:
        return bool(found.is_valid({**base, "gates": {"a": {**quality, "checks": [entry]}}}))

    assert asks({"expect_x": {"a": 1}})
    assert asks("expect_y")
    assert asks({"expect_y": None})
    assert not asks("expect_x")
    assert not asks({"expect_x": {}})
    assert not asks({"expect_x": {"a": 1, "c": 1}})
    assert not asks({"expect_x": {"a": 1}, "expect_y": {}})
    step = small["definitions"]["step"]
    assert step["properties"]["uses"]["enum"] == ["builtin/mix", "builtin/any"]
    assert step["properties"]["uses"]["enumDescriptions"][0] == "inputs: table; with: share."
    rules = [each["then"] for each in step["allOf"] if each.get("if", {}).get("required") == ["uses"]]
    takes = [each["properties"]["with"]["properties"] for each in rules if "with" in each.get("properties", {})]
    share = {"type": ["string", "number"], "description": "float; may be left out."}
    assert takes == [{"table": {"doNotSuggest": True}, "share": share}]
