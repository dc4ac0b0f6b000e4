"""The time of a schedule comes: its pattern can be read, and its time zone exists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from modelsync.core.diagnostics import Diagnostic
from modelsync.core.nearest import nearest
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS516"

_FIELDS = 5
_SOMETIME = datetime(2024, 1, 1, tzinfo=UTC)  # any start serves: only whether a time ever comes is asked


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each wrong pattern, and each unknown time zone."""
    for schedule in subject.spec.schedules.values():
        node = subject.context.nodes["schedules", schedule.name]
        if schedule.cron and (at := node.get("cron")) is not None and (reason := _wrong(schedule.cron)):
            message = f"`cron` of schedule `{schedule.name}` can't be `{schedule.cron[:60]}`: {reason}"
            help = "five fields: minute, hour, day, month, weekday; `15 2 * * *` is every night at 02:15"
            yield Diagnostic(CODE, at.at, message, help)
        zone = node.get("timezone")
        if zone is None or not schedule.timezone:
            continue
        from zoneinfo import available_timezones  # reads a folder of 600 files: only for a spec with a time zone

        known = available_timezones()
        if schedule.timezone not in known:
            near = nearest(schedule.timezone, known)
            help = (
                f"did you mean `{near}`?" if near else "names are those of the IANA database, such as `Europe/Berlin`"
            )
            message = f"time zone `{schedule.timezone}` does not exist"
            yield Diagnostic(CODE, zone.at, message, help, fix=slip(zone.at, schedule.timezone, near))


def _wrong(cron: str) -> str:
    """Why a pattern is none, empty when a time comes."""
    if len(cron.split()) != _FIELDS:
        return f"it has {len(cron.split())} fields, not {_FIELDS}"
    from cronsim import CronSim, CronSimError  # only for a spec with a schedule

    try:
        next(CronSim(cron, _SOMETIME))
    except CronSimError as error:
        return str(error).lower() or "a field is out of range"
    except StopIteration:
        return "that day never comes"
    return ""
