"""The time of a schedule comes: its pattern can be read, and its time zone exists."""

from __future__ import annotations

import re
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
            meant = _meant(schedule.cron)
            yield Diagnostic(CODE, at.at, message, f'did you mean `"{meant}"`?' if meant else _FORM)
        zone = node.get("timezone")
        if zone is None or not schedule.timezone:
            continue
        from zoneinfo import available_timezones  # reads a folder of 600 files: only for a spec with a time zone

        known = available_timezones()
        if schedule.timezone not in known:
            near = _zone_meant(schedule.timezone, known)
            help = f"did you mean `{near}`?" if near else "name a place of the IANA database, such as `Europe/Berlin`"
            message = f"time zone `{schedule.timezone}` does not exist"
            yield Diagnostic(CODE, zone.at, message, help, fix=slip(zone.at, schedule.timezone, near))


_FORM = "five fields: minute, hour, day, month, weekday; `15 2 * * *` is every night at 02:15"
_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_CALLED = {"day-of-week": "weekday", "day-of-month": "day of the month"}
_OFFSET = re.compile(r"(?:UTC|GMT)([+-])0?([0-9]{1,2})(?::?00)?")
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")


def _meant(cron: str) -> str:
    """The pattern in five fields, when it is written with seconds, with the `?` of Quartz, or as a nickname."""
    fields = _NICKNAMES.get(cron, cron).replace("?", "*").split()
    if len(fields) == _FIELDS + 1:
        fields = fields[1:]  # seconds come first where there are six
    meant = " ".join(fields)
    return meant if meant != cron and not _wrong(meant) else ""


def _zone_meant(written: str, known: set[str]) -> str:
    """The zone that is near; a fixed offset by its name, whose sign is turned; none for an abbreviation."""
    if offset := _OFFSET.fullmatch(written):
        sign, hours = offset.groups()
        meant = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
        return meant if meant in known else ""
    return "" if _ABBREVIATION.fullmatch(written) else nearest(written, known)


def _wrong(cron: str) -> str:
    """Why a pattern is none, empty when a time comes."""
    if len(cron.split()) != _FIELDS:
        count = len(cron.split())
        return f"it has {count} field{'' if count == 1 else 's'}, not {_FIELDS}"
    from cronsim import CronSim, CronSimError  # only for a spec with a schedule

    try:
        next(CronSim(cron, _SOMETIME))
    except CronSimError as error:
        part = str(error).lower().removeprefix("bad ")
        return f"there is no such {_CALLED.get(part, part)}"
    except StopIteration:
        return "that day never comes"
    return ""
