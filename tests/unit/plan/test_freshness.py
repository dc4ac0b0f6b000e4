"""How old content may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from modelsync.plan.freshness import too_old

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = 24 * 3600.0


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(hours=23), ""),
        (timedelta(hours=24), ""),
        (timedelta(hours=-1), ""),  # a clock that is ahead makes nothing old
        (timedelta(hours=30), "its newest content is 30 h 0 min old, more than `max_age: 1d`"),
    ],
)
def test_content_is_fresh_up_to_its_age(age: timedelta, said: str) -> None:
    assert too_old(DAY, NOW - age, NOW) == said


def test_content_whose_time_nobody_knows_is_not_fresh() -> None:
    assert too_old(DAY, None, NOW) == (
        "its source gives no time, so nobody knows whether it is younger than `max_age: 1d`"
    )
