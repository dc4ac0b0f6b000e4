from __future__ import annotations

from dataclasses import asdict
from typing import Any

from modelsync.core.checks import DriftCheck, Expectation, PerformanceCheck, WhenAbsent
from modelsync.core.digest import of_value


def test_what_is_asked_has_a_digest_that_changes_with_the_question() -> None:
    asked: list[Any] = [
        Expectation("expect_column_to_exist", {"column": "age"}),
        DriftCheck("psi", 0.2),
        PerformanceCheck("roc_auc", 0.8),
    ]
    other = [asked[0], DriftCheck("psi", 0.1), asked[2]]
    assert of_value([asdict(check) for check in asked]) != of_value([asdict(check) for check in other])


def test_the_words_for_what_is_absent() -> None:
    assert {str(word) for word in WhenAbsent} == {"pass", "fail", "hold"}
