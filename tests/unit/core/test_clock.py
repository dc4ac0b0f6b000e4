from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from modelsync.core.clock import now, stamp


def test_now_is_in_utc() -> None:
    assert now().tzinfo is UTC


def test_a_stamp_is_utc_with_milliseconds() -> None:
    moment = datetime(2026, 3, 1, 15, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    assert stamp(moment) == "2026-03-01T14:00:00.123Z"
