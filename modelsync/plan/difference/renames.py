"""What was only given another name: found first, so that nothing else is told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from modelsync.core.checks import Asked, StabilityCheck
from modelsync.core.expression import Expression, parse
from modelsync.language.delivery import Deploy, Monitor, Schedule
from modelsync.language.model import Dataset, Gate, Model, Pipeline, Ref, RefKind, Spec, Stage, Step
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.sides import Name, Side, mapped

Names = dict[Name, str]
"""A declared name with its section -> the name it has now."""

# section -> how the Spec calls it, what one is called, and what follows from another name alone.
_SECTIONS = {
    "datasets": ("datasets", "dataset", "its versions begin anew"),
    "pipelines": ("pipelines", "pipeline", "its steps run again under their new names"),
    "steps": ("", "step", "it runs again under its new name"),
    "models": ("models", "model", "its versions begin anew"),
    "gates": ("gates", "gate", "it judges again under its new name"),
    "deploy": ("deploys", "deploy", "what runs under the old name is left as it is"),
    "stages": ("stages", "stage", "what the old one holds is not in the new one"),
}


def followed(old: Side, new: Side) -> tuple[Side, list[Change]]:
    """The old side under the new names, and what was renamed."""
    names: Names = {}
    for section in _SECTIONS:  # each after those that it names
        if section == "steps":
            _steps(old.spec, new.spec, names)
        else:
            _things(section, old.spec, new.spec, names)
    written = {_now(name, names): name[-1] for name in names}
    return Side(renamed(old.spec, names), old.subject, written), [_change(old, new, name, names) for name in names]


def renamed(spec: Spec, names: Mapping[Name, str]) -> Spec:
    """The spec with things under other names, and everything that names them."""
    if not names:
        return spec
    found = mapped(spec, lambda value: _renamed(value, names))
    attributes = [attribute for attribute, _, _ in _SECTIONS.values() if attribute]
    keyed: dict[str, Any] = {
        each: {thing.name: thing for thing in getattr(found, each).values()} for each in attributes
    }
    return replace(found, **keyed)


def _things(section: str, old: Spec, new: Spec, names: Names) -> None:
    """Find what is gone under one name and there under another, the same but for names."""
    attribute = _SECTIONS[section][0]
    before, after = getattr(old, attribute), getattr(new, attribute)
    free = [name for name in after if name not in before]
    for gone in (name for name in before if name not in after):
        for name in free:
            tried = {**names, (section, gone): name}
            if getattr(renamed(old, tried), attribute)[name] == after[name]:
                names[section, gone] = name
                free.remove(name)
                break


def _steps(old: Spec, new: Spec, names: Names) -> None:
    """The same inside of each pipeline, until no more are found: a step may use another that was renamed too."""
    while True:
        seen = renamed(old, names)
        pairs = (
            (pipeline, new.pipelines[pipeline.name])
            for pipeline in seen.pipelines.values()
            if pipeline.name in new.pipelines
        )
        found = next((pair for before, after in pairs for pair in _same_steps(before, after)), None)
        if found is None:
            return
        gone, now = found
        names["steps", _before(gone.pipeline, names), gone.name] = now.name


def _same_steps(before: Pipeline, after: Pipeline) -> Iterator[tuple[Step, Step]]:
    free = [step for step in after.steps.values() if step.name not in before.steps]
    for step in before.steps.values():
        if step.name not in after.steps:
            yield from (
                (step, each) for each in free if _step(step, {("steps", step.pipeline, step.name): each.name}) == each
            )


def _before(pipeline: str, names: Names) -> str:
    """The old name of a pipeline."""
    return next((name[1] for name, now in names.items() if name[0] == "pipelines" and now == pipeline), pipeline)


def _now(name: Name, names: Names) -> Name:
    """The new name with its section."""
    if name[0] == "steps":
        return "steps", _of("pipelines", name[1], names), names[name]
    return name[0], names[name]


def _change(old: Side, new: Side, name: Name, names: Names) -> Change:
    _, title, follows = _SECTIONS[name[0]]
    said = f"is `{names[name]}` now: {follows}"
    before, after = (
        ("pipelines", each[1], "steps", each[2]) if len(each) == 3 else each for each in (name, _now(name, names))
    )
    return Change(Class.RENAMED, f"{title} `{name[-1]}`", said, old.at(*before), new.at(*after))


def _renamed(value: Any, names: Mapping[Name, str]) -> Any:
    """One part of a spec under the new names; its own parts are done already."""
    match value:
        case Ref():
            return replace(value, path=_path(value, names))
        case Expression():
            return _condition(value, names)
        case Pipeline():
            steps = {step.name: step for step in value.steps.values()}
            return replace(value, name=_of("pipelines", value.name, names), steps=steps)
        case Step():
            return _step(value, names)
        case Gate():
            checks = (_check(each, names) for each in value.checks)
            return replace(
                value,
                name=_of("gates", value.name, names),
                champion_of=value.champion_of and _of("models", value.champion_of, names),
                checks=tuple(checks),
            )
        case Model():
            return replace(value, name=_of("models", value.name, names))
        case Stage():
            return replace(
                value,
                name=_of("stages", value.name, names),
                after=value.after and _of("stages", value.after, names),
                gates=tuple(_of("gates", gate, names) for gate in value.gates),
                deploy=value.deploy and _of("deploy", value.deploy, names),
            )
    return _around(value, names)


def _around(value: Any, names: Mapping[Name, str]) -> Any:
    match value:
        case Deploy():
            return replace(value, name=_of("deploy", value.name, names), model=_of("models", value.model, names))
        case Monitor():
            return replace(value, gate=_of("gates", value.gate, names))
        case Schedule():
            until = _id(value.until, names) if "." in value.until else _of("stages", value.until, names)
            return replace(value, until=until, pipeline=_of("pipelines", value.pipeline, names))
        case Dataset():
            return replace(value, name=_of("datasets", value.name, names))
    return value


def _check(check: Asked, names: Mapping[Name, str]) -> Asked:
    return replace(check, across=_id(check.across, names)) if isinstance(check, StabilityCheck) else check


def _step(step: Step, names: Mapping[Name, str]) -> Step:
    def now(name: str) -> str:
        return names.get(("steps", step.pipeline, name), name)

    return replace(
        step,
        pipeline=_of("pipelines", step.pipeline, names),
        name=now(step.name),
        after=tuple(map(now, step.after)),
        each=now(step.each),
    )


def _path(ref: Ref, names: Mapping[Name, str]) -> tuple[str, ...]:
    match ref.kind:
        case RefKind.DATASET:
            return (_of("datasets", ref.path[0], names), *ref.path[1:])
        case RefKind.MODEL:
            return (_of("models", ref.path[0], names), *ref.path[1:])
        case RefKind.LIVE:
            return (_of("deploy", ref.path[0], names), *ref.path[1:])
    pipeline, step, *rest = ref.path
    return (*_id(f"{pipeline}.{step}", names).split("."), *rest)


def _id(step: str, names: Mapping[Name, str]) -> str:
    """`pipeline.step` under the new names."""
    pipeline, _, name = step.partition(".")
    return f"{_of('pipelines', pipeline, names)}.{names.get(('steps', pipeline, name), name)}"


def _of(section: str, name: str, names: Mapping[Name, str]) -> str:
    return names.get((section, name), name)


_CALLED = re.compile(r"\b(gate\()([A-Za-z_]\w*)(?=\))|\b(changed\(datasets\.)([A-Za-z_]\w*)(?=\))")


def _condition(value: Expression, names: Mapping[Name, str]) -> Expression:
    """A condition that asks for the verdict of a gate, or whether a dataset changed."""

    def now(found: re.Match[str]) -> str:
        if found.group(1):
            return found.group(1) + _of("gates", found.group(2), names)
        return found.group(3) + _of("datasets", found.group(4), names)

    text = _CALLED.sub(now, value.text)
    return value if text == value.text else parse(text)
