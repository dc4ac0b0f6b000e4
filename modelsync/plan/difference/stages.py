"""Stages: the way to production, what each asks of a version, and who must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modelsync.language.model import Spec, Stage
from modelsync.plan.difference import conditions
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.parts import Rule, Seconds, Way, cap, floor, moved, narrow, ranked, say
from modelsync.plan.difference.sides import Side

_APPROVAL: Mapping[str, Rule] = {
    "roles": narrow,  # anybody of them may agree
    "count": floor,
    "not_author": ranked(False, True),
    "expires": cap,
}
_APPROVAL_KINDS = {
    Way.WEAKER: Class.APPROVAL_WEAKENED,
    Way.TIGHTER: Class.APPROVAL_TIGHTENED,
    Way.LOOK: Class.LOOK,
    Way.NEUTRAL: Class.CHANGED,
}
_STAGE_KINDS = {**_APPROVAL_KINDS, Way.WEAKER: Class.STAGE_WEAKENED, Way.TIGHTER: Class.STAGE_TIGHTENED}


def compare(old: Side, new: Side) -> Iterator[Change]:
    """Every change of a stage."""
    for name, stage in old.spec.stages.items():
        if name not in new.spec.stages:
            yield Change(Class.STAGE_WEAKENED, f"stage `{name}`", f"was removed{_with(stage)}", old.at("stages", name))
        else:
            yield from _stage(old, new, stage, new.spec.stages[name])
    for name in new.spec.stages:
        if name not in old.spec.stages:
            said = f"was added{_between(new.spec, name)}"
            yield Change(Class.STAGE_TIGHTENED, f"stage `{name}`", said, after=new.at("stages", name))
    yield from _order(old, new)


def _with(stage: Stage) -> str:
    """What went with a stage."""
    parts = [f"its gates {', '.join(f'`{gate}`' for gate in stage.gates)}"] if stage.gates else []
    parts += ["its condition"] if stage.when is not None else []
    parts += ["its approval"] if stage.approval is not None else []
    return f", with {' and '.join(parts)}" if parts else ""


def _between(spec: Spec, name: str) -> str:
    names = list(spec.stages)
    following = names[names.index(name) + 1 :]
    return f" before `{following[0]}`" if following else " at the end"


def _stage(old: Side, new: Side, before: Stage, after: Stage) -> Iterator[Change]:
    yield from _gates(old, new, before, after)
    what, path = f"stage `{before.name}`", ("stages", before.name)
    if before.when != after.when:
        way = conditions.compare(before.when, after.when)
        texts = [None if each is None else f"`{each.text}`" for each in (before.when, after.when)]
        said = f"`when` {say(texts[0])} -> {say(texts[1])}"
        said += ": which lets more through can't be told" if way is Way.LOOK else ""
        yield Change(_STAGE_KINDS[way], what, said, old.at(*path, "when"), new.at(*path, "when"))
    yield from _approval(old, new, before, after)
    if before.deploy != after.deploy:
        said = f"`deploy` {say(before.deploy)} -> {say(after.deploy)}"
        yield Change(Class.CHANGED, what, said, old.at(*path, "deploy"), new.at(*path, "deploy"))


def _gates(old: Side, new: Side, before: Stage, after: Stage) -> Iterator[Change]:
    """Gates that a stage no longer asks, or asks as well. A gate that an earlier stage asks still guards it."""
    what, path = f"stage `{before.name}`", ("stages", before.name, "gates")
    places = old.at(*path), new.at(*path)
    earlier = _earlier(new.spec, after.name)
    for gate in before.gates:
        if gate in after.gates or gate not in new.spec.gates:
            continue
        if gate in earlier:
            yield Change(Class.CHANGED, what, f"gate `{gate}` is asked by `{earlier[gate]}` before it now", *places)
        else:
            yield Change(Class.GATE_WEAKENED, what, f"gate `{gate}` is no longer asked", *places)
    already = _earlier(old.spec, before.name)
    for gate in after.gates:
        if gate in before.gates or gate not in old.spec.gates:
            continue
        if gate in already:
            yield Change(Class.CHANGED, what, f"gate `{gate}` is asked here now, by `{already[gate]}` before", *places)
        else:
            yield Change(Class.GATE_TIGHTENED, what, f"gate `{gate}` is asked as well", *places)


def _earlier(spec: Spec, name: str) -> dict[str, str]:
    """The gates that a version passed before it comes to a stage, each with the stage that asks it first."""
    found: dict[str, str] = {}
    for stage in spec.stages.values():
        if stage.name == name:
            break
        found |= {gate: stage.name for gate in stage.gates if gate not in found}
    return found


def _approval(old: Side, new: Side, before: Stage, after: Stage) -> Iterator[Change]:
    what, path = f"stage `{before.name}`", ("stages", before.name, "approval")
    if after.approval is None or before.approval is None:
        if before.approval is not None:
            said = f"the approval was removed: nobody of {say(before.approval.roles)} is asked"
            yield Change(Class.APPROVAL_WEAKENED, what, said, old.at(*path), new.at(*path))
        elif after.approval is not None:
            said = f"an approval was added: {after.approval.count} of {say(after.approval.roles)} must agree"
            yield Change(Class.APPROVAL_TIGHTENED, what, said, old.at(*path), new.at(*path))
        return
    for found in moved(_values(before), _values(after), _APPROVAL):
        places = old.at(*path, found.name), new.at(*path, found.name)
        yield Change(_APPROVAL_KINDS[found.way], what, f"approval: {found}", *places)


def _values(stage: Stage) -> dict[str, Any]:
    assert stage.approval is not None
    approval = stage.approval
    return {
        "roles": approval.roles,
        "count": approval.count,
        "not_author": approval.not_author,
        "expires": Seconds(approval.expires),
    }


def _order(old: Side, new: Side) -> Iterator[Change]:
    """Stages that come in another order; what came and went is told already."""
    before = [name for name in old.spec.stages if name in new.spec.stages]
    after = [name for name in new.spec.stages if name in old.spec.stages]
    if before != after:
        name = next(one for one, other in zip(before, after, strict=True) if one != other)
        said = f"the order {', '.join(before)} is {', '.join(after)} now"
        yield Change(Class.STAGE_WEAKENED, "stages", said, old.at("stages", name), new.at("stages", name))
