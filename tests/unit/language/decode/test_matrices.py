"""Matrices: axes, members that are added and taken away, and what they may hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from modelsync.language.load import Loaded
from modelsync.language.model import Step

Spoil = Callable[..., list[str]]
HEAD = """modelsync: 1
project: x
params: {low: {type: int, default: 1}}
datasets: {d: {source: data/customers.csv}}
pipelines:
  p:
    steps:
      fit:
        run: flows/churn.py:fit
        inputs: {train: datasets.d}
        outputs: {model: model}
"""


@pytest.fixture
def step(load_text: Callable[..., Loaded]) -> Callable[[str], Step]:
    def decoding(body: str) -> Step:
        loaded = load_text(HEAD + "".join(f"        {line}\n" for line in body.splitlines()))
        assert loaded.spec is not None, loaded.diagnostics
        return loaded.spec.pipelines["p"].steps["fit"]

    return decoding


@pytest.fixture
def found(said: Spoil) -> Callable[[str], list[str]]:
    def telling(body: str) -> list[str]:
        told = said(HEAD + "".join(f"        {line}\n" for line in body.splitlines()))
        return [each for each in told if not each.startswith("MS207")]

    return telling


def values(step: Step) -> list[dict[str, Any]]:
    return [dict(member.values) for member in step.members]


def test_every_combination_in_the_order_written(step: Callable[[str], Step]) -> None:
    assert values(step("matrix: {seed: [7, 17], learner: [gbm, 1.10, null]}")) == [
        {"seed": 7, "learner": "gbm"},
        {"seed": 7, "learner": 1.1},
        {"seed": 7, "learner": None},
        {"seed": 17, "learner": "gbm"},
        {"seed": 17, "learner": 1.1},
        {"seed": 17, "learner": None},
    ]


def test_the_example_of_github_actions(step: Callable[[str], Step]) -> None:
    """The combinations that its documentation lists for this matrix."""
    matrix = """matrix:
  fruit: [apple, pear]
  animal: [cat, dog]
  include:
    - color: green
    - {color: pink, animal: cat}
    - {fruit: apple, shape: circle}
    - {fruit: banana}
    - {fruit: banana, animal: cat}"""
    assert values(step(matrix)) == [
        {"fruit": "apple", "animal": "cat", "color": "pink", "shape": "circle"},
        {"fruit": "apple", "animal": "dog", "color": "green", "shape": "circle"},
        {"fruit": "pear", "animal": "cat", "color": "pink"},
        {"fruit": "pear", "animal": "dog", "color": "green"},
        {"fruit": "banana"},
        {"fruit": "banana", "animal": "cat"},
    ]


def test_exclude_takes_away_whatever_agrees_in_part(step: Callable[[str], Step]) -> None:
    matrix = "matrix: {a: [1, 2], b: [x, y], exclude: [{a: 1, b: x}, {b: y}]}"
    assert values(step(matrix)) == [{"a": 2, "b": "x"}]


def test_include_may_bring_back_what_exclude_took(step: Callable[[str], Step]) -> None:
    assert values(step("matrix: {a: [1, 2], exclude: [{a: 1}], include: [{a: 1}]}")) == [{"a": 2}, {"a": 1}]


def test_include_alone_makes_members(step: Callable[[str], Step]) -> None:
    assert values(step("matrix: {include: [{a: 1}, {a: 2, b: x}]}")) == [{"a": 1}, {"a": 2, "b": "x"}]


def test_one_true_and_one_point_nothing_are_three_values(step: Callable[[str], Step]) -> None:
    kept = values(step("matrix: {a: [1, true, 1.0], exclude: [{a: true}]}"))
    assert [repr(each["a"]) for each in kept] == ["1", "1.0"]


def test_values_may_be_lists_and_mappings(step: Callable[[str], Step]) -> None:
    matrix = "matrix: {a: [[1, 2], {b: [x]}, {b: [y]}], exclude: [{a: {b: [x]}}]}"
    assert values(step(matrix)) == [{"a": [1, 2]}, {"a": {"b": ["y"]}}]


def test_each_member_has_its_arguments_and_environment(step: Callable[[str], Step]) -> None:
    body = """matrix: {seed: [7, 17], include: [{seed: 7, deep: true}, {seed: 17, deep: false}]}
