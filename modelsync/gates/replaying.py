"""Verdicts from numbers alone: what a gate says of measurements that are given or recorded, without any data."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from modelsync.core.cases import Numbers
from modelsync.core.checks import (
    Asked,
    CalibrationCheck,
    ChampionCheck,
    DriftCheck,
    FairnessCheck,
    WhenAbsent,
)
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates import drift
from modelsync.gates.judging import conclude
from modelsync.gates.limits import BOTH, FREE, OF_EXPECTATIONS, Limit, limits, name_of
from modelsync.gates.performance import NO_CHAMPION
from modelsync.gates.question import WHEN_ABSENT, Answer, Question, numbered

_SHARE = "failing_share"

DECIDED = (Outcome.PASS, Outcome.FAIL, Outcome.INCONCLUSIVE)


def replay(verdict: Verdict, checks: tuple[Asked, ...], inconclusive: WhenAbsent, no_reference: WhenAbsent) -> Verdict:
    """What a gate that asks `checks` would have said where `verdict` was measured.

    What it asks now and was not measured then is `skipped`, and what broke or was skipped then stays so.
    """
    question = Question(
        verdict.gate,
        verdict.kind,
        severity=verdict.severity,
        inconclusive=inconclusive,
        no_reference=no_reference,
        checks=checks,
    )
    if not verdict.checks:
        return _without_reference(verdict, no_reference)
    then = verdict.params.get("asked")
    sources = _sources(then, checks) if then is not None else {}
    same = {place for place, at in sources.items() if then is not None and then[at] == _plain(checks[place])}
    absent = _absent(verdict)
    measured: list[Check] = []
    for recorded in verdict.checks:
        check = recorded
        if check.id in absent:
            check = replace(check, outcome=WHEN_ABSENT[no_reference], note=_redecided(check.note, no_reference))
        if check.asked is None:
            measured.append(check)
        elif then is None:
            again = _again(check, checks, _place(check, checks, verdict.params.get("checks", ())), None)
            measured.extend([] if again is None else [again])
        else:
            for place in (place for place, at in sources.items() if at == check.asked):
                again = _again(check, checks, place, then[check.asked])
                measured.extend([] if again is None else [again])
    said = (*_shared(measured, checks, same), *_unmeasured(checks, measured, same))
    found = conclude(question, Answer(said, absent=absent))
    params = {**verdict.params, **found.params}
    return replace(found, params=params, data=verdict.data, seed=verdict.seed, libraries=verdict.libraries)


def _absent(verdict: Verdict) -> frozenset[str]:
    """The checks whose outcome `no_reference` gave; of a record that does not list them, by their note."""
    known = verdict.params.get("absent")
    if known is not None:
        return frozenset(known)
    return frozenset(check.id for check in verdict.checks if check.note.startswith(f"{NO_CHAMPION}; `no_reference"))


def _redecided(text: str, no_reference: WhenAbsent) -> str:
    return f"{text.split('; `no_reference', 1)[0]}; `no_reference: {no_reference}` decides"


def _without_reference(verdict: Verdict, no_reference: WhenAbsent) -> Verdict:
    """A verdict without checks stays, unless it was `no_reference` that decided it."""
    if "`no_reference: " not in verdict.reason or "no_reference" not in verdict.params:
        return verdict
    return replace(
        verdict,
        outcome=WHEN_ABSENT[no_reference],
        reason=_redecided(verdict.reason, no_reference),
        params={**verdict.params, "no_reference": str(no_reference)},
    )


def _plain(check: Asked) -> Any:
    """An entry as a journal keeps it."""
    return json.loads(json.dumps({"type": type(check).__name__, **dataclasses.asdict(check)}, default=str))


def _fixed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What is measured, without the limits that it is held against."""
    kept = {key: value for key, value in entry.items() if key not in FREE.get(entry["type"], ())}
    if "arguments" in kept:
        kept["arguments"] = {key: value for key, value in kept["arguments"].items() if key not in OF_EXPECTATIONS}
    return kept


def _about(entry: Mapping[str, Any]) -> Any:
    """What an entry is about, whatever it asks of it."""
    arguments = entry.get("arguments", {})
    columns = [value for key, value in arguments.items() if key.startswith("column")]
    return [entry.get(key) for key in ("type", "name", "metric", "versus", "test", "column", "by")], columns


