"""What the language is told about the world."""

from __future__ import annotations

from modelsync.language.known import ExpectationShape, Known


def test_an_expectation_needs_nothing_unless_told() -> None:
    assert ExpectationShape(("min_value",)).required == ()


def test_the_world_is_plain_values(known: Known) -> None:
    assert set(known.fairness_metrics) <= set(known.metrics)
    assert "builtin/split" in known.builtins
