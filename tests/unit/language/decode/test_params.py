"""Params, their types and limits, and the values given on the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["type: int, default: 30", "type: int, default: 200"], ["MS104 200"]),
        (["type: int, default: 30", "type: int, default: 3"], ["MS104 3"]),
        (["type: int, default: 30", "type: int, default: 30.5"], ["MS103 30.5"]),
        (["type: int, default: 30", "type: int, default: true"], ["MS103 true"]),
        (["type: int, default: 30", "type: int, default: '30'"], ["MS103 '30'"]),
        (["type: int, default: 30", "type: int, default: [30]"], ["MS103 ["]),
        (["type: int, default: 30", "type: integer, default: 30"], ["MS105 integer"]),
        (["type: int, default: 30, ", "type: int, "], ["MS102 {"]),
        (["type: int, default: 30, ", "default: 30, "], ["MS102 {"]),
        (["min: 7, max: 90", "min: 7, max: 5"], ["MS104 max"]),
        (["min: 7, max: 90", "min: 7, maxx: 90"], ["MS101 maxx"]),
        (["{type: bool, default: false}", "{type: bool, default: no}"], ["MS103 no"]),
        (["{type: bool, default: false}", "{type: bool, default: false, min: 0}"], ["MS109 min"]),
        (["{type: bool, default: false}", "false"], ["MS103 false"]),
        (["values: [gbm, logistic], default: gbm", "values: [gbm, logistic], default: gmb"], ["MS104 gmb"]),
        (["values: [gbm, logistic], default: gbm", "values: [], default: gbm"], ["MS104 ["]),
        (["values: [gbm, logistic], default: gbm", "default: gbm"], ["MS102 {"]),
        (["values: [gbm, logistic], default: gbm", "values: [gbm, gbm], default: gbm"], ["MS109 gbm"]),
        (["values: [gbm, logistic], default: gbm", "values: gbm, default: gbm"], ["MS103 gbm"]),
        (["{type: string, default: 1.10}", "{type: string, default: null}"], ["MS103 null"]),
        (["{type: float, default: 1}", "{type: float, default: .inf}"], ["MS104 .inf"]),
        (
            ["{type: float, default: 1}", '{type: float, default: "${{ params.horizon }}"}'],
            ['MS111 "${{ params.horizon }}"'],
        ),
        (["  horizon:", "  hori-zon:"], ["MS107 hori-zon", "MS206 params.horizon"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_values_keep_their_types(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    values = {name: param.value for name, param in spec.params.items()}
    assert values == {"horizon": 30, "rate": 1.0, "deep": False, "learner": "gbm", "label": "1.10"}
    assert isinstance(values["rate"], float)


def test_what_is_given_replaces_the_default(spoilt: Callable[..., Loaded]) -> None:
    given = {"horizon": "8", "rate": "0.5", "deep": "true", "learner": "logistic", "label": "007"}
    spec = spoilt(overrides=given).spec
    assert spec is not None
    values = {name: param.value for name, param in spec.params.items()}
    assert values == {"horizon": 8, "rate": 0.5, "deep": True, "learner": "logistic", "label": "007"}
    assert spec.params["horizon"].default == 30
    assert spec.pipelines["train"].steps["fit"].arguments["learner"] == "logistic"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"horizon": "1000"}, "`horizon=1000` was given, and param `horizon` must be at most 90"),
        ({"horizon": "many"}, "`horizon=many` was given, and param `horizon` is not of type int"),
        ({"horizon": ""}, "`horizon=` was given, and param `horizon` is not of type int"),
        ({"rate": "1e999"}, "`rate=1e999` was given, and param `rate` is not a finite number"),
        ({"deep": "yes"}, "`deep=yes` was given, and param `deep` is not of type bool"),
        ({"learner": "gmb"}, "`learner=gmb` was given, and param `learner` must be one of gbm, logistic"),
        ({"lerner": "gbm"}, "`lerner=gbm` was given, and the spec has no param `lerner`"),
    ],
)
def test_what_does_not_fit_is_told_by_the_same_rules(
    spoilt: Callable[..., Loaded], given: dict[str, str], said: str
) -> None:
    (found,) = [each for each in spoilt(overrides=given).diagnostics if each.code == "MS112"]
    assert found.message == said
    assert found.at.line == (1 if "lerner" in given else found.at.line)


def test_a_long_text_is_not_taken_for_a_number(spoilt: Callable[..., Loaded]) -> None:
    assert spoilt(overrides={"horizon": "9" * 5000}).diagnostics[0].code == "MS112"
