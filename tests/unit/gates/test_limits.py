"""Limits set anew: only those that can be held against numbers of the past, and only to what they may be."""

from __future__ import annotations

import pytest

from modelsync.core.checks import DriftCheck
from modelsync.core.errors import UsageError
from modelsync.gates.limits import adjusted


@pytest.mark.parametrize("text", ["psi.max=abc", "psi.max=", "psi.max=nan", "psi.failing_share=2", "psi.correction=bh"])
def test_limits_that_no_replay_can_hold(text: str) -> None:
    with pytest.raises(UsageError):
        adjusted((DriftCheck("psi", 0.2),), [text])
