"""The entries of `checks`."""

from __future__ import annotations

from collections.abc import Callable

from modelsync.core.checks import DriftCheck, Expectation, FairnessCheck, PerformanceCheck
from modelsync.language.decode.checks import SHAPES
from modelsync.language.decode.gates import GATE
from modelsync.language.load import Loaded


def test_every_kind_but_custom_has_checks() -> None:
    assert [kind for kind in GATE.options if kind not in SHAPES] == ["custom"]
    assert set(SHAPES) <= set(GATE.options)
    assert all("checks" in GATE.options[kind].keys for kind in SHAPES)


def test_checks_as_decoded(spoilt: Callable[..., Loaded]) -> None:
    spec = spoilt().spec
    assert spec is not None
    gates = spec.gates
    arguments = {"column": "tenure_days", "mostly": 0.99}
    assert gates["data_quality"].checks == (Expectation("expect_column_values_to_not_be_null", arguments),)
    assert gates["input_drift"].checks == (DriftCheck("psi", 0.2, None, 0.1), DriftCheck("ks", 0.1, ("tenure_days",)))
    assert gates["beats_champion"].checks == (
        PerformanceCheck("roc_auc", 0.8, 1.0),
        PerformanceCheck("roc_auc", None, None, "champion", -0.002, "delong", 0.9),
    )
    assert gates["fair"].checks == (FairnessCheck("recall", 0.8, 0.1),)
