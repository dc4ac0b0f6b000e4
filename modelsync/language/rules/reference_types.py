"""What a reference names is of the kind that is needed there."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.decode.context import Use, used_here
from modelsync.language.model import RefKind
from modelsync.language.subject import Subject

CODE = "MS202"

_WORDS = {
    RefKind.DATASET: "a dataset",
    RefKind.OUTPUT: "a step's output",
    RefKind.MODEL: "a model of `models:`",
    RefKind.STEP: "a step",
    RefKind.LIVE: "the requests of a deployment",
}
_KINDS = {
    "datasets": RefKind.DATASET,
    "outputs": RefKind.OUTPUT,
    "models": RefKind.MODEL,
    "steps": RefKind.STEP,
    "live": RefKind.LIVE,
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each existing reference that names something else than is needed."""
    for use in subject.uses():
        if not subject.exists(use.ref):
            continue
        types = use.allowed.types
        if use.ref.kind not in _kinds(use):
            found = f"{use.what} must name {_either(use)}, and `{use.ref}` is {_WORDS[use.ref.kind]}"
            yield Diagnostic(CODE, use.ref.at, found, _help(subject, use), related=_defined(subject, use))
        elif (made := subject.type_of(use.ref)) is not None and types and made not in types:
            wanted = " or ".join(sorted(types))
            message = f"{use.what} must be of type {wanted}, and `{use.ref}` is of type {made}"
            yield Diagnostic(CODE, use.ref.at, message, _help(subject, use), related=_defined(subject, use))


def _either(use: Use) -> str:
    return " or ".join(_WORDS[kind] for kind in RefKind if kind in _kinds(use))


def _kinds(use: Use) -> frozenset[RefKind]:
    return frozenset(_KINDS[head] for head in use.allowed.heads)


def _help(subject: Subject, use: Use) -> str:
    """What could stand there."""
    names = subject.names
    if use.ref.kind is RefKind.MODEL and use.ref.path[0] in subject.spec.models:
        return f"its artifact is `{subject.spec.models[use.ref.path[0]].artifact}`"
    types: tuple[OutputType | None, ...] = use.allowed.types or tuple(OutputType)
    made = {f"pipelines.{'.'.join(id)}" for id, made in names.outputs.items() if made in types}
    fits = [each for each in names.referable(use.allowed.heads) if not each.startswith("pipelines.") or each in made]
    return f"these fit: {', '.join(fits[:6])}" if fits else ""


def _defined(subject: Subject, use: Use) -> tuple[Related, ...]:
    at, used = subject.names.place(use.ref), used_here(use.ref.at, use.way)
    return used if at is None else (Related(at, f"`{use.ref.path[-1]}` is defined here"), *used)
