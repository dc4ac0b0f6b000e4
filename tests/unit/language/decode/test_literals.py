"""Literals, with params put in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["min: 0.80", "min: high"], ["MS103 high"]),
        (["min: 0.80", "min: '0.8'"], ["MS103 '0.8'"]),
        (["min: 0.80", "min: 80%"], ["MS103 80%"]),
        (["min: 0.80", "min: [1]"], ["MS103 ["]),
        (["min: 0.80", "min: .nan"], ["MS104 .nan"]),
        (["min: 0.80", "min: 1e999"], ["MS104 1e999"]),
        (["min: 0.80", 'min: "${{ params.learner }}"'], ['MS103 "${{ params.learner }}"']),
        (["min: 0.80", 'min: "${{ params.rat }}"'], ["MS206 params.rat"]),
        (["min: 0.80", 'min: "${{ params.zzzzzz }}"'], ["MS206 params.zzzzzz"]),
        (["min: 0.80", 'min: "${{ rate }}"'], ["MS111 rate"]),
        (["min: 0.80", 'min: "${{ matrix.rate }}"'], ["MS110 matrix.rate"]),
        (["min: 0.80", 'min: "${{ env.RATE }}"'], ["MS110 env.RATE"]),
        (["min: 0.80", 'min: "${{ params.rate"'], ["MS111 ${{"]),
        (["report: true", "report: yes"], ["MS103 yes"]),
        (["report: true", "report: [true]"], ["MS103 ["]),
        (["report: true", 'report: "${{ params.zzz }}"'], ["MS206 params.zzz"]),
        (["report: true", 'report: "${{ params.deep }}"'], []),
        (["timeout: 1h30m", "timeout: 90"], ["MS106 90"]),
        (["timeout: 1h30m", "timeout: 90 s"], ["MS106 90 s"]),
        (["timeout: 1h30m", "timeout: true"], ["MS103 true"]),
        (["timeout: 1h30m", "timeout: [1s]"], ["MS103 ["]),
        (["timeout: 1h30m", 'timeout: "${{ params.nope }}"'], ["MS206 params.nope"]),
        (["timeout: 1h30m", 'timeout: "${{ params.horizon }}s"'], []),
        (["tags: [training, v1]", 'tags: ["${{ params.learner }}"]'], ['MS111 "${{ params.learner }}"']),
        (["source: data/customers.csv", "source: true"], ["MS103 true"]),
        (["source: data/customers.csv", 'source: "${{ params.zzz }}.csv"'], ["MS206 params.zzz"]),
        (["source: data/customers.csv", "source: ''"], ["MS104 ''"]),
        (["source: data/customers.csv", "source:"], ["MS103 source"]),
        (["replicas: 2", "replicas: 1.5"], ["MS103 1.5"]),
        (["replicas: 2", "replicas: 65"], ["MS104 65"]),
        (["replicas: 2", "replicas: 0"], ["MS104 0"]),
        (["severity: warning", "severity: warn"], ["MS105 warn"]),
        (["with: {floor: 0.55}", "with: {floor: {a: [.inf]}}"], ["MS104 .inf"]),
        (["min_rows: 20", "min_rows: 0"], ["MS104 0"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_a_whole_value_keeps_the_type_of_its_param(spoilt: Callable[..., Loaded]) -> None:
    written = 'with: {horizon: ["${{ params.horizon }}", "${{params.rate}} of ${{ params.deep }}", 7, {a: null}]}'
    spec = spoilt('with: {horizon: "${{ params.horizon }}"}', written).spec
    assert spec is not None
    assert spec.pipelines["train"].steps["features"].arguments == {"horizon": [30, "1.0 of false", 7, {"a": None}]}


def test_a_text_of_many_openings_takes_no_time(spoil: Spoil) -> None:
    found = spoil("tenure_days, mostly: 0.99", "tenure_days, mostly: '}}" + "${{" * 15_000 + "'")
    assert [each[:5] for each in found] == ["MS111"]


def test_a_bound_without_the_other_is_said_alone(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("max: 0.2,", "max: -1,").diagnostics
    assert found.message.endswith("is -1; it must be at least 0")