with: {seed: "${{ matrix.seed }}", learner: "m${{ matrix.seed }}-${{ matrix.deep }}-${{ params.low }}"}
env: {SEED: "${{ matrix.seed }}", VERSION: 1.10, NONE: ""}"""
    found = step(body)
    assert (found.arguments, found.env) == ({}, {})
    assert found.written["seed"] == "${{ matrix.seed }}"
    assert [dict(member.arguments) for member in found.members] == [
        {"seed": 7, "learner": "m7-true-1"},
        {"seed": 17, "learner": "m17-false-1"},
    ]
    assert [dict(member.env) for member in found.members] == [
        {"SEED": "7", "VERSION": "1.10", "NONE": ""},
        {"SEED": "17", "VERSION": "1.10", "NONE": ""},
    ]


def test_an_axis_of_mappings_is_one_unless_it_looks_like_include(step: Callable[[str], Step]) -> None:
    assert len(values(step("matrix: {config: [{a: 1}, {a: 2}]}"))) == 2
    assert len(values(step("matrix: {includes: [a, b]}"))) == 2


def test_axes_may_be_put_in(step: Callable[[str], Step]) -> None:
    assert values(step('matrix: {a: ["${{ params.low }}", 2]}')) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        ("{}", ["MS104 {"]),
        ("null", ["MS103 null"]),
        ("[1, 2]", ["MS103 ["]),
        ("7", ["MS103 7"]),
        ("{a: 7}", ["MS103 7"]),
        ("{a: {b: 1}}", ["MS103 {"]),
        ("{a: []}", ["MS104 ["]),
        ("{a: [1, 1]}", ["MS109 1"]),
        ("{a: [{b: 1}, {b: 1}]}", ["MS109 {"]),
        ("{a-b: [1]}", ["MS107 a-b"]),
        ("{a: [.inf]}", ["MS104 .inf"]),
        ('{a: ["${{ params.no }}"]}', ["MS206 params.no"]),
        ('{a: ["${{ matrix.b }}"], b: [1]}', ["MS111 matrix.b"]),
        ("{a: [1, 2], exclude: {a: 1}}", ["MS103 {"]),
        ("{a: [1, 2], exclude: [1]}", ["MS103 1"]),
        ("{a: [1, 2], exclude: [{}]}", ["MS104 {"]),
        ("{a: [1, 2], exclude: [{b: 1}]}", ["MS212 b"]),
        ("{a: [1, 2], exclude: [{a: 3}]}", ["MS105 3"]),
        ("{a: [1, 2], exclude: [{a: '1'}]}", ["MS105 '1'"]),
        ("{a: [1, 2], exclude: [{a: 1}, {a: 2}]}", ["MS104 {"]),
        ("{a: [1, 2], include: [{}]}", ["MS104 {"]),
        ("{a: [1, 2], include: {b: 1}}", ["MS103 {"]),
        ("{a: [1, 2], include: [{b-c: 1}]}", ["MS107 b-c"]),
        ("{exclude: [{a: 1}]}", ["MS212 a"]),
        ("{a: [1, 2], exculde: [{a: 1}]}", ["MS101 exculde"]),
        ("{a: [1, 2], includes: [{b: 1}]}", ["MS101 includes"]),
        ("{a: [1, 2], exculde: [{b: 1}]}", ["MS101 exculde", "MS212 b"]),
    ],
)
@pytest.mark.parametrize("extra", ["", '\nwith: {seed: "${{ matrix.a }}"}'])
def test_a_fault_in_a_matrix_is_one_finding(
    found: Callable[[str], list[str]], matrix: str, told: list[str], extra: str
) -> None:
    assert found(f"matrix: {matrix}{extra}") == told


def test_what_is_put_in_may_exclude_nothing(step: Callable[[str], Step]) -> None:
    assert len(values(step('matrix: {a: [1, 2], exclude: [{a: "${{ params.low }}"}]}'))) == 1
    assert len(values(step('matrix: {a: ["${{ params.low }}", 2], exclude: [{a: 5}]}'))) == 2


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('matrix: {seed: [1]}\nwith: {seed: "${{ matrix.sed }}"}', ["MS212 matrix.sed"]),
        ('matrix: {seed: [1, 2], include: [{seed: 1, x: 5}]}\nwith: {seed: "${{ matrix.x }}"}', ["MS212 matrix.x"]),
        ('matrix: {seed: [1]}\ntimeout: "${{ matrix.seed }}m"', ["MS111 matrix.seed"]),
        ('matrix: {seed: [1]}\nretries: "${{ matrix.seed }}"', ["MS111 matrix.seed"]),
        ('with: {seed: "${{ matrix.seed }}"}', ["MS111 matrix.seed"]),
        ('each: steps.no\nwith: {seed: "${{ matrix.seed }}"}', ["MS201 steps.no"]),
        ('each: steps.fit\nwith: {seed: "${{ matrix.seed }}"}', ["MS217 steps.fit"]),
        ('each: [fit]\nwith: {seed: "${{ matrix.seed }}"}', ["MS103 ["]),
        ('each:\nwith: {seed: "${{ matrix.seed }}"}', ["MS103 each"]),
        ('matrix: {seed: [1]}\neach: steps.fit\nwith: {seed: "${{ matrix.seed }}"}', ["MS109 each"]),
    ],
)
def test_holes_of_a_matrix(found: Callable[[str], list[str]], body: str, told: list[str]) -> None:
    assert found(body) == told


def test_an_axis_that_not_every_member_has_is_said_so(load_text: Callable[..., Loaded]) -> None:
    body = '        matrix: {a: [1], include: [{a: 2, b: 1}]}\n        with: {seed: "${{ matrix.b }}"}\n'
    (found,) = [each for each in load_text(HEAD + body).diagnostics if each.code == "MS212"]
    assert found.message == "not every member of the matrix has `b`"


@pytest.mark.parametrize(
    "matrix",
    [
        "{a: [" + ", ".join(map(str, range(10_000))) + "]}",
        "{" + ", ".join(f"{axis}: [{', '.join(map(str, range(10)))}]" for axis in "abcd") + "}",
        "{" + ", ".join(f"a{axis}: [1, 2, 3]" for axis in range(2_000)) + "}",
        "{include: [" + ", ".join(f"{{a: {n}}}" for n in range(4_000)) + "]}",
        "{a: [1], exclude: [" + ", ".join("{a: 1}" for _ in range(4_000)) + "]}",
    ],
    ids=["one axis", "four axes", "2,000 axes", "include", "exclude"],
)
def test_too_many_members_are_refused_at_once(load_text: Callable[..., Loaded], matrix: str) -> None:
    start = time.perf_counter()
    (found,) = [each for each in load_text(f"{HEAD}        matrix: {matrix}\n").diagnostics if each.code != "MS207"]
    assert found.code == "MS104"
    assert "members; at most 1,000 can run" in found.message
    assert len(found.message) < 120
    assert time.perf_counter() - start < 5  # most of it is reading the text


def test_a_thousand_members_are_fine_and_no_more_than_can_be_put_in(load_text: Callable[..., Loaded]) -> None:
    seeds = ", ".join(map(str, range(1_000)))
    few = f'        matrix: {{a: [{seeds}]}}\n        with: {{seed: "${{{{ matrix.a }}}}"}}\n'
    loaded = load_text(HEAD + few)
    assert loaded.spec is not None
    assert len(loaded.spec.pipelines["p"].steps["fit"].members) == 1_000
    holes = ", ".join(['"${{ matrix.a }}"'] * 300)
    start = time.perf_counter()
    found = load_text(f"{HEAD}        matrix: {{a: [{seeds}]}}\n        with: {{seed: [{holes}]}}\n").diagnostics
    assert [each.code for each in found if each.code != "MS207"] == ["MS104"]
    assert time.perf_counter() - start < 5


def test_a_follower_has_the_members_of_the_first(altered: Callable[..., Loaded]) -> None:
    more = """      last:
        run: flows/churn.py:fit
        each: pipelines.train.evaluate
        inputs: {train: steps.split.train}
        with: {seed: "${{ matrix.seed }}"}
        outputs: {model: model}
      best:"""
    spec = altered("      best:", more).spec
    assert spec is not None
    steps = spec.pipelines["train"].steps
    assert [member.arguments["seed"] for member in steps["last"].members] == [7, 17, 37]
    assert (steps["last"].each, steps["fit"].each) == ("evaluate", "")
    assert len(steps["evaluate"].members) == 3
    assert steps["split"].members == ()
