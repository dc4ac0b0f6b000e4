from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.checking import check, mend
from modelsync.api.starting import init
from modelsync.core.errors import UsageError


def test_safe_mends_are_put_in_and_nothing_else_is_touched(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    good = spec.read_text()
    spec.write_text(
        good.replace("severity", "sev")
        .replace("strategy: blue_green", "stratgy: blue_gren")
        .replace("gates:", "gtes:", 1)
    )
    found = check([spec])[0]
    assert found.errors >= 2
    assert mend(found) >= 2
    again = check([spec])[0]
    assert mend(again) == 0 or check([spec])[0].errors == 0
    assert spec.read_text() == good
    assert list(spec.parent.glob(".*")) == []


def test_without_a_slip_nothing_is_written(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    before = spec.stat().st_mtime_ns
    assert mend(check([spec])[0]) == 0
    assert spec.stat().st_mtime_ns == before


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check([tmp_path / "modelsync.yaml"])
