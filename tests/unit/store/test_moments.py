from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.store import moments
from modelsync.store.moments import Moment

DAY = 24 * 3600.0


def test_a_clock_that_jumps_makes_nothing_older_or_younger() -> None:
    made = Moment(1000.0, "boot", 50.0)
    assert Moment(1000.0 + 400 * DAY, "boot", 60.0).since(made) == 10.0
    assert Moment(-(400 * DAY), "boot", 60.0).since(made) == 10.0


def test_across_a_restart_the_wall_clock_is_all_there_is_and_never_negative() -> None:
    made = Moment(1000.0, "boot", 50.0)
    assert Moment(1000.0 + DAY, "other", 5.0).since(made) == DAY
    assert Moment(900.0, "other", 5.0).since(made) == 0.0
    assert Moment(1000.0 + DAY, "", 0.0).since(Moment(1000.0, "", 0.0)) == DAY


def test_now_passes() -> None:
    first = Moment.now()
    assert 0 <= Moment.now().since(first) < 60


def test_a_system_that_does_not_say_when_it_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(moments, "_BOOT_ID", tmp_path / "none")
    assert Moment.now().boot == ""
