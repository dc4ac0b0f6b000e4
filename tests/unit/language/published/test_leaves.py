from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from modelsync.language.published.leaves import LEAVES, choice, leaf, leaf_name, words
from modelsync.language.shapes import (
    Anything,
    Choice,
    Condition,
    Constant,
    Duration,
    File,
    Flag,
    Function,
    Named,
    Number,
    Plain,
    Reference,
    Secret,
    Shape,
    Size,
    Text,
)

CASES: list[tuple[Shape, list[Any], list[Any]]] = [
    (Text(), ["x", 1.1, "${{ params.x }}"], ["", True, None, "${{ x }}", []]),
    (Text(r"[a-z]+", "small letters"), ["abc", "${{ params.x }}"], ["A", 1, 1.5, ""]),
    (Text(r"[a-z0-9]+", "small letters"), ["abc", 5], ["A", 1.5, -1, "-1"]),
    (Text(r"[a-z0-9-]+", "small letters"), ["abc", 5, -1], ["A", 1.5]),
    (Text(r"[0-9.]+", "digits"), ["1.2.3", 1.2], ["a"]),
    (Plain(), ["x", 5], ["", "${{ params.x }}", None, True]),
    (Plain("gates"), ["fair", "gates.fair"], ["a b", "${{ params.x }}", 5]),
    (Plain("", r"[a-z]+", "small letters"), ["a"], ["${{ params.x }}", "A", 5]),
    (Number(), [1, 1.5, -3, "${{ params.x }}"], ["1", True, None, "${{ env.X }}", "a ${{ params.x }}"]),
    (Number(0, 1), [0, 0.5, 1], [-0.1, 1.1]),
    (Number(1, whole=True), [1, 99], [0, 1.5]),
    (Flag(), [True, False, "${{ params.x }}"], ["yes", 1, None]),
    (Duration(), ["0s", "1h30m", "${{ params.x }}m"], [5, "5", "5 s", "5min", None]),
    (Duration(positive=True), ["0.5s", "1h0m"], ["0s", "0h0m"]),
    (Size(), ["2GiB", "5B"], [5, "2gib", "2 GB"]),
    (Choice(("a", "b")), ["a", "${{ params.x }}"], ["c", 1, None]),
    (Anything(), [1, "x", True, [1], {"a": 1}], [None]),
    (Constant(), [1, "x", True], [None, [1], {}]),
    (Reference(("datasets",), (), ("champion",)), ["datasets.a", "champion"], ["a", 5, "${{ params.x }}"]),
    (Function(), ["flows/a.py:f"], ["flows/a.py", 5]),
    (File(), ["a.json"], ["", None]),
    (Condition("stage"), ["metrics.a > 1"], ["", "${{ params.x }}", True]),
    (Secret(), ["secrets.hook"], ["hook", "secrets.a.b"]),
    (Secret(or_text=True), ["secrets.hook", "text"], [None]),
]


@pytest.mark.parametrize(("shape", "good", "bad"), CASES, ids=lambda each: type(each).__name__)
def test_what_a_value_can_be(shape: Shape, good: list[Any], bad: list[Any]) -> None:
    found = Draft7Validator({**leaf(shape, in_pipeline=False), "definitions": LEAVES})
    assert [value for value in good if not found.is_valid(value)] == []
    assert [value for value in bad if found.is_valid(value)] == []


def test_what_is_written_alike_everywhere_has_a_name() -> None:
    for shape, _, _ in CASES:
        if name := leaf_name(shape):
            assert leaf(shape, in_pipeline=False) == LEAVES[name]
    assert leaf_name(Text(example="a")) == ""
    assert leaf(Text(example="a"), in_pipeline=False)["examples"] == ["a"]


def test_steps_are_referred_to_by_their_short_form_in_a_pipeline_only() -> None:
    shape = Reference(("outputs",))
    inside, outside = (leaf(shape, in_pipeline=here) for here in (True, False))
    assert [each["label"] for each in inside["defaultSnippets"]] == [
        "steps.step.output",
        "pipelines.pipeline.step.output",
    ]
    assert inside["defaultSnippets"][0]["body"] == "steps.${1:step}.${2:output}"
    assert [each["label"] for each in outside["defaultSnippets"]] == ["pipelines.pipeline.step.output"]


def test_a_number_is_never_inserted_as_zero() -> None:
    assert leaf(Number(1), in_pipeline=False)["type"][0] == "string"


def test_words_say_what_they_mean_and_which_one_holds_without_them() -> None:
    isolate = Choice(("thread", "process"))
    said = words(isolate, "thread")
    assert said["enum"] == ["thread", "process"]
    assert said["enumDescriptions"][0].endswith(" The default.")
    assert choice(isolate)["anyOf"][0] == words(isolate)
    assert words(Choice(("a", "b"))) == {"enum": ["a", "b"]}
    assert "markdownEnumDescriptions" in words(Choice(("int", "float", "bool", "string", "enum")))


def test_a_mapping_is_no_single_value() -> None:
    with pytest.raises(AssertionError, match="no single value"):
        leaf(Named(Text(), "thing"), in_pipeline=False)
