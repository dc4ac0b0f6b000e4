"""Freshness: how old the newest time in a column is, and that no time lies in the future."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from modelsync.core import clock
from modelsync.core.checks import FreshnessCheck
from modelsync.core.units import say_seconds
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import selection
from modelsync.gates.question import Answer, Question, numbered

if TYPE_CHECKING:
    import pandas as pd

SKEW = 60.0  # seconds by which the clocks of two machines may differ before a time counts as in the future
_AGE, _FUTURE = "age in seconds", "times in the future"


class _UnreadableError(Exception):
    """The column holds something else than times; the message is the note of the check."""


def answer(question: Question) -> Answer:
    """Two checks for each column: the age of its newest time that has come, and how many have not come yet.

    Times without a zone are UTC, dates are their midnight. Text must be ISO 8601.
    """
    table, _ = selection.tables(question)
    moment = _utc(question.now or clock.now())
    wanted = question.asked(FreshnessCheck)
    ids = numbered(check.column for _, check in wanted)
    checks: list[Check] = []
    for id_, (place, check) in zip(ids, wanted, strict=True):
        checks.extend(_checks(table, moment, id_, place, check))
    params = {
        "checks": [{"column": check.column, "max_age": check.max_age} for _, check in wanted],
        "now": clock.stamp(moment),
        "clock_skew": SKEW,
    }
    return Answer(tuple(checks), params, _engine())


def _checks(table: pd.DataFrame, moment: datetime, id_: str, place: int, wanted: FreshnessCheck) -> list[Check]:
    name = wanted.column
    fault = selection.absent(table, name)
    try:
        times, remark = (None, "") if fault else _times(table[name])
    except _UnreadableError as error:
        times, fault = None, str(error)
    if times is None:
        return [Check(f"age.{id_}", name, _AGE, Outcome.ERROR, note=fault, asked=place)]
    missing = int(times.isna().sum())
    numbers: dict[str, Any] = {"n": len(times) - missing, "n_missing": missing, "direction": "<=", "asked": place}
    if missing == len(times):
        return [Check(f"age.{id_}", name, _AGE, Outcome.ERROR, note="every time is missing", **numbers)]
    return [
        _age(f"age.{id_}", wanted, times, moment, remark, numbers),
        _future(f"future.{id_}", name, times, moment, remark, numbers),
    ]


def _age(
    id_: str, wanted: FreshnessCheck, times: pd.Series, moment: datetime, remark: str, numbers: dict[str, Any]
) -> Check:
    come = times[times <= _later(moment)]
    if not len(come):
        note = "every time lies in the future, so the newest is not known"
        return Check(id_, wanted.column, _AGE, Outcome.ERROR, note=note, threshold=wanted.max_age, **numbers)
    newest = come.max().to_pydatetime(warn=False)
    age = max((moment - newest).total_seconds(), 0.0)
    note = f"newest {clock.stamp(newest)}, {say_seconds(age)} old, at most {say_seconds(wanted.max_age)}{remark}"
    outcome = Outcome.PASS if age <= wanted.max_age else Outcome.FAIL
    return Check(id_, wanted.column, _AGE, outcome, age, wanted.max_age, note=note, bound="max_age", **numbers)


def _future(id_: str, name: str, times: pd.Series, moment: datetime, remark: str, numbers: dict[str, Any]) -> Check:
    count = int((times > _later(moment)).sum())
    note = f"latest {clock.stamp(times.max().to_pydatetime(warn=False))}{remark}" if count else ""
    return Check(id_, name, _FUTURE, Outcome.FAIL if count else Outcome.PASS, count, 0, note=note, **numbers)


def _later(moment: datetime) -> pd.Timestamp:
    import pandas as pd

    return pd.Timestamp(moment) + pd.Timedelta(seconds=SKEW)


def _times(values: pd.Series) -> tuple[pd.Series, str]:
    """The column as times in UTC, with what had to be assumed."""
    import pandas as pd
    from pandas.api import types

    if types.is_datetime64_any_dtype(values.dtype):
        if getattr(values.dt, "tz", None) is not None:
            return values.dt.tz_convert("UTC"), ""
        return values.dt.tz_localize("UTC"), "; times without a zone are read as UTC"
    if types.is_numeric_dtype(values.dtype):
        raise _UnreadableError("it holds numbers; make it a datetime column, or ISO text such as 2026-01-31T12:00:00Z")
    found = pd.to_datetime(values, utc=True, errors="coerce", format="ISO8601")
    odd = values[found.isna() & values.notna()]
    if len(odd):
        shown = str(odd.iloc[0])[:40]
        raise _UnreadableError(f"{len(odd):,} of {len(values):,} values are no ISO times, such as {shown!r}")
    return found, "; text without a zone is read as UTC, a date as its midnight"


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _engine() -> str:
    import pandas as pd

    return f"pandas {pd.__version__}"
