"""Only slips of the pen are mended without asking."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.diagnostics import Pos
from modelsync.language.mends import slip

AT = Pos(Path("modelsync.yaml"), 1, 1, 1, 2)


@pytest.mark.parametrize(
    ("written", "meant", "safe"),
    [
        ("freshnes", "freshness", True),
        ("steps.feature.train", "steps.features.train", True),
        ("flows/churn.py:fitt", "flows/churn.py:fit", True),
        ("gate(fiar)", "gate(fair)", True),
        ("maxStd", "max_std", True),
        ("A-B-Test", "a_b_test", True),
        ("signature.breaking", "contract.breaking", False),
        ("steps.split.train", "steps.split.test", False),
        ("feature_1", "feature_2", False),
        ("params.horizon", "params.horizon_days", False),
        ("a.b", "a.b.c", False),
        ("colour", "colour: red", False),
        ("x", "", False),
    ],
)
def test_slip(written: str, meant: str, safe: bool) -> None:
    found = slip(AT, written, meant)
    assert (found is not None) == safe
    assert found is None or (found.replacement == meant and found.at == AT)
