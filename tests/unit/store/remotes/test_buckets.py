from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from modelsync.store.remotes import buckets
from modelsync.store.remotes.base import Place


def test_keys_lie_below_the_prefix(line: Any, s3_at: Callable[[int], Place]) -> None:
    place = s3_at(line.port)
    place.create("packs/x", b"1")
    assert line.asked[0].split("?")[0].endswith("/some/where/packs/x")
    place.settle()
    assert len(line.asked) == 1


def test_parts_come_in_few_requests(line: Any, s3_at: Callable[[int], Place]) -> None:
    place = s3_at(line.port)
    place.create("x", bytes(range(250)) * 400)
    line.asked.clear()
    parts = place.ranges("x", [(start, start + 10) for start in range(0, 90_000, 1000)])
    assert len(parts) == 90 and {len(part) for part in parts} == {10}
    assert len(line.asked) == 1


def test_a_list_that_breaks_is_not_taken_for_a_short_one(
    line: Any, s3_at: Callable[[int], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "_PAGE", 3)
    place = s3_at(line.port)
    for number in range(8):
        place.create(f"packs/{number}", b"")
    line.asked.clear()
    line.fault = lambda number, method, path: (None, "cut", 503, "deaf")[number % 4]
    assert [each.key for each in place.list("packs/")] == [f"packs/{number}" for number in range(8)]
