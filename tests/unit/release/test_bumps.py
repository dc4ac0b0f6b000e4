from __future__ import annotations

from modelsync.core.expression import parse
from modelsync.core.rules import VersionRule
from modelsync.core.version import Bump, Version
from modelsync.release.bumps import FIRST, NO_RULE, decide, predict

START = Version(0, 1, 0)
RULES = (
    VersionRule(Bump.MAJOR, parse("signature.breaking or contract.breaking")),
    VersionRule(Bump.MINOR, parse("changed(params.learner) or metrics.auc - champion.metrics.auc >= 0.01")),
    VersionRule(Bump.PATCH, parse("data.changed")),
)
NOTHING = {
    "signature.breaking": False,
    "contract.breaking": False,
    "changed(params.learner)": False,
    "data.changed": False,
    "metrics.auc": 0.8,
}


def test_first_version_is_the_start() -> None:
    decision = decide(RULES, {}, None, START)
    assert (decision.version, decision.bump, decision.rule) == (START, Bump.NONE, FIRST)


def test_first_rule_that_matches_wins_and_the_earlier_ones_are_kept_with_what_they_saw() -> None:
    facts = {**NOTHING, "changed(params.learner)": True, "data.changed": True}
    decision = decide(RULES, facts, Version(1, 2, 3), START)
    assert decision.version == Version(1, 3, 0)
    assert decision.rule.startswith("minor when changed(params.learner)")
    assert decision.evidence["changed(params.learner)"] is True
    assert [passed.rule for passed in decision.passed_over] == ["major when signature.breaking or contract.breaking"]
    assert decision.passed_over[0].evidence == {"signature.breaking": False, "contract.breaking": False}


def test_without_a_champion_its_comparison_is_false_and_recorded_so() -> None:
    decision = decide(RULES, {**NOTHING, "data.changed": True}, Version(1, 0, 0), START)
    assert decision.version == Version(1, 0, 1)
    assert decision.passed_over[1].evidence["champion.metrics.auc"] is None


def test_no_rule_means_patch_and_says_so() -> None:
    decision = decide(RULES, NOTHING, Version(1, 0, 0), START)
    assert (decision.version, decision.rule) == (Version(1, 0, 1), NO_RULE)


def test_prediction_before_training_keeps_what_is_open_and_ends_where_a_rule_is_sure() -> None:
    known = {"contract.breaking": False, "changed(params.learner)": True, "data.changed": False}
    prediction = predict(RULES, known, Version(0, 1, 0), START)
    assert [version for version, _ in prediction.possible] == [Version(1, 0, 0), Version(0, 2, 0)]
    assert not prediction.certain
    assert str(prediction) == "0.2.0 or 1.0.0"


def test_prediction_is_certain_when_all_is_known() -> None:
    prediction = predict(RULES, {**NOTHING, "data.changed": True}, Version(0, 1, 0), START)
    assert str(prediction) == "0.1.1"
    assert prediction.certain
    assert str(predict(RULES, {}, None, START)) == "0.1.0"


def test_prediction_without_a_sure_rule_ends_with_patch() -> None:
    prediction = predict(RULES[:1], {"contract.breaking": False}, Version(0, 1, 0), START)
    assert prediction.possible[-1] == (Version(0, 1, 1), NO_RULE)
