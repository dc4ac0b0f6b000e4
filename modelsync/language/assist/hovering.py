"""What an editor shows beside a word: what the key means, what a name stands for, what a hole is filled with."""

from __future__ import annotations

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record
from modelsync.core.signature import Signature
from modelsync.language.assist.locating import Role, Spot, spot_at
from modelsync.language.assist.naming import Name, code_at, name_at
from modelsync.language.assist.wording import expected
from modelsync.language.model import Step
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Node


@record
class Hover:
    """Markdown, and the place it belongs to."""

    markdown: str
    at: Pos


def hover(root: Node, subject: Subject | None, at: Pos) -> Hover | None:
    """What is known about the word at a place."""
    if subject is not None:
        if (code := code_at(subject, at)) is not None:
            found = subject.signature(code)
            if isinstance(found, Signature):
                return Hover(_signature(found, code.text), code.at)
        if (named := name_at(subject, at)) is not None and (said := _declared(subject, named.name)):
            return Hover(said, named.at)
    spot = spot_at(root, at.file, at.line, at.col)
    said = "" if spot is None else _spot(spot, subject)
    return Hover(said, spot.node.at) if spot is not None and said else None


def _spot(spot: Spot, subject: Subject | None) -> str:
    if spot.role is Role.EXPECTATION and subject is not None:
        shape = subject.known.expectations.get(spot.path[-1])
        needs = "" if shape is None else f"\n\nneeds: {', '.join(shape.required) or 'nothing'}"
        takes = "" if shape is None else f"\n\ntakes: {', '.join(shape.arguments)}"
        return f"**{spot.path[-1]}**: an expectation of Great Expectations{needs}{takes}"
    if spot.role is Role.ARGUMENT:
        return f"**{spot.path[-1]}**: an argument of `{spot.path[-2]}`"
    if spot.key is None or spot.role not in (Role.KEY, Role.VALUE):
        return ""
    parts = [f"**{_key_name(spot)}**: {spot.key.doc}"]
    if wanted := expected(spot.key.shape):
        parts.append(f"It is {wanted}.")
    if spot.key.required:
        parts.append("Required.")
    elif spot.key.default is not None:
        parts.append(f"Default: `{_plain(spot.key.default)}`.")
    return "\n\n".join(parts)


def _key_name(spot: Spot) -> str:
    """The last part of the path that is a key of the language."""
    return next((part for part in reversed(spot.path) if not part.isdigit()), "")


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _declared(subject: Subject, name: Name) -> str:
    """What a declared name stands for."""
    spec, section, last = subject.spec, name[0], name[-1]
    match section:
        case "params" if last in spec.params:
            param = spec.params[last]
            return f"param **{last}** ({param.type}) = `{_plain(param.value)}`, default `{_plain(param.default)}`"
        case "datasets" if last in spec.datasets:
            dataset = spec.datasets[last]
            said = f"dataset **{last}** from `{dataset.source}`"
            columns = () if dataset.contract is None else dataset.contract.columns
            return f"{said}\n\ncolumns: {', '.join(columns)}" if columns else said
        case "steps" if (step := _step(subject, name)) is not None:
            made = ", ".join(f"{output} ({kind})" for output, kind in step.outputs.items())
            times = f", once for each of {len(step.members)} members" if step.members else ""
            return f"step **{last}**: `{step.code.text}`{times}\n\nmakes {made}"
        case "outputs":
            kind = subject.names.outputs.get((name[1], name[2], name[3]))
            return f"output **{last}** of step `{name[2]}`, of type {kind}" if kind is not None else ""
        case "gates" if last in spec.gates:
            gate = spec.gates[last]
            return f"{gate.kind} gate **{last}** on `{gate.target}`, {gate.severity}"
        case "models" if last in spec.models:
            return f"model **{last}**: `{spec.models[last].artifact}`"
        case "stages" if last in spec.stages:
            stage = spec.stages[last]
            return f"stage **{last}**, after {stage.after or 'nothing'}, gates: {', '.join(stage.gates) or 'none'}"
        case "deploy" if last in spec.deploys:
            deploy = spec.deploys[last]
            return f"deployment **{last}** of model `{deploy.model}`, {deploy.strategy}"
        case "secrets" if last in spec.secrets:
            secret = spec.secrets[last]
            return f"secret **{last}** from {secret.store} `{secret.key}` (its value is never shown)"
        case "roles":
            return f"role **{last}**: {', '.join(spec.access.roles.get(last, ())) or 'nobody'}"
    return ""


def _step(subject: Subject, name: Name) -> Step | None:
    pipeline = subject.spec.pipelines.get(name[1])
    return None if pipeline is None else pipeline.steps.get(name[2])


def _signature(found: Signature, text: str) -> str:
    takes = ", ".join(
        f"{each.name}{': ' + each.annotation if each.annotation else ''}{'' if each.required else ' = ...'}"
        for each in found.parameters
    )
    return f"```python\ndef {found.name}({takes}{', **options' if found.open else ''})\n```\n`{text}`"
