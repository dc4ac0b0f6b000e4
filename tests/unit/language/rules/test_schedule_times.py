"""Times that come, in zones that exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    "cron",
    [
        "15 2 * * *",
        "*/5 * * * *",
        "0 9-17 * * MON-FRI",
        "0 0 1 jan,jul *",
        "0 0 L * *",
        "0 0 * * 5#3",
        "0 0 * * 1L",
        "0 0 29 2 *",
        "0 0 * * 7",
        "0   0  *  *  *",
        "0 0 31 1-12 *",
    ],
)
def test_a_time_that_comes(alter: Spoil, cron: str) -> None:
    assert alter('"15 2 * * *"', f'"{cron}"') == []


@pytest.mark.parametrize(
    ("cron", "reason"),
    [
        ("0 0 30 2 *", "day"),
        ("0 0 31 4,6 *", "day"),
        ("0 0 * 2 MON#6", "weekday"),
        ("60 0 * * *", "minute"),
        ("0 24 * * *", "hour"),
        ("0 0 0 * *", "day"),
        ("0 0 32 * *", "day"),
        ("0 0 * 13 *", "month"),
        ("0 0 * * 8", "weekday"),
        ("*/0 * * * *", "minute"),
        ("5-1 * * * *", "minute"),
        ("0 0 * * FUNDAY", "weekday"),
        ("a b c d e", "minute"),
        ("-1 * * * *", "minute"),
        ("0 0 15 2 * *", "it has 6 fields, not 5"),
        ("0 0 * *", "it has 4 fields, not 5"),
        ("@daily", "it has 1 field, not 5"),
        ("every night", "it has 2 fields, not 5"),
    ],
)
def test_a_time_that_never_comes(altered: Callable[..., Loaded], cron: str, reason: str) -> None:
    (found,) = altered('"15 2 * * *"', f'"{cron}"').diagnostics
    assert found.code == "MS516"
    assert found.message.startswith(f"`cron` of schedule `nightly` can't be `{cron}`: ")
    assert reason in found.message
    assert found.help


@pytest.mark.parametrize(
    ("zone", "help"),
    [
        ("Europe/Berln", "did you mean `Europe/Berlin`?"),
        ("europe/berlin", "did you mean `Europe/Berlin`?"),
        ("America/New York", "did you mean `America/New_York`?"),
        ("Mars/Olympus", ""),
    ],
)
def test_a_zone_that_does_not_exist(altered: Callable[..., Loaded], zone: str, help: str) -> None:
    (found,) = altered("timezone: Europe/Berlin", f"timezone: {zone}").diagnostics
    assert (found.code, found.message) == ("MS516", f"time zone `{zone}` does not exist")
    assert found.help == help or not help


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Etc/GMT-2"])
def test_a_zone_that_exists(alter: Spoil, zone: str) -> None:
    assert alter("timezone: Europe/Berlin", f"timezone: {zone}") == []


def test_a_slip_in_a_zone_is_mended_unless_it_is_put_in(altered: Callable[..., Loaded]) -> None:
    (found,) = altered("timezone: Europe/Berlin", "timezone: Europe/Berln").diagnostics
    assert found.fix is not None
    assert found.fix.replacement == "Europe/Berlin"
    (found,) = altered(
        "timezone: Europe/Berlin", 'timezone: "${{ env.TZ }}"', environ={"TZ": "Europe/Berln"}
    ).diagnostics
    assert (found.help, found.fix) == ("did you mean `Europe/Berlin`?", None)


def test_a_time_is_looked_at_beside_what_is_missing(alter: Spoil) -> None:
    found = alter(
        'cron: "15 2 * * *", timezone: Europe/Berlin, run: {until: staging}, missed: latest', "cron: 61 3 * * 8"
    )
    assert [each[:5] for each in found] == ["MS102", "MS516"]


def test_a_long_pattern_takes_no_time(alter: Spoil) -> None:
    assert alter('"15 2 * * *"', f'"{",".join(["1"] * 3000)} * * * *"') == []
    assert [each[:5] for each in alter('"15 2 * * *"', f'"{"* " * 3000}"')] == ["MS516"]
