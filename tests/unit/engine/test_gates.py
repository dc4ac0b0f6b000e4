from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelsync.core.diagnostics import Pos
from modelsync.core.errors import StepError
from modelsync.core.verdict import Outcome
from modelsync.engine import gates
from modelsync.language.model import Gate, Ref, RefKind


def test_a_validator_that_can_not_be_imported_is_an_error_of_its_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*_: object) -> None:
        raise StepError("`validators/x.py` can't be imported: ModuleNotFoundError")

    monkeypatch.setattr(gates, "ask", ask)
    at = Pos(Path("modelsync.yaml"), 1, 1, 1, 2)
    run: Any = None  # nothing of it is reached
    verdict, page = gates._judged(run, Gate("floor", "custom", Ref(RefKind.MODEL, ("m",), at), at), None)
    assert (verdict.gate, verdict.outcome, page) == ("floor", Outcome.ERROR, None)
    assert verdict.blocks
    assert "can't be imported" in verdict.reason
