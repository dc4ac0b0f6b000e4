from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from modelsync.api.schemas import json_schema
from modelsync.language.decode import contracts, places, stages
from modelsync.language.published.together import together


@cache
def whole() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_schema())
    return found


def said(definition: str, value: dict[str, Any]) -> list[str]:
    """What an editor would show: the message of the schema that refuses, else the validator's own."""
    errors = Draft7Validator({**whole(), "$ref": f"#/definitions/{definition}"}).iter_errors(value)
    schemas = [(error.schema if isinstance(error.schema, dict) else {}, error.message) for error in errors]
    return [str(each.get("errorMessage") or each.get("patternErrorMessage") or message) for each, message in schemas]


STEP: dict[str, Any] = {"run": "flows/a.py:f", "outputs": {"a": "table"}}
DRIFT: dict[str, Any] = {"kind": "drift", "target": "datasets.a", "reference": "champion"}
SCORE: dict[str, Any] = {"kind": "performance", "target": "models.a"}
LIVE: dict[str, Any] = {"model": "a", "target": {"kind": "local", "port": 80}, "strategy": "canary"}
CASES: list[tuple[str, dict[str, Any], bool]] = [
    ("step", STEP, True),
    ("step", {"outputs": {"a": "table"}}, False),
    ("step", {**STEP, "uses": "builtin/split"}, False),
    ("step", {"command": ["a"], "outputs": {}, "with": {"a": 1}}, False),
    ("step", {**STEP, "matrix": {"a": [1]}, "each": "b"}, False),
    ("step", {**STEP, "timeout": "5m", "isolate": "process"}, True),
    ("step", {**STEP, "timeout": "5m", "isolate": "thread"}, False),
    ("step", {**STEP, "resources": {"memory": "2GiB"}, "isolate": "thread"}, False),
    ("step", {**STEP, "resources": {"cpu": 2}, "isolate": "thread"}, True),
    ("param", {"type": "int", "default": 1, "min": 0}, True),
    ("param", {"type": "bool", "default": True, "min": 0}, False),
    ("param", {"type": "int", "default": 1.5}, False),
    ("param", {"type": "int", "default": "${{ params.a }}"}, False),
    ("param", {"type": "float", "default": 1}, True),
    ("param", {"type": "string", "default": ""}, True),
    ("param", {"type": "string", "default": True}, False),
    ("param", {"type": "enum", "default": "a"}, False),
    ("param", {"type": "enum", "default": "a", "values": ["a"]}, True),
    ("param", {"type": "int", "default": 1, "values": ["1"]}, False),
    ("column", {"type": "int", "min": 0, "values": [1]}, True),
    ("column", {"type": "string", "min": 0}, False),
    ("column", {"type": "int", "values": ["a"]}, False),
    ("column", {"type": "int", "values": ["${{ params.a }}"]}, True),
    ("column", {"type": "category", "values": [1.5]}, False),
    ("column", {"type": "bool", "positive": True}, False),
    ("column", {"type": "bool", "role": "id", "positive": True}, False),
    ("column", {"type": "bool", "role": "label", "positive": True}, True),
    ("column", {"type": "bool", "role": "label", "positive": "yes"}, False),
    ("drift_gate", {**DRIFT, "checks": [{"test": "psi", "max": 0.2}]}, True),
    ("drift_gate", {**DRIFT, "checks": [{"test": "psi"}]}, False),
    ("drift_gate", {**DRIFT, "checks": [{"test": "psi", "max": 1, "max_statistic": 1}]}, False),
    ("performance_gate", {**SCORE, "checks": [{"metric": "roc_auc", "min": 1}]}, True),
    ("performance_gate", {**SCORE, "checks": [{"metric": "roc_auc"}]}, False),
    ("performance_gate", {**SCORE, "checks": [{"metric": "roc_auc", "min": 1, "method": "delong"}]}, False),
    ("performance_gate", {**SCORE, "checks": [{"metric": "roc_auc", "versus": "champion", "method": "delong"}]}, True),
    ("performance_gate", {**SCORE, "checks": [{"metric": "f1", "versus": "champion", "method": "delong"}]}, False),
    ("performance_gate", {**SCORE, "checks": [{"metric": "f1", "min": 1}], "positive": 1}, False),
    ("performance_gate", {**SCORE, "checks": [{"metric": "f1", "min": 1}], "positive": 1, "label": "a"}, True),
    ("secret", {"env": "A"}, True),
    ("secret", {"description": "x"}, False),
    ("secret", {"env": "A", "file": "b"}, False),
    ("schedule", {"cron": "1 2 * * *", "timezone": "UTC", "missed": "all"}, True),
    ("schedule", {"missed": "all"}, False),
    ("schedule", {"cron": "1 2 * * *", "every": "1d", "missed": "all"}, False),
    ("schedule", {"every": "1d", "timezone": "UTC", "missed": "all"}, False),
    ("deploy", LIVE, True),
    ("deploy", {**LIVE, "max_surge": 1}, False),
    ("deploy", {**LIVE, "strategy": "rolling", "max_surge": 1}, True),
    ("deploy", {**LIVE, "strategy": "rolling", "max_surge": 0, "max_unavailable": 0}, False),
    ("deploy", {**LIVE, "watch": [{"metric": "error_rate"}]}, False),
]


@pytest.mark.parametrize(("definition", "value", "good"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_keys_that_need_or_exclude_each_other(definition: str, value: dict[str, Any], good: bool) -> None:
    assert (said(definition, value) == []) is good


@pytest.mark.parametrize(
    ("definition", "value", "message"),
    [
        ("step", {"outputs": {}}, "A step needs `run`, `uses` or `command`."),
        ("secret", {}, "Say where it lies: `env`, `file`, `aws` or `vault`."),
        (
            "step",
            {**STEP, "timeout": "5m", "isolate": "thread"},
            "A thread can't be stopped; write `process`, or leave it out.",
        ),
    ],
)
def test_an_editor_says_what_to_do(definition: str, value: dict[str, Any], message: str) -> None:
    assert said(definition, value) == [message]


def test_most_mappings_have_no_such_rules() -> None:
    assert together(stages.STAGE) == []
    assert together(contracts.CONTRACT) == []
    assert together(places.SECRET)
