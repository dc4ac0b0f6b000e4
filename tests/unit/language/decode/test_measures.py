"""Durations and sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("40m", 2400.0), ("1h30m", 5400.0), ("250ms", 0.25), ("1.5h", 5400.0), ("3650d", 315360000.0)],
)
def test_durations(altered: Callable[..., Loaded], written: str, seconds: float) -> None:
    spec = altered("timeout: 40m", f"timeout: {written}").spec
    assert spec is not None
    assert spec.pipelines["train"].steps["fit"].timeout == seconds


@pytest.mark.parametrize(
    ("written", "found", "help"),
    [
        ("40", "MS106", "did you mean `40m`? units are ms, s, m, h, d"),
        ("2.5", "MS106", "did you mean `2.5m`? units are ms, s, m, h, d"),
        ("40 min", "MS106", "did you mean `40m`?"),
        ("40min", "MS106", "did you mean `40m`?"),
        ("2 Hours", "MS106", "did you mean `2h`?"),
        ("1h 30m", "MS106", "did you mean `1h30m`?"),
        ("1 hour 30 minutes", "MS106", "did you mean `1h30m`?"),
        ("-5m", "MS106", "write a number with a unit, such as 10s, 15m, 1h30m or 2d"),
        ("1w", "MS106", "did you mean `7d`?"),
        ("PT1H30M", "MS106", "did you mean `1h30m`?"),
        ("00:40:00", "MS106", "did you mean `40m`?"),
        ("PT", "MS106", "write a number with a unit, such as 10s, 15m, 1h30m or 2d"),
        ("00:00:00", "MS106", "write a number with a unit, such as 10s, 15m, 1h30m or 2d"),
        ("soon", "MS106", "write a number with a unit, such as 10s, 15m, 1h30m or 2d"),
        ('"2400"', "MS106", "write a number with a unit, such as 10s, 15m, 1h30m or 2d"),
        ("2GiB", "MS106", "write a number with a unit, such as 10s, 15m, 1h30m or 2d"),
        ("0s", "MS104", ""),
        ("3651d", "MS104", "look at its unit: m is minutes, d is days"),
        (f"{'9' * 400}d", "MS104", "look at its unit: m is minutes, d is days"),
        (".inf", "MS104", "quote it if it is text"),
        ("true", "MS103", "such as `30s` or `15m`"),
        ("null", "MS103", "such as `30s` or `15m`"),
        ("[40m]", "MS103", "such as `30s` or `15m`"),
    ],
)
def test_what_is_no_duration(altered: Callable[..., Loaded], written: str, found: str, help: str) -> None:
    (told,) = altered("timeout: 40m", f"timeout: {written}").diagnostics
    assert (told.code, told.help) == (found, help)
    assert "`timeout` of step `fit`" in told.message or ".inf" in written


def test_a_duration_that_need_not_be_positive_may_be_nothing(altered: Callable[..., Loaded]) -> None:
    spec = altered("retries: 2", "retries: {limit: 2, delay: 0s}").spec
    assert spec is not None
    assert spec.pipelines["train"].steps["fit"].retries.delay == 0


@pytest.mark.parametrize(("written", "size"), [("2GiB", 2 * 1024**3), ("512MB", 512_000_000), ("0.5KiB", 512)])
def test_sizes(altered: Callable[..., Loaded], written: str, size: int) -> None:
    spec = altered("memory: 2GiB", f"memory: {written}").spec
    assert spec is not None
    assert spec.pipelines["train"].steps["fit"].resources.memory == size


@pytest.mark.parametrize(
    ("written", "found", "help"),
    [
        ("2", "MS106", "did you mean `2GiB`? units are B, KiB, MiB, GiB, TiB and kB, MB, GB, TB"),
        ("2gib", "MS106", "did you mean `2GiB`?"),
        ("2 GiB", "MS106", "did you mean `2GiB`?"),
        ("2Gi", "MS106", "did you mean `2GiB`?"),
        ("512mb", "MS106", "did you mean `512MB`?"),
        ("512", "MS106", "did you mean `512MiB`? units are B, KiB, MiB, GiB, TiB and kB, MB, GB, TB"),
        ("2g", "MS106", "did you mean `2GiB`?"),
        ("15s", "MS106", "write a number with a unit, such as 512MiB or 2GiB"),
        ("1GiB 512MiB", "MS106", "write a number with a unit, such as 512MiB or 2GiB"),
        ("0GiB", "MS104", ""),
        ("1025TiB", "MS104", ""),
        (f"{'9' * 400}GiB", "MS104", ""),
        ("true", "MS103", "such as `512MiB` or `2GiB`"),
        ("{a: b}", "MS103", "such as `512MiB` or `2GiB`"),
    ],
)
def test_what_is_no_size(altered: Callable[..., Loaded], written: str, found: str, help: str) -> None:
    (told,) = altered("memory: 2GiB", f"memory: {written}").diagnostics
    assert (told.code, told.help) == (found, help)


def test_a_slip_in_a_unit_is_mended_and_read_as_what_was_meant(altered: Callable[..., Loaded]) -> None:
    loaded = altered("timeout: 40m", "timeout: 40 min\n        isolate: thread")
    assert [each.code for each in loaded.diagnostics] == ["MS106", "MS109"]  # it has a timeout, so no thread
    fix = loaded.diagnostics[0].fix
    assert fix is not None
    assert (fix.replacement, fix.at.end_col - fix.at.col) == ("40m", len("40 min"))


def test_a_mend_never_takes_away_what_is_put_in(altered: Callable[..., Loaded]) -> None:
    (told,) = altered("timeout: 40m", 'timeout: "${{ params.horizon }} min"').diagnostics
    assert told.help == "did you mean `30m`?"
    assert told.fix is None
    assert altered("timeout: 40m", 'timeout: "${{ params.horizon }}m"').diagnostics == ()


@pytest.mark.parametrize(
    ("written", "meant"), [("40mm", "40m"), ("40n", "40m"), ("40sm", "40ms"), ("2ss", "2s"), ("3p", "")]
)
def test_a_slip_of_the_finger_in_a_unit(altered: Callable[..., Loaded], written: str, meant: str) -> None:
    (told,) = altered("timeout: 40m", f"timeout: {written}").diagnostics
    assert told.help.startswith(f"did you mean `{meant}`" if meant else "write a number")
    assert told.fix is None  # another unit is another time: a person decides
