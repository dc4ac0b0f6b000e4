"""Conditions as they are parsed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("metrics.roc_auc > 0.5", []),
        ("true", []),
        ('"metrics.roc_auc > 0.5"', []),
        ("", ["MS103 when"]),
        ("null", ["MS103 null"]),
        ("[a]", ["MS103 ["]),
        ("{a: b}", ["MS103 {"]),
        ('"${{ params.learner }}"', ["MS111 ${{"]),
        ("metrics.roc_auc = 0.5", ["MS301 ="]),
        ("metrics.roc_auc >= 0.5 && true", ["MS301 &"]),
        ("always", ["MS301 always"]),
        ("Never", ["MS301 Never"]),
        ("!gate(fair)", ["MS005 !"]),
        ("! gate(fair) and true", ["MS005 !"]),
        ("7", ["MS302 7"]),
        ("metrics.roc_auc", ["MS302 metrics.roc_auc"]),
        ("(" * 100 + "true" + ")" * 100, []),
        ("not " * 3_000 + "true", None),
    ],
)
def test_a_condition(alter: Spoil, written: str, found: list[str] | None) -> None:
    told = alter("    deploy: live\n", f"    deploy: live\n    when: {written}\n")
    if found is None:
        assert [each[:5] for each in told] == ["MS301"]
    else:
        assert told == found


def test_what_it_belongs_to_is_remembered(spoilt: Callable[..., Loaded]) -> None:
    subject = spoilt().subject
    assert subject is not None
    owners = [(each.owner, each.name) for each in subject.conditions]
    assert owners == [("dataset", "customers")] * 3 + [("model", "churn")] * 5 + [("stage", "production")]
