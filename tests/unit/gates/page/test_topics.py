"""Checks by what they are about, the worst first."""

from __future__ import annotations

from modelsync.core.verdict import Outcome
from modelsync.gates.page.topics import room, topics, worst_first
from tests.unit.gates.page.conftest import check, verdict


def test_the_checks_of_a_column_are_one_topic_and_the_worst_is_first() -> None:
    found = topics(
        verdict(
            [
                check("a", "fine", outcome=Outcome.PASS, value=0.01),
                check("b", "narrow", outcome=Outcome.PASS, value=0.19),
                check("c", "age", outcome=Outcome.PASS, value=0.1),
                check("d", "age", statistic="ks"),
                check("e", "lost", outcome=Outcome.ERROR, value=None),
            ]
        )
    )
    assert [topic.name for topic in found] == ["lost", "age", "narrow", "fine"]
    assert [each.id for each in found[1].checks] == ["d", "c"]
    assert [topic.is_open for topic in found] == [True, True, False, False]


def test_slices_are_parts_of_their_metric_and_a_failing_one_makes_it_fail() -> None:
    asked = {"checks": [{"metric": "roc_auc", "min": 0.8}, {"metric": "roc_auc", "versus": "champion"}]}
    whole = check("roc_auc.min", "the model", "roc_auc", outcome=Outcome.PASS, asked=0)
    part = check("roc_auc.sex.f.min", "sex = f", "roc_auc", asked=0)
    other = check("roc_auc.champion", "", "roc_auc minus the champion's", outcome=Outcome.PASS, asked=1)
    found = topics(verdict([whole, part, other], "performance", params=asked))
    assert [topic.name for topic in found] == ["roc_auc", "roc_auc, against the champion"]
    assert (found[0].checks, found[0].parts, found[0].outcome) == ((whole,), (part,), Outcome.FAIL)


def test_the_worst_segment_stands_for_all_of_them() -> None:
    worst = check("bias", "region = west", "bias", asked=0)
    shown = check("bias.west", "region = west", "bias", outcome=Outcome.PASS, threshold=None, asked=0, decides=False)
    (topic,) = topics(verdict([shown, worst], "residuals"))
    assert (topic.checks, topic.parts) == ((worst,), (shown,))


def test_a_column_may_be_called_like_a_group() -> None:
    (topic,) = topics(verdict([check("a", "x = y")]))
    assert (topic.name, topic.parts) == ("x = y", ())


def test_groups_of_fairness_by_metric_and_column() -> None:
    found = topics(
        verdict(
            [
                check("recall.sex", "sex", "ratio of the lowest to the highest recall", direction=">="),
                check("recall.sex.f", "sex = f", "recall", outcome=Outcome.PASS, threshold=None, decides=False),
                check("recall.age", "age", "ratio of the lowest to the highest recall", outcome=Outcome.PASS),
            ],
            "fairness",
        )
    )
    assert [(topic.name, len(topic.parts)) for topic in found] == [("recall by sex", 1), ("recall by age", 0)]


def test_what_only_shows_a_number_decides_no_topic() -> None:
    shown = check("psi.age", decides=False)
    (alone,) = topics(verdict([shown]))
    assert alone.outcome is Outcome.FAIL  # nothing else is known of it
    (beside,) = topics(verdict([shown, check("ks.age", outcome=Outcome.PASS)]))
    assert beside.outcome is Outcome.PASS


def test_room_is_a_share_of_the_limit() -> None:
    assert room(check(value=0.1)) == 0.5
    assert room(check(value=0.9, threshold=0.6, direction=">=")) > 0
    assert room(check(value=None)) == float("inf")
    ordered = worst_first([check("a", outcome=Outcome.PASS, value=0.0), check("b", outcome=Outcome.PASS, value=0.1)])
    assert [each.id for each in ordered] == ["b", "a"]
