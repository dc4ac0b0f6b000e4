"""Suites of Great Expectations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelsync.core.checks import Expectation
from modelsync.language.suites import SuiteError, read_suite

FIRST = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 5, "max_value": None}}
OLD = {
    "expectation_type": "expect_column_values_to_not_be_null",
    "kwargs": {"column": "plan", "mostly": 0.9},
    "meta": {},
}


def written(folder: Path, text: str) -> Path:
    path = folder / "suite.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_form_of_today_and_the_one_before(tmp_path: Path) -> None:
    suite = {"name": "customers", "expectations": [FIRST, OLD], "meta": {"great_expectations_version": "1.5.0"}}
    for text in (json.dumps(suite), json.dumps(suite, indent=4), json.dumps(suite, indent="\t")):
        found = read_suite(written(tmp_path, text))
        assert [asked for asked, _ in found] == [
            Expectation("expect_table_row_count_to_be_between", {"min_value": 5, "max_value": None}),
            Expectation("expect_column_values_to_not_be_null", {"column": "plan", "mostly": 0.9}),
        ]


def test_what_says_nothing_about_the_data_is_left_out(tmp_path: Path) -> None:
    kwargs: dict[str, object] = {"column": "plan", "meta": {"a": 1}, "id": "x", "notes": "n"}
    suite = {"expectations": [{"type": "expect_a", "kwargs": kwargs, "id": "1", "severity": "critical"}]}
    ((asked, _),) = read_suite(written(tmp_path, json.dumps(suite)))
    assert asked.arguments == {"column": "plan"}


def test_every_kind_of_value(tmp_path: Path) -> None:
    kwargs: dict[str, object] = {
        "value_set": ["a", 1, 1.5, True, None],
        "row_condition": 'a == "b"',
        "window": {"a": [1e-5]},
        "name": "grün \U0001f600",
    }
    for ascii in (True, False):
        text = json.dumps({"expectations": [{"type": "expect_a", "kwargs": kwargs}]}, ensure_ascii=ascii)
        ((asked, _),) = read_suite(written(tmp_path, text))
        assert asked.arguments == kwargs


def test_each_has_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, '{\n "expectations": [\n  {"type": "expect_a", "kwargs": {"column": "plan"}}\n ]\n}')
    ((asked, node),) = read_suite(path)
    key, body = node.key(asked.name), node.get(asked.name)
    assert key is not None
    assert body is not None
    assert (key.at.file, key.at.line) == (path, 3)
    assert body.at.line == 3


def test_no_expectations_and_no_arguments(tmp_path: Path) -> None:
    assert read_suite(written(tmp_path, '{"expectations": []}')) == ()
    ((asked, _),) = read_suite(written(tmp_path, '{"expectations": [{"type": "expect_a"}]}'))
    assert asked == Expectation("expect_a")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("[1]", "is not a suite: it holds no object", None),
        ("{}", "has no list `expectations`", None),
        ('{"expectations": {"a": 1}}', "has no list `expectations`", None),
        ('{"expectations": [\n1]}', "holds an expectation without a `type`", 2),
        ('{"expectations": [\n{"kwargs": {}}]}', "holds an expectation without a `type`", 2),
        ('{"expectations": [\n', "is not JSON: ", 1),
        ('{"expectations": [],\n "expectations": []}', "is not JSON: ", 2),
        ("", "is not JSON: ", 1),
        ('{"a": "' + "\\u0000" + '"}', "is not JSON: ", 1),
        ("[" * 100, "is not JSON: ", 1),
    ],
)
def test_what_is_no_suite(tmp_path: Path, text: str, message: str, line: int | None) -> None:
    with pytest.raises(SuiteError) as caught:
        read_suite(written(tmp_path, text))
    assert str(caught.value).startswith(message)
    assert (caught.value.at and caught.value.at.line) == line


def test_files_that_are_not_there_or_can_not_be_read(tmp_path: Path) -> None:
    written(tmp_path, "{}")
    with pytest.raises(SuiteError, match="does not exist"):
        read_suite(tmp_path / "suit.json")
    with pytest.raises(SuiteError, match="can't be read"):
        read_suite(tmp_path)
    (tmp_path / "utf16.json").write_bytes('{"expectations": []}'.encode("utf-16"))
    with pytest.raises(SuiteError, match="is not JSON"):
        read_suite(tmp_path / "utf16.json")
    (tmp_path / "large.json").write_bytes(b" " * 300_000)
    with pytest.raises(SuiteError, match="is not JSON: the file has"):
        read_suite(tmp_path / "large.json")
