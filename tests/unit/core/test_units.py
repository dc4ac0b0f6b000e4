from __future__ import annotations

import pytest

from modelsync.core.units import say_bytes, say_count, say_seconds, seconds, written


@pytest.mark.parametrize(
    ("text", "value"), [("10s", 10), ("15m", 900), ("1h30m", 5400), ("2d", 172800), ("250ms", 0.25), ("1.5h", 5400)]
)
def test_durations(text: str, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["10", "", "s", "10 s", "-5s", "10sec", "1h 30m", "ten"])
def test_what_is_no_duration_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="write a number with a unit"):
        seconds(text)


@pytest.mark.parametrize(
    ("value", "text"), [(0.04, "0.0 s"), (12.34, "12.3 s"), (59.9, "59.9 s"), (250, "4 min 10 s"), (7260, "2 h 1 min")]
)
def test_durations_for_people(value: float, text: str) -> None:
    assert say_seconds(value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (3 << 20, "3.0 MiB"), (5 << 30, "5.0 GiB"), (2 << 40, "2.0 TiB")],
)
def test_sizes_for_people(count: int, text: str) -> None:
    assert say_bytes(count) == text


@pytest.mark.parametrize("text", ["0s", "10s", "15m", "1h30m", "2d", "250ms", "1d12h", "1m30s"])
def test_a_duration_is_written_as_it_is_read(text: str) -> None:
    assert written(seconds(text)) == text


def test_one_is_no_plural() -> None:
    assert [say_count(number, "row") for number in (0, 1, 2, 2000)] == ["0 rows", "1 row", "2 rows", "2,000 rows"]
