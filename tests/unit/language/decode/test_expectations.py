"""The entries of a quality gate: expectations and suites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.api.mending import put_in
from modelsync.core.checks import Expectation
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
OLD = "- expect_column_values_to_not_be_null: {column: tenure_days, mostly: 0.99}"


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("- expect_table_row_count_to_be_between", []),
        ("- expect_table_row_count_to_be_between:", []),
        ("- expect_table_row_count_to_be_between: {}", []),
        ("- nonsense", ["MS501 nonsense"]),
        ("- 7", ["MS103 7"]),
        ("- null", ["MS103 null"]),
        ("- true", ["MS103 true"]),
        ("- [expect_table_row_count_to_be_between]", ["MS103 ["]),
        ("- {}", ["MS109 {"]),
        ("- expect_table_row_count_to_be_between: {}\n        expect_b: {}", ["MS109 expect_b"]),
        ("- expect_table_row_count_to_be_between: [1]", ["MS103 ["]),
        ("- expect_table_row_count_to_be_between: 7", ["MS103 7"]),
        ("- expect_table_row_count_to_be_between: {min_value: .nan}", ["MS104 .nan"]),
        ('- expect_table_row_count_to_be_between: {min_value: "${{ params.no }}"}', ["MS206 params.no"]),
        ('- expect_table_row_count_to_be_between: {min_value: "${{ params.horizon }}"}', []),
        ("- suite: no.json", ["MS211 no.json"]),
        ("- suite: ../no.json", ["MS601 ../no.json"]),
        ("- suite: [a]", ["MS103 ["]),
        ("- suite:", ["MS103 suite"]),
        ("- {suite: a.json, more: b.json}", ["MS109 more"]),
    ],
)
def test_an_entry(spoil: Spoil, entry: str, found: list[str]) -> None:
    assert spoil(OLD, entry) == found


@pytest.mark.parametrize(
    ("entry", "said", "mended"),
    [
        (
            "- expect_a: {column: a}\n        expect_b: {column: b}  # why\n        expect_c:",
            ["a dash is missing before `expect_b`", "a dash is missing before `expect_c`"],
            "- expect_a: {column: a}\n      - expect_b: {column: b}  # why\n      - expect_c:",
        ),
        (
            "- expect_a:\n        column: a\n        mostly: 0.9  # why",
            ["the arguments of `expect_a` stand 2 spaces too far left"],
            "- expect_a:\n          column: a\n          mostly: 0.9  # why",
        ),
        (
            "- expect_a:\n            column: a\n        mostly: 0.9",
            ["the arguments of `expect_a` stand 4 spaces too far left"],
            "- expect_a:\n            column: a\n            mostly: 0.9",
        ),
        (
            "- expect_a:\n        value_set:\n          - 1\n        column: a",
            ["the arguments of `expect_a` stand 2 spaces too far left"],
            "",
        ),
        ("- {expect_a: {column: a}, expect_b: {}}", ["a dash is missing before `expect_b`"], ""),
        ("- expect_a: {}\n        column: a\n        expect_b: {}", ["a check of quality gate"], ""),
    ],
)
def test_what_stands_beside_an_expectation(
    spoilt: Callable[..., Loaded], good: str, entry: str, said: list[str], mended: str
) -> None:
    found = [each for each in spoilt(OLD, entry).diagnostics if each.code == "MS109"]
    assert [each.message.startswith(start) for each, start in zip(found, said, strict=True)] == [True] * len(said)
    fixes = [each.fix for each in found if each.fix is not None]
    text = good.replace(OLD, entry, 1)
    assert put_in(text, fixes)[0] == (good.replace(OLD, mended, 1) if mended else text)


def test_a_suite_stands_for_its_expectations(spoilt: Callable[..., Loaded], project: Path) -> None:
    (project / "suites").mkdir()
    (project / "suites/a.json").write_text(
        '{"expectations": [{"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 5}},'
        ' {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "plan"}}]}'
    )
    spec = spoilt(OLD, f"- suite: suites/a.json\n      {OLD}").spec
    assert spec is not None
    assert spec.gates["data_quality"].checks == (
        Expectation("expect_table_row_count_to_be_between", {"min_value": 5}),
        Expectation("expect_column_values_to_not_be_null", {"column": "plan"}),
        Expectation("expect_column_values_to_not_be_null", {"column": "tenure_days", "mostly": 0.99}),
    )


def test_faults_in_a_suite_stand_in_its_file_and_are_not_mended(spoilt: Callable[..., Loaded], project: Path) -> None:
    kwargs = '{"colum": "plan"}'
    suite = f'{{\n  "expectations": [{{"type": "expect_column_values_to_not_be_null", "kwargs": {kwargs}}}]\n}}'
    (project / "a.json").write_text(suite)
    (found,) = spoilt(OLD, "- suite: a.json").diagnostics
    assert (found.code, found.at.file, found.at.line) == ("MS502", project / "a.json", 2)
    assert found.help == "did you mean `column`?"
    assert found.fix is None  # YAML goes without quotes, JSON does not
