"""Verdicts from numbers alone: the same as from data, and other limits on what was measured."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.cases import Numbers
from modelsync.core.checks import (
    Asked,
    ChampionCheck,
    DriftCheck,
    Expectation,
    FairnessCheck,
    MissingCheck,
    PerformanceCheck,
    Slices,
    WhenAbsent,
)
from modelsync.core.errors import UsageError
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.catalogue import expectation_shapes
from modelsync.gates.judging import judge
from modelsync.gates.limits import adjusted, is_by_value
from modelsync.gates.question import Question
from modelsync.gates.replaying import given, replay
from tests.unit.gates.test_every_expectation import CASES, TABLE

PASS, FAIL, OPEN, SKIPPED = Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.SKIPPED
HOLD = WhenAbsent.HOLD


def _tables() -> dict[str, Any]:
    """Three columns, of which one has moved."""
    draw = np.random.default_rng(7)
    before = {name: draw.normal(size=2_000) for name in "abc"}
    now = {"a": draw.normal(size=2_000), "b": draw.normal(0.6, 1, 2_000), "c": draw.normal(size=2_000)}
    return {"reference": pd.DataFrame(before), "table": pd.DataFrame(now)}


@pytest.mark.parametrize(
    "checks",
    [
        (DriftCheck("psi", 0.2), DriftCheck("ks", 0.1, ("a", "c"))),
        (DriftCheck("ks", 0.1, failing_share=0.5), DriftCheck("psi", 0.01)),
        (DriftCheck("ks", 0.1, alpha=0.01), DriftCheck("wasserstein", 0.7)),
    ],
)
def test_the_same_limits_say_the_same_of_drift(checks: tuple[Asked, ...]) -> None:
    verdict = judge(Question("d", "drift", checks=checks, **_tables()))
    again = replay(verdict, checks, HOLD, HOLD)
    assert (again.outcome, again.reason) == (verdict.outcome, verdict.reason)
    assert {check.id: check.outcome for check in again.checks} == {check.id: check.outcome for check in verdict.checks}


def test_the_same_limits_say_the_same_of_models(cancer: Any) -> None:
    questions = [
        Question(
            "p",
            "performance",
            table=cancer.test,
            model=cancer.model,
            champion=cancer.champion,
            label=cancer_label(),
            checks=(
                PerformanceCheck("roc_auc", min=0.9),
                PerformanceCheck("accuracy", min=0.99, decide_on="interval"),
                PerformanceCheck("roc_auc", versus="champion", min_delta=-0.01, method="delong"),
            ),
        ),
        Question(
            "f",
            "fairness",
            table=cancer.test,
            model=cancer.model,
            label=cancer_label(),
            slices=Slices(("site",), 30),
            checks=(FairnessCheck("recall", 0.8, 0.05),),
        ),
        Question(
            "c",
            "champion",
            table=cancer.test,
            model=cancer.model,
            champion=cancer.champion,
            label=cancer_label(),
            checks=(ChampionCheck("roc_auc", "superior", 0.0), ChampionCheck("f1", "guardrail", 0.02)),
        ),
        Question("m", "missing", table=cancer.test, checks=(MissingCheck(0.1, ("site",)), MissingCheck(0.5))),
    ]
    for question in questions:
        verdict = judge(question)
        assert verdict.outcome is not Outcome.ERROR, verdict.reason
        again = replay(verdict, question.checks, HOLD, HOLD)
        assert [(check.id, check.outcome) for check in again.checks] == [
            (check.id, check.outcome) for check in verdict.checks
        ]
        assert again.outcome is verdict.outcome
        assert all(check.bound for check in verdict.checks if check.decides and check.threshold is not None), question


def cancer_label() -> Any:
    from modelsync.core.checks import Label

    return Label("diagnosis", "malignant")


def test_other_limits_flip_a_verdict() -> None:
    checks: tuple[Asked, ...] = (DriftCheck("ks", 0.1),)
    verdict = judge(Question("d", "drift", checks=checks, **_tables()))
    assert verdict.outcome is FAIL
    looser = replay(verdict, adjusted(checks, ["ks.max=0.4"]), HOLD, HOLD)
    assert looser.outcome is PASS
    assert replay(looser, checks, HOLD, HOLD).outcome is FAIL
    assert replay(verdict, (DriftCheck("ks", 0.1, failing_share=0.5),), HOLD, HOLD).outcome is PASS


def test_a_limit_is_never_below_what_chance_shows() -> None:
    small = {name: table.head(60) for name, table in _tables().items()}
    verdict = judge(Question("d", "drift", checks=(DriftCheck("psi", 0.2, ("a",)),), **small))
    assert verdict.outcome is PASS
    again = replay(verdict, (DriftCheck("psi", 0.0001, ("a",)),), HOLD, HOLD)
    [check] = [check for check in again.checks if check.asked == 0]
    assert (again.outcome, check.threshold) == (PASS, check.noise)


def test_where_nothing_could_be_found_nothing_is_found_by_other_limits() -> None:
    checks: tuple[Asked, ...] = (DriftCheck("psi", 0.2),)
    draw = np.random.default_rng(5)
    one, two = ({f"c{place}": draw.normal(size=50) for place in range(20)} for _ in range(2))
    tables = {"reference": pd.DataFrame(one), "table": pd.DataFrame(two)}
    verdict = judge(Question("d", "drift", checks=checks, **tables))  # type: ignore[arg-type]
    assert verdict.outcome is OPEN
    assert replay(verdict, checks, HOLD, HOLD).outcome is OPEN
    assert replay(verdict, (DriftCheck("psi", 90),), HOLD, HOLD).outcome is PASS


def test_what_is_asked_elsewhere_is_found_by_its_name_and_what_is_new_is_skipped() -> None:
    tables = _tables()
    verdict = judge(Question("d", "drift", checks=(DriftCheck("psi", 0.2), DriftCheck("ks", 0.1)), **tables))
    turned = replay(verdict, (DriftCheck("ks", 0.5), DriftCheck("psi", 5), DriftCheck("tvd", 1)), HOLD, HOLD)
    assert turned.outcome is PASS
    assert [(check.id, check.outcome) for check in turned.checks if check.asked == 2] == [("tvd.max", SKIPPED)]
    alone = replay(verdict, (DriftCheck("ks", 0.5),), HOLD, HOLD)
    assert not any(check.id.startswith("psi") for check in alone.checks)


def test_what_broke_stays_broken() -> None:
    verdict = Verdict("g", "drift", Question("g", "drift").severity, Outcome.ERROR, "no table")
    assert replay(verdict, (DriftCheck("psi", 9),), HOLD, HOLD) == verdict


def _given(kind: str, numbers: dict[str, Any], *checks: Asked, **more: Any) -> Verdict:
    said = {id_: each if isinstance(each, Numbers) else Numbers(each) for id_, each in numbers.items()}
    return given(Question("g", kind, checks=checks, **more), said)


def test_given_numbers() -> None:
    assert _given("drift", {"psi.age": 0.3}, DriftCheck("psi", 0.2)).outcome is FAIL
    assert _given("drift", {"psi.age": Numbers(0.3, noise=0.4)}, DriftCheck("psi", 0.2)).outcome is PASS
    assert _given("drift", {"ks.x": Numbers(0.3, p_adjusted=0.2)}, DriftCheck("ks", 0.1, alpha=0.05)).outcome is PASS
    share = DriftCheck("psi", 0.2, failing_share=0.5)
    assert _given("drift", {"psi.a": 0.3, "psi.b": 0.1}, share).outcome is PASS
    assert _given("drift", {"psi.a": 0.3, "psi.b": 0.3, "psi.c": 0}, share).outcome is FAIL
    both = PerformanceCheck("roc_auc", 0.8, 0.99)
    assert _given("performance", {"roc_auc": 0.9}, both).outcome is PASS
    assert _given("performance", {"roc_auc": 0.995}, both).outcome is FAIL
    assert _given("performance", {"roc_auc.min": 0.995}, both).outcome is PASS
    versus = PerformanceCheck("roc_auc", versus="champion", min_delta=-0.02, method="delong")
    told = {"roc_auc.champion": Numbers(-0.01, (-0.03, 0.01))}
    assert _given("performance", told, both, versus).outcome is OPEN
    assert _given("performance", told, both, versus, inconclusive=WhenAbsent.FAIL).outcome is FAIL
    better = ChampionCheck("f1", "superior", 0.01)
    assert _given("champion", {"f1": Numbers(0.03, (0.02, 0.04))}, better).outcome is PASS
    assert _given("champion", {"f1": Numbers(0.0, (-0.02, 0.005))}, better).outcome is FAIL
    missing = Expectation("expect_column_values_to_not_be_null", {"column": "x", "mostly": 0.9})
    assert _given("quality", {"expect_column_values_to_not_be_null.x": 0.05}, missing).outcome is PASS
    assert _given("quality", {"expect_column_values_to_not_be_null.x": 0.2}, missing).outcome is FAIL
    mean = Expectation("expect_column_mean_to_be_between", {"column": "x", "min_value": 3})
    assert _given("quality", {"expect_column_mean_to_be_between.x": 2}, mean).outcome is FAIL


def _again(question: Question, **other: Any) -> tuple[Verdict, Verdict]:
    """What a gate says, and what a replay says of its record, read back from a journal."""
    verdict = Verdict.from_json(json.loads(json.dumps(judge(question).to_json())))
    settings = {"inconclusive": question.inconclusive, "no_reference": question.no_reference, **other}
    return verdict, replay(verdict, settings.pop("checks", question.checks), **settings)


def test_every_expectation_is_replayed_as_it_was() -> None:
    checks = [Expectation(name, arguments) for name, both in CASES.items() for arguments in both]
    checks += [
        Expectation(check.name, {**check.arguments, "mostly": 0.9}) for check in checks if is_by_value(check.name)
    ]
    assert {check.name for check in checks} == set(expectation_shapes())
    verdict, again = _again(Question("q", "quality", table=TABLE, checks=tuple(checks)))
    assert (again.outcome, again.checks) == (verdict.outcome, verdict.checks)


def test_entries_are_found_by_what_they_are_about() -> None:
    table = pd.DataFrame({"a": [1.0, 200.0], "b": [0.1, 0.9]})
    first = Expectation("expect_column_max_to_be_between", {"column": "a", "max_value": 200})
    second = Expectation("expect_column_max_to_be_between", {"column": "b", "max_value": 1})
    question = Question("q", "quality", table=table, checks=(first, second))
    verdict, again = _again(question, checks=(second, first))
    assert (verdict.outcome, again.outcome) == (PASS, PASS)
    tables = _tables()
    moved = Question("d", "drift", checks=(DriftCheck("psi", 0.1),), **tables)
    verdict, again = _again(moved, checks=(DriftCheck("psi", 0.1, ("a",)),))
    assert (verdict.outcome, again.outcome) == (FAIL, PASS)


def test_errors_decide_beside_a_share() -> None:
    tables = _tables()
    tables["table"] = tables["table"].drop(columns="a")
    checks = (DriftCheck("ks", 0.9, failing_share=0.5),)
    verdict, again = _again(Question("d", "drift", checks=checks, **tables))
    assert (verdict.outcome, again.outcome) == (Outcome.ERROR, Outcome.ERROR)
    looser = (DriftCheck("ks", 0.95, failing_share=0.5),)
    assert replay(verdict, looser, HOLD, HOLD).outcome is Outcome.ERROR


@pytest.mark.parametrize("now", list(WhenAbsent))
def test_no_reference_is_replayed_and_inconclusive_does_not_touch_it(now: WhenAbsent, cancer: Any) -> None:
    champion = Question(
        "c", "champion", table=cancer.test, model=cancer.model, label=cancer_label(), checks=(ChampionCheck("f1"),)
    )
    drifted = Question("d", "drift", table=cancer.test, checks=(DriftCheck("psi", 0.2),))
    for question in (champion, drifted):
        settings: dict[str, Any] = {"inconclusive": WhenAbsent.PASS, "no_reference": now}
        expected = judge(replace(question, **settings))
        _, again = _again(question, **settings)
        assert (again.outcome, again.reason) == (expected.outcome, expected.reason)
        assert "`inconclusive: pass` decides" not in expected.reason


def test_another_method_is_not_guessed_at(cancer: Any) -> None:
    check = PerformanceCheck("accuracy", min=0.5, decide_on="interval")
    question = Question(
        "p", "performance", table=cancer.test, model=cancer.model, label=cancer_label(), checks=(check,)
    )
    _, again = _again(question, checks=(replace(check, confidence=0.5),))
    assert [found.outcome for found in again.checks] == [SKIPPED]
    assert "can't be replayed: `confidence`" in again.checks[0].note


def test_given_numbers_are_held_to_what_an_engine_asks_of_them() -> None:
    assert _given("drift", {"psi.a": Numbers(3.4, noise=3.5)}, DriftCheck("psi", 0.2)).outcome is OPEN
    with pytest.raises(UsageError, match="decided by its interval"):
        _given("champion", {"roc_auc": 0.001}, ChampionCheck("roc_auc"))
    with pytest.raises(UsageError, match="no distance is below 0"):
        _given("drift", {"psi.a": -7.0}, DriftCheck("psi", 0.2))


def test_names_that_do_not_exist() -> None:
    checks: tuple[Asked, ...] = (DriftCheck("psi", 0.2),)
    with pytest.raises(UsageError, match=r"no check `pssi\.age`"):
        _given("drift", {"pssi.age": 0.3}, *checks)
    for setting, message in (
        ("psi", "is not CHECK.KEY=VALUE"),
        ("pi.max=2", "no check `pi`"),
        ("psi.mx=2", "no key `mx`"),
    ):
        with pytest.raises(UsageError, match=message):
            adjusted(checks, [setting])
    assert adjusted(checks, ["psi.max=0.3"]) == (DriftCheck("psi", 0.3),)