def _sources(then: Sequence[Any], checks: tuple[Asked, ...]) -> dict[int, int]:
    """Which entry of the past measured what each entry asks now: the very same, else what it is about."""
    before, now = [json.loads(json.dumps(entry, default=str)) for entry in then], list(map(_plain, checks))
    found: dict[int, int] = {}
    for alike in (lambda entry: entry, _fixed, _about):
        for place, entry in enumerate(now):
            free = [at for at in range(len(before)) if at not in found.values() and alike(before[at]) == alike(entry)]
            if place not in found and free:
                found[place] = place if place in free else free[0]
    return found


def given(question: Question, numbers: Mapping[str, Numbers]) -> Verdict:
    """What the gate of a question without data says of numbers by the ids of its checks.

    UsageError for an id that the gate has no check for.
    """
    names = numbered(map(name_of, question.checks))
    found: list[Check] = []
    for id_, said in numbers.items():
        fitting = [at for at, name in enumerate(names) if id_ == name or id_.startswith(f"{name}.")]
        place = max(fitting, key=lambda at: len(names[at]), default=None)  # `roc_auc.champion` is not `roc_auc`
        if place is None:
            near = nearest(id_, names)
            help = f"did you mean `{near}`?" if near else f"its checks: {', '.join(names) or 'none'}"
            raise UsageError(f"gate `{question.gate}` has no check `{id_}`", help=help)
        found.extend(_made(id_, place, names[place], question.checks[place], said))
    return conclude(question, Answer(tuple(_shared(found, question.checks, ()))))


def _again(check: Check, checks: tuple[Asked, ...], place: int | None, then: Mapping[str, Any] | None) -> Check | None:
    """A check under the limits that hold now, as it was where they are the same; None when nobody asks it any more."""
    if place is None:
        return None
    now = replace(check, asked=place)
    asked, columns = checks[place], getattr(checks[place], "columns", None)
    if columns is not None and check.subject and check.subject not in columns and check.asked is not None:
        return now if then is not None and then.get("columns") == list(columns) else None
    old: Asked | None = None
    if then is not None:
        entry = _plain(asked)
        if {**entry, "columns": None} == {**then, "columns": None}:
            return now
        before, after = _fixed(then), _fixed(entry)
        other = [key for key in after if key != "columns" and after[key] != before.get(key)]
        if other:
            return _unanswered(now, f"`{other[0]}` was another then")
        free = {key: then[key] for key in FREE.get(then["type"], ())} if "arguments" not in then else {}
        old = replace(asked, **(free or {"arguments": then["arguments"]}))
    if check.value is None or check.outcome not in DECIDED or not check.bound or check.bound == _SHARE:
        return now
    bounds = _bounds_of(check, asked)
    if not bounds:
        return None
    outcome, limit, threshold = _settled(check, bounds)
    if old is not None:
        earlier, its_limit, _ = _settled(check, _bounds_of(check, old)) if _bounds_of(check, old) else (None, None, 0)
        if its_limit == limit:
            return now
        if earlier is not check.outcome or _by_other_means(check, asked, old):
            return now if check.outcome is Outcome.INCONCLUSIVE else _unanswered(now, "not by its number alone")
    if isinstance(asked, FairnessCheck) and outcome is Outcome.PASS and "two are needed" in check.note:
        outcome = Outcome.INCONCLUSIVE  # a metric that could not be compared leaves a pass undecided
    direction = limit.direction.replace("=", "") if limit.strict else limit.direction
    return replace(now, outcome=outcome, threshold=threshold, direction=direction, bound=limit.key)


def _by_other_means(check: Check, asked: Asked, old: Asked) -> bool:
    """Whether other limits would have been measured otherwise: exactly without a margin, or with a p value."""
    if isinstance(asked, ChampionCheck) and isinstance(old, ChampionCheck) and "mcnemar" in check.note:
        return (asked.margin == 0) != (old.margin == 0)
    return isinstance(asked, DriftCheck) and asked.alpha is not None and check.p_adjusted is None


def _unanswered(check: Check, why: str) -> Check:
    note = f"can't be replayed: {why}"
    return replace(check, outcome=Outcome.SKIPPED, threshold=None, direction="", note=note, bound="")


def _bounds_of(check: Check, asked: Asked) -> list[Limit]:
    return [each for each in limits(asked) if each.key == check.bound or {each.key, check.bound} <= set(BOTH)]


