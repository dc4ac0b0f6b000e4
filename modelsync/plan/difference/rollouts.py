"""Deployments: where they run, how carefully a new version takes over, and what is watched meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from modelsync.language.delivery import Deploy, Rollback, TrafficStep, Watch
from modelsync.language.model import Spec
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.parts import Moved, Rule, Seconds, Way, cap, floor, look, moved, neutral, ranked, seconds
from modelsync.plan.difference.sides import Side

STRATEGY = ranked("recreate", "rolling", "blue_green", ("canary", "shadow", "ab_test"))
"""From a gap in service, over replicas that change under load and all at once, to a part of the traffic first."""

_STEP: Mapping[str, Rule] = {"traffic": cap, "for": floor, "min_requests": floor, "pause": ranked(False, True)}
_WATCH: Mapping[str, Rule] = {"min": floor, "max": cap, "fail_after": cap, "observe": ranked(True, False)}
_ROLLBACK: Mapping[str, Rule] = {"to": look, "within": cap, "freeze": floor}
_KINDS = {
    Way.WEAKER: Class.ROLLOUT_WEAKENED,
    Way.TIGHTER: Class.ROLLOUT_TIGHTENED,
    Way.LOOK: Class.LOOK,
    Way.NEUTRAL: Class.CHANGED,
}


def compare(old: Side, new: Side) -> Iterator[Change]:
    """Every change of a deployment."""
    for name, deploy in old.spec.deploys.items():
        if name not in new.spec.deploys:
            said = "was removed: what runs is left as it is"
            yield Change(Class.REMOVED, f"deploy `{name}`", said, old.at("deploy", name))
        else:
            yield from _deploy(old, new, deploy, new.spec.deploys[name])
    for name in new.spec.deploys:
        if name not in old.spec.deploys:
            yield Change(Class.ADDED, f"deploy `{name}`", "was added", after=new.at("deploy", name))


def _deploy(old: Side, new: Side, before: Deploy, after: Deploy) -> Iterator[Change]:
    what = f"deploy `{before.name}`"

    def told(found: Moved, *path: str | int, also: tuple[str | int, ...] = (), about: str = "") -> Change:
        start = ("deploy", before.name)
        return Change(
            _KINDS[found.way], what, f"{about}{found}", old.at(*start, *path), new.at(*start, *(also or path))
        )

    rules = {"model": look, "strategy": STRATEGY, "max_unavailable": _unavailable, "max_surge": neutral}
    for found in moved(_plain(before), _plain(after), rules):
        yield told(found, found.name)
    there, here = _target(before), _target(after)
    for found in moved(there, here, dict.fromkeys({**there, **here}, neutral)):
        yield told(found, "target", found.name, about="target: ")
    for found, number, now in _steps(before.steps, after.steps):
        yield told(found, "steps", number, also=("steps", now))
    for found, number, now in _watches(before.watch, after.watch):
        yield told(found, "watch", number, also=("watch", now))
    if (before.rollback is None) != (after.rollback is None):
        way = Way.WEAKER if after.rollback is None else Way.TIGHTER
        was, is_ = (None if each.rollback is None else f"to {each.rollback.to}" for each in (before, after))
        yield told(Moved("rollback", was, is_, way), "rollback")
    elif before.rollback is not None and after.rollback is not None:
        for found in moved(_of_rollback(before.rollback), _of_rollback(after.rollback), _ROLLBACK):
            yield told(found, "rollback", found.name, about="rollback: ")
    yield from _entry(old, new, before.name)


def _plain(deploy: Deploy) -> dict[str, Any]:
    return {
        "model": deploy.model,
        "strategy": deploy.strategy,
        "max_unavailable": deploy.max_unavailable,
        "max_surge": deploy.max_surge,
    }


def _target(deploy: Deploy) -> dict[str, Any]:
    kind = type(deploy.target).__name__.removesuffix("Target").lower()
    parts = {name: getattr(deploy.target, name) for name in deploy.target.__dataclass_fields__}
    return {"kind": kind, **{name: None if value is None else value for name, value in parts.items()}}


def _unavailable(old: int | None, new: int | None) -> Way:
    """None is what the platform does; that is not known here."""
    return Way.LOOK if old is None or new is None else cap(old, new)


_Numbered = tuple[Moved, int, int]  # what differs, and the number of the step or watch before and after


def _steps(old: tuple[TrafficStep, ...], new: tuple[TrafficStep, ...]) -> Iterator[_Numbered]:
    """Steps one by one when there are as many as before; else those of the same share, and which came or went."""
    if len(old) == len(new):
        yield from (
            (found, number, number)
            for number, (one, other) in enumerate(zip(old, new, strict=True))
            for found in _step(one, other)
        )
        return
    shares = {step.traffic: number for number, step in enumerate(new)}
    for number, step in enumerate(old):
        if step.traffic in shares:
            now = shares.pop(step.traffic)
            yield from ((found, number, now) for found in _step(step, new[now]))
        else:
            yield Moved("steps", f"{step.traffic:g} %", None, Way.WEAKER), number, len(new)
    for share, now in shares.items():
        # The first step of a rollout that had none, or one more on the way: in both traffic rises more slowly.
        yield Moved("steps", None, f"{share:g} %", Way.TIGHTER), len(old), now


def _step(old: TrafficStep, new: TrafficStep) -> Iterator[Moved]:
    for found in moved(_of_step(old), _of_step(new), _STEP):
        yield Moved(f"{found.name} of the step of {old.traffic:g} %", found.old, found.new, found.way)


def _of_step(step: TrafficStep) -> dict[str, Any]:
    return {"traffic": step.traffic, "for": Seconds(step.hold), "min_requests": step.min_requests, "pause": step.pause}


def _of_rollback(rollback: Rollback) -> dict[str, Any]:
    return {"to": rollback.to, "within": seconds(rollback.within), "freeze": Seconds(rollback.freeze)}


def _watches(old: tuple[Watch, ...], new: tuple[Watch, ...]) -> Iterator[_Numbered]:
    """Measures by what they measure; of two of the same the first belongs to the first."""
    left = list(enumerate(new))
    for number, watch in enumerate(old):
        found = next(((now, each) for now, each in left if _measures(each) == _measures(watch)), None)
        if found is None:
            yield Moved("watch", _measures(watch), None, _weight(watch, Way.WEAKER)), number, len(new)
            continue
        left.remove(found)
        now, other = found
        for each in moved(asdict(watch), asdict(other), _WATCH):
            yield Moved(f"{each.name} of {_measures(watch)}", each.old, each.new, each.way), number, now
    yield from (
        (Moved("watch", None, _measures(each), _weight(each, Way.TIGHTER)), len(old), now) for now, each in left
    )


def _measures(watch: Watch) -> str:
    return watch.metric if watch.versus is None else f"{watch.metric} against {watch.versus}"


def _weight(watch: Watch, way: Way) -> Way:
    """A measure that only observes never decides."""
    return Way.NEUTRAL if watch.observe else way


def _entry(old: Side, new: Side, name: str) -> Iterator[Change]:
    """Whether the deployment is entered earlier on the way to production than before."""
    before, after = _stages(old.spec, name), _stages(new.spec, name)
    if before == after or not before or not after:
        return
    order = list(new.spec.stages)
    where = [order.index(stage) if stage in order else None for stage in (before[0], after[0])]
    if where[0] is None or where[1] is None:
        return  # the stage is gone, which is told as such
    way = Way.WEAKER if where[1] < where[0] else Way.TIGHTER if where[1] > where[0] else Way.NEUTRAL
    said = f"is entered at {' and '.join(after)}, not at {' and '.join(before)}"
    places = old.at("stages", before[0], "deploy"), new.at("stages", after[0], "deploy")
    yield Change(_KINDS[way], f"deploy `{name}`", said, *places)


def _stages(spec: Spec, deploy: str) -> list[str]:
    return [stage.name for stage in spec.stages.values() if stage.deploy == deploy]
