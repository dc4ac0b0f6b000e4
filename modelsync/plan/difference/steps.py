"""Steps: which of them run again with the same data and the same code, why, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from modelsync.core.digest import Digest, of_value
from modelsync.language.model import Dataset, RefKind, Retries, Spec, Step
from modelsync.plan.choices import differences, parts_of
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.parts import Seconds, say, seconds
from modelsync.plan.difference.sides import Side
from modelsync.plan.graph import in_order
from modelsync.plan.world import CodeDigest


def compare(old: Side, new: Side) -> Iterator[Change]:
    """Steps that are new, gone, or run again; and what changed of the others without running them again."""
    before, after = _Keys(old.spec), _Keys(new.spec)
    for id, step in before.steps.items():
        if id not in after.steps:
            yield Change(Class.REMOVED, _what(step), "was removed", old.at(*_path(step)))
    for id, step in after.steps.items():
        if id not in before.steps:
            yield Change(Class.ADDED, _what(step), "is new: it runs for the first time", after=new.at(*_path(step)))
            continue
        places = old.at(*_path(before.steps[id])), new.at(*_path(step))
        if before.keys[id] != after.keys[id]:
            yield Change(Class.RERUNS, _what(step), _why(before, after, id), *places)
        yield from _aside(old, new, before.steps[id], step)


class _Keys:
    """What decides whether each step of a spec runs again, as if everything outside of the spec stayed as it is."""

    def __init__(self, spec: Spec) -> None:
        written = {step.id: step for step in spec.steps}
        makers = {id: [i for i in map(_maker, step.inputs.values()) if i in written] for id, step in written.items()}
        self.steps = {id: written[id] for id in in_order(makers)}
        self.datasets = {dataset.name: _content(dataset) for dataset in spec.datasets.values()}
        self.parts: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        known: dict[str, str] = {f"datasets.{name}": of_value(found) for name, found in self.datasets.items()}
        for id, step in self.steps.items():
            for ref in step.inputs.values():
                known.setdefault(str(ref), str(ref))  # a version of a dataset is what it is
            self.parts[id] = _parts(spec, step, known)
            self.keys[id] = of_value({"step": id, **self.parts[id]})
            known |= {f"pipelines.{id}.{name}": of_value([self.keys[id], name]) for name in step.outputs}


def _content(dataset: Dataset) -> dict[str, Any]:
    """What a dataset gives to steps as far as the spec decides it: where its rows come from, and its contract."""
    contract = None if dataset.contract is None else dataset.contract.to_json()
    connection = None if dataset.connection is None else str(dataset.connection)
    return {"source": dataset.source, "connection": connection, "contract": contract}


def _parts(spec: Spec, step: Step, known: Mapping[str, str]) -> dict[str, Any]:
    """The parts of a step's key; code is its name, because the same files stand behind both specs."""
    params = [name for name in spec.params if any(f"{{params.{name}}}" in word for word in step.command)]
    return {
        **parts_of(step, CodeDigest(Digest(_function(step))), known),
        "command": list(step.command),
        "params": {name: spec.params[name].value for name in params},
        "env": {name: str(value) for name, value in step.env.items()},
        "members": [_member(step, number) for number in range(len(step.members))],
    }


def _member(step: Step, number: int) -> dict[str, Any]:
    found = asdict(step.members[number])
    return {**found, "env": {name: str(value) for name, value in step.members[number].env.items()}}


def _function(step: Step) -> str:
    return step.code.text if step.code.file is None else f"{step.code.file.as_posix()}:{step.code.name}"


def _why(before: _Keys, after: _Keys, id: str) -> str:
    """The reasons of the step itself, or, when there is none, what it follows."""
    old, new = before.parts[id], after.parts[id]
    one, other = before.steps[id], after.steps[id]
    reasons = [f"its function {old['code']} -> {new['code']}"] if old["code"] != new["code"] else []
    for part in ("with", "params", "env"):
        reasons += [f"{name}: {say(a)} -> {say(b)}" for name, a, b in differences(old[part], new[part])]
    reasons += ["its command"] if old["command"] != new["command"] else []
    reasons += _members(old["members"], new["members"])
    wired = differences(*({name: str(ref) for name, ref in step.inputs.items()} for step in (one, other)))
    reasons += [f"its input {name}: {a} -> {b}" for name, a, b in wired]
    reasons += ["its outputs"] if old["outputs"] != new["outputs"] else []
    for name in (ref.path[0] for ref in other.inputs.values() if ref.kind is RefKind.DATASET and not ref.version):
        moved = differences(before.datasets.get(name, {}), after.datasets[name]) if name in before.datasets else []
        reasons += [f"the {part} of dataset {name}" for part, _, _ in moved]
    if reasons:
        return "; ".join(dict.fromkeys(reasons))
    made = dict.fromkeys(_maker(ref) for ref in other.inputs.values())
    sources = [maker for maker in made if maker in after.keys and before.keys.get(maker) != after.keys[maker]]
    return f"follows {', '.join(sources)}; reused if what it gets comes out as before"


def _members(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[str]:
    if old == new:
        return []
    values = [[member["values"] for member in members] for members in (old, new)]
    if values[0] != values[1]:
        gone = [each for each in values[0] if each not in values[1]]
        more = [each for each in values[1] if each not in values[0]]
        said = [*(f"without {say(each)}" for each in gone[:3]), *(f"with {say(each)}" for each in more[:3])]
        return [f"its matrix, {len(old)} -> {len(new)} members" + (f" ({', '.join(said)})" if said else "")]
    first = next(pair for pair in zip(old, new, strict=True) if pair[0] != pair[1])
    moved = [each for part in ("arguments", "env") for each in differences(first[0][part], first[1][part])]
    return [f"{name}: {say(a)} -> {say(b)}" for name, a, b in moved]


def _aside(old: Side, new: Side, before: Step, after: Step) -> Iterator[Change]:
    """What a run does otherwise though the step's result stands."""
    one, other = _settings(before), _settings(after)
    for name, was, now in differences(one, other):
        places = old.at(*_path(before), *name.split(".")), new.at(*_path(after), *name.split("."))
        yield Change(Class.CHANGED, _what(after), f"`{name}` {say(was)} -> {say(now)}", *places)


def _settings(step: Step) -> dict[str, Any]:
    return {
        "after": step.after or None,
        **{f"retries.{name}": value for name, value in _retries(step.retries).items()},
        "timeout": seconds(step.timeout),
        "isolate": step.isolate,
        **{f"resources.{name}": value for name, value in asdict(step.resources).items()},
        "each": step.each,
        "tags": step.tags or None,
        # A param instead of its value: nothing runs again, but another value of the param would do it now.
        "with": _holes(step.written),
    }


def _retries(retries: Retries) -> dict[str, Any]:
    return {**asdict(retries), "delay": Seconds(retries.delay)}


def _holes(value: Any) -> Any:
    """The texts in a value that have something put in, where they stand."""
    match value:
        case Mapping():
            return {key: found for key, each in value.items() if (found := _holes(each)) is not None} or None
        case list() | tuple():
            return [_holes(each) for each in value] if any(_holes(each) is not None for each in value) else None
        case str() if "${{" in value:
            return value
    return None


def _maker(ref: Any) -> str:
    return "" if ref.kind is RefKind.DATASET else ".".join(ref.path[:2])


def _what(step: Step) -> str:
    return f"step `{step.id}`"


def _path(step: Step) -> tuple[str, ...]:
    return "pipelines", step.pipeline, "steps", step.name