def _settled(check: Check, bounds: Sequence[Limit]) -> tuple[Outcome, Limit, float]:
    """What a recorded number means under bounds: the first that it breaks decides."""
    assert check.value is not None, "asked before"
    numbers = Numbers(check.value, check.interval, check.p_adjusted, check.noise)
    settled = [(limit, *limit.settle(numbers)) for limit in bounds]
    limit, outcome, threshold = next((each for each in settled if each[1] is not Outcome.PASS), settled[-1])
    return outcome, limit, threshold


def _shared(measured: Sequence[Check], checks: tuple[Asked, ...], same: Iterable[int]) -> Iterator[Check]:
    """All checks, with the share of failing columns counted again where a share may fail and an entry has changed."""
    kept = set(same)
    drifts = {place: check for place, check in enumerate(checks) if isinstance(check, DriftCheck) and place not in kept}
    names = numbered(map(name_of, checks))
    moved = {check.subject for check in measured if check.asked is None and check.outcome is Outcome.FAIL}
    for place, asked in drifts.items():
        columns = [check for check in measured if check.asked == place and check.bound != _SHARE]
        if columns and asked.failing_share > 0:
            yield drift.share(asked, place, names[place], columns, moved)
    for check in measured:
        if check.asked not in drifts:
            yield check
        elif check.bound != _SHARE:
            is_strict = not drifts[check.asked].failing_share
            yield replace(check, decides=is_strict or check.outcome is Outcome.ERROR)


def _place(check: Check, checks: tuple[Asked, ...], before: Sequence[Mapping[str, Any]]) -> int | None:
    """Which entry asks now what this one asked: the one in its place, else the first of the same name."""
    assert check.asked is not None, "only what answers an entry has a place"
    then = before[check.asked] if check.asked < len(before) else {}
    name = next((str(then[key]) for key in ("test", "metric", "method", "column") if key in then), "")
    places = [check.asked, *range(len(checks))] if check.asked < len(checks) else list(range(len(checks)))
    return next((place for place in places if not name or name in _names(checks[place])), None)


def _names(check: Asked) -> tuple[str, ...]:
    return (name_of(check), *(getattr(check, key, "") for key in ("metric", "column")))


def _unmeasured(checks: tuple[Asked, ...], measured: Sequence[Check], same: Iterable[int]) -> Iterator[Check]:
    """What is asked now and was not measured then."""
    seen = {(check.asked, check.bound) for check in measured}
    alone = (check for check in measured if check.decides and (not check.bound or check.bound in BOTH))
    whole = {*same, *(check.asked for check in alone)}  # a check says all of its entry
    for place, check in enumerate(checks):
        for limit in limits(check) if place not in whole else ():
            if (place, limit.key) not in seen:
                note = "not measured then"
                yield Check(f"{name_of(check)}.{limit.key}", "", limit.key, Outcome.SKIPPED, note=note, asked=place)


def _made(id_: str, place: int, name: str, asked: Asked, numbers: Numbers) -> Iterator[Check]:
    """The checks that one given number answers: both bounds of a metric, or the one that is named."""
    rest = id_.removeprefix(name).removeprefix(".")
    bounds = limits(asked)
    meant = [limit for limit in bounds if rest == limit.key or rest.startswith(f"{limit.key}.")] or list(bounds)
    if isinstance(asked, DriftCheck | CalibrationCheck) and numbers.value < 0:
        raise UsageError(f"`{id_}` is {numbers.value:g}, and no distance is below 0", help="give what was measured")
    for limit in meant:
        if limit.by_interval and numbers.interval is None:
            help = f"write `{id_}: {{value: {numbers.value:g}, interval: [low, high]}}`"
            raise UsageError(f"`{id_}` is decided by its interval, and only a value is given", help=help)
        outcome, threshold = limit.settle(numbers)
        yield Check(
            id=id_ if len(meant) == 1 else f"{id_}.{limit.key}",
            subject=rest if rest != limit.key else "",
            statistic=name,
            outcome=outcome,
            value=numbers.value,
            threshold=threshold,
            direction=limit.direction.replace("=", "") if limit.strict else limit.direction,
            interval=numbers.interval,
            p_adjusted=numbers.p_adjusted,
            noise=numbers.noise,
            bound=limit.key,
            asked=place,
        )
