"""The pictures of a topic, by the kind of its gate; what can't be drawn is left out with one sentence of why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates import sides
from modelsync.gates.page import columns, distribution, forest, levels, reliability, residuals, shares
from modelsync.gates.page.forest import Row
from modelsync.gates.page.markup import Markup, tag
from modelsync.gates.page.scene import Scene
from modelsync.gates.page.topics import Topic
from modelsync.gates.question import GateError, first_line
from modelsync.gates.sketch import Sketch

_INTERVAL = re.compile(r"[\d.]+% (?:bootstrap|Wilson) interval [-+\d.e]+ to [-+\d.e]+(; )?")
_BOTH = re.compile(r"model (-?[\d.]+(?:e-?\d+)?), champion (-?[\d.]+(?:e-?\d+)?)")


def draw(topic: Topic, verdict: Verdict, scene: Scene) -> Markup | None:
    """All pictures of a topic; odd data break a picture and nothing else."""
    try:
        drawn = list(_KINDS.get(verdict.kind, _none)(topic, verdict, scene))
    except GateError as error:
        return _without(str(error))
    except Exception as error:  # whatever a library or a user's model raises on data that no chart was made for
        return _without(first_line(error))
    return tag("div", drawn, class_="pictures") if drawn else None


def _without(why: str) -> Markup:
    return tag("p", f"There is no picture: {why}", class_="small muted")


def _none(_: Topic, __: Verdict, ___: Scene) -> Iterable[Markup]:
    return ()


def _drift(topic: Topic, verdict: Verdict, scene: Scene) -> Iterable[Markup]:
    found = columns.column(scene, verdict.kind, topic.name)
    if isinstance(found, columns.Levels):
        yield levels.levels(topic.name, found.before, found.now)
    elif isinstance(found, columns.Numbers) and len(found.before) and len(found.now):
        yield distribution.histograms(topic.name, found.before, found.now)
        yield distribution.difference(topic.name, found.before, found.now)
    if found is not None and any(found.missing):
        yield shares.bars("Missing values", list(zip(("reference", "now"), found.missing, strict=True)), "bad-bar")


def _parts(topic: Topic, _: Verdict, __: Scene) -> Iterable[Markup]:
    """Groups or slices of rows, one under the other."""
    if topic.parts:
        limits = sorted({check.threshold for check in topic.parts if check.threshold is not None})
        yield forest.forest("By group of rows", list(map(_row, topic.parts)), limits)


def _row(check: Check) -> Row:
    note = _INTERVAL.sub("", check.note) if check.interval is not None else check.note
    return Row(check.subject, check.value, check.interval, check.n, check.outcome if _is_judged(check) else None, note)


def _is_judged(check: Check) -> bool:
    return check.threshold is not None or check.outcome is not Outcome.PASS


def _champion(topic: Topic, verdict: Verdict, scene: Scene) -> Iterable[Markup]:
    for check in topic.checks:
        both = _BOTH.search(check.note)
        if both is not None:
            rows = [
                Row(who, float(value), n=check.n)
                for who, value in zip(("model", "champion"), both.groups(), strict=True)
            ]
            yield forest.forest("Both on the same rows", rows, first="scored")
    yield from _parts(topic, verdict, scene)


def _trainings(topic: Topic, _: Verdict, __: Scene) -> Iterable[Markup]:
    values = [check.value for check in topic.parts if check.value is not None]
    if values:
        mean = sum(values) / len(values)
        rows = list(map(_row, topic.parts))
        yield forest.forest("Every training; the dashed line is their mean", rows, [mean], first="training")


def _reliability(topic: Topic, verdict: Verdict, _: Scene) -> Iterable[Markup]:
    found = _bins(topic, verdict.params.get("reliability"))
    if found:
        yield reliability.plot(found)
        yield reliability.table(found)


def _bins(topic: Topic, kept: Any) -> list[reliability.Bin]:
    """The table that the verdict keeps: one for all checks, or one for each place in `checks`."""
    if isinstance(kept, Mapping):
        place = topic.checks[0].asked
        kept = kept.get(str(place), kept.get(place, next(iter(kept.values()), None)))
    if not isinstance(kept, list | tuple):
        return []
    names = ("low", "high", "n", "mean_predicted", "share_positive")
    return [reliability.Bin(**{name: one.get(name) for name in names}) for one in kept]


def _residuals(topic: Topic, verdict: Verdict, scene: Scene) -> Iterable[Markup]:
    seen = scene.seen
    yield residuals.plot(seen.numbers, seen.truth.numbers - seen.numbers)
    if topic.parts:
        limits = {check.threshold for check in (*topic.checks, *topic.parts) if check.threshold is not None}
        yield forest.forest("By segment", list(map(_row, topic.parts)), sorted(limits), first="segment")


def _unexpected(topic: Topic, _: Verdict, __: Scene) -> Iterable[Markup]:
    for check in topic.checks:
        if check.value is None or not check.n or not 0 <= check.value <= 1 or "share" not in check.statistic:
            continue
        is_missing = check.statistic in ("missing share", "unexpected share by expect_column_values_to_not_be_null")
        missing = check.value if is_missing else (check.n_missing or 0) / check.n
        wrong = 0.0 if is_missing else check.value * (1 - missing)
        parts = [shares.Part("unexpected", wrong, "bad-bar")] if not is_missing else []
        parts += [shares.Part("missing", missing, "bad-bar" if is_missing else "before-bar")]
        parts += [shares.Part("as they should be", max(1 - wrong - missing, 0.0), "gap-bar")]
        yield shares.bar(f"{check.n:,} values", parts)


def _outliers(topic: Topic, _: Verdict, scene: Scene) -> Iterable[Markup]:
    now = scene.now.column(topic.name)
    if now is None or not any(check.value is not None for check in topic.checks):
        return
    values = sides.numbers(now).values
    if not isinstance(values, Sketch) and len(values):
        yield distribution.one(topic.name, values, _limits(topic), by_reference=scene.before.rows > 0)


def _limits(topic: Topic) -> list[float]:
    """Where outside begins, as the note of the check says it."""
    for check in topic.checks:
        found = re.search(r"(-?[\d.]+(?:e[+-]?\d+)?) to (-?[\d.]+(?:e[+-]?\d+)?) by ", check.note)
        if found is not None:
            return [float(end) for end in found.groups()]
    return []


_KINDS: Mapping[str, Callable[[Topic, Verdict, Scene], Iterable[Markup]]] = {
    "drift": _drift,
    "target_drift": _drift,
    "prediction_drift": _drift,
    "quality": _unexpected,
    "missing": _unexpected,
    "outliers": _outliers,
    "performance": _champion,
    "champion": _champion,
    "fairness": _parts,
    "stability": _trainings,
    "calibration": _reliability,
    "residuals": _residuals,
}
