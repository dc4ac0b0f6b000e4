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
        (["values: [gbm, logistic], default: gbm", "values: gbm, default: gbm"], []),
        (["values: [gbm, logistic], default: gbm", "values: {a: b}, default: gbm"], ["MS103 {"]),
        (["type: int, default: 30", "type: int, default: null"], ["MS103 null"]),
        (["type: int, default: 30", "type: int, default: 1_0"], ["MS103 1_0"]),
        (["type: int, default: 30", "type: int, default: 99999999999999999999"], ["MS104 99999999999999999999"]),
        (["type: int, default: 30", "typ: int, default: 30"], ["MS101 typ"]),
        (["values: [gbm, logistic], default: gbm", "values: [null, logistic], default: gbm"], ["MS103 null"]),
        (["{type: bool, default: false}", "null"], ["MS102 null", "MS102 null"]),
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
    given = {"horizon": "8", "rate": "0.9", "deep": "true", "learner": "logistic", "label": "007"}
    spec = spoilt(overrides=given).spec
    assert spec is not None
    values = {name: param.value for name, param in spec.params.items()}
    assert values == {"horizon": 8, "rate": 0.9, "deep": True, "learner": "logistic", "label": "007"}
    assert spec.params["horizon"].default == 30
    assert spec.pipelines["train"].steps["fit"].arguments["learner"] == "logistic"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"horizon": "1000"}, "`horizon=1000` was given, and param `horizon` must be at most 90"),
        ({"horizon": "many"}, "`horizon=many` was given, and param `horizon` is not of type int"),
        ({"horizon": ""}, "`horizon=` was given, and param `horizon` is not of type int"),
        ({"rate": "1e999"}, "`rate=1e999` was given, and param `rate` is not a finite number within 64 bits"),
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


@pytest.mark.parametrize(
    ("written", "help", "mend"),
    [
        ("type: int, default: '30'", "remove the quotes", "30"),
        ("type: int, default: 1_000", "write `1000`, without `_` or `,`", "1000"),
        ("type: int, default: 30.0", "write `30`, or `type: float`", None),
        ("type: float, default: 5%", "write the share, `0.05`", None),
        ("type: bool, default: yes", "in YAML 1.2 `yes` is text; write `true`", "true"),
        ("type: string, default: true", 'quote it: `"true"`', None),
        ("type: string, default: null", "write `''` for an empty text", None),
        ("type: enum, values: [one, two], default: tow", "did you mean `two`?", None),
        ("type: enum, values: [one, two], default: onee", "did you mean `one`?", "one"),
        ("type: enum, values: [one, two], default: zzz", "", None),
    ],
)
def test_a_default_that_does_not_fit_has_a_way_out(
    load_text: Callable[..., Loaded], written: str, help: str, mend: str | None
) -> None:
    (found,) = load_text(f"modelsync: 1\nproject: x\nparams: {{p: {{{written}}}}}\n").diagnostics
    assert found.help == help
    assert (found.fix and found.fix.replacement) == mend


ONE = "modelsync: 1\nproject: x\nparams: {horizon: {type: int, default: 1, max: 90}}\n"


@pytest.mark.parametrize(
    ("overrides", "environ", "value"),
    [
        ({}, {}, 1),
        ({}, {"MODELSYNC_PARAM_HORIZON": "5"}, 5),
        ({}, {"MODELSYNC_PARAM_horizon": "5"}, 5),
        ({}, {"modelsync_param_horizon": "5", "PARAM_HORIZON": "6"}, 1),
        ({"horizon": "7"}, {"MODELSYNC_PARAM_HORIZON": "5"}, 7),
        ({"horizon": "7"}, {"MODELSYNC_PARAM_HORIZON": "much too many"}, 7),
        ({}, {"MODELSYNC_PARAM_OTHER": "5"}, 1),
        ({}, {"MODELSYNC_PARAM_": "5"}, 1),
    ],
)
def test_the_command_line_wins_over_the_environment_and_that_over_the_default(
    load_text: Callable[..., Loaded], overrides: dict[str, str], environ: dict[str, str], value: int
) -> None:
    spec = load_text(ONE, overrides, environ).spec
    assert spec is not None
    assert spec.params["horizon"].value == value


def test_a_variable_that_does_not_fit_is_named(load_text: Callable[..., Loaded]) -> None:
    (found,) = load_text(ONE, {}, {"MODELSYNC_PARAM_HORIZON": "500"}).diagnostics
    assert found.code == "MS112"
    assert found.message == "`MODELSYNC_PARAM_HORIZON=500` was given, and param `horizon` must be at most 90"
    (found,) = load_text(ONE, {"horizon": "91"}, {"MODELSYNC_PARAM_HORIZON": "5"}).diagnostics
    assert found.message == "`horizon=91` was given, and param `horizon` must be at most 90"
    assert found.help.startswith("the default is 1, declared in ")


def test_a_variable_with_the_letters_of_a_param_is_that_params_alone(load_text: Callable[..., Loaded]) -> None:
    text = "modelsync: 1\nproject: x\nparams: {a: {type: int, default: 1}, A: {type: int, default: 2}}\n"
    spec = load_text(text, {}, {"MODELSYNC_PARAM_A": "5"}).spec
    assert spec is not None
    assert {name: param.value for name, param in spec.params.items()} == {"a": 1, "A": 5}
    spec = load_text(text, {}, {"MODELSYNC_PARAM_A": "5", "MODELSYNC_PARAM_a": "6"}).spec
    assert spec is not None
    assert {name: param.value for name, param in spec.params.items()} == {"a": 6, "A": 5}
    spec = load_text(text.replace("a: {", "ab: {").replace("A: {", "AB: {"), {}, {"MODELSYNC_PARAM_aB": "5"}).spec
    assert spec is not None
    assert {name: param.value for name, param in spec.params.items()} == {"ab": 5, "AB": 2}


def test_one_param_from_the_command_line_and_another_from_the_environment(load_text: Callable[..., Loaded]) -> None:
    text = "modelsync: 1\nproject: x\nparams: {a: {type: int, default: 1}, b: {type: int, default: 2}}\n"
    spec = load_text(text, {"a": "5"}, {"MODELSYNC_PARAM_B": "6"}).spec
    assert spec is not None
    assert {name: param.value for name, param in spec.params.items()} == {"a": 5, "b": 6}


def test_a_long_value_is_shown_in_part(load_text: Callable[..., Loaded]) -> None:
    for overrides, environ in (({"horizon": "9" * 5000}, {}), ({}, {"MODELSYNC_PARAM_HORIZON": "9" * 5000})):
        (found,) = load_text(ONE, overrides, environ).diagnostics
        assert found.code == "MS112"
        assert len(found.message) < 200
    (found,) = load_text(ONE, {"h" * 5000: "1" * 5000}).diagnostics
    assert len(found.message) < 300


def test_what_is_given_to_a_broken_param_is_no_further_fault(load_text: Callable[..., Loaded]) -> None:
    loaded = load_text(ONE.replace("default: 1", "default: x"), {"horizon": "500"})
    assert [each.code for each in loaded.diagnostics] == ["MS103"]


def test_a_long_text_is_not_taken_for_a_number(spoilt: Callable[..., Loaded]) -> None:
    assert spoilt(overrides={"horizon": "9" * 5000}).diagnostics[0].code == "MS112"
