"""What a reference names is of the kind that is needed there."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.model import RefKind
from modelsync.language.subject import Subject, Use

CODE = "MS202"

_WORDS = {RefKind.DATASET: "a dataset", RefKind.OUTPUT: "a step's output", RefKind.MODEL: "a model of `models:`"}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each existing reference that names something else than is needed."""
    for use in subject.uses():
        if not subject.exists(use.ref):
            continue
        if use.ref.kind not in use.kinds:
            found = f"{use.what} must name {_either(use)}, and `{use.ref}` is {_WORDS[use.ref.kind]}"
            yield Diagnostic(CODE, use.ref.at, found, _help(subject, use), related=_defined(subject, use))
        elif (made := subject.type_of(use.ref)) is not None and use.types is not None and made not in use.types:
            wanted = " or ".join(sorted(use.types))
            message = f"{use.what} must be of type {wanted}, and `{use.ref}` is of type {made}"
            yield Diagnostic(CODE, use.ref.at, message, _help(subject, use), related=_defined(subject, use))


def _either(use: Use) -> str:
    return " or ".join(_WORDS[kind] for kind in RefKind if kind in use.kinds)


def _help(subject: Subject, use: Use) -> str:
    """What could stand there."""
    names = subject.names
    if use.ref.kind is RefKind.MODEL and use.ref.path[0] in subject.spec.models:
        return f"its artifact is `{subject.spec.models[use.ref.path[0]].artifact}`"
    if use.kinds == {RefKind.MODEL}:
        fits = [f"models.{name}" for name in names.models]
    else:
        fits = [
            f"pipelines.{'.'.join(id)}"
            for id, made in names.outputs.items()
            if made is not None and made in (use.types or OutputType)
        ]
        fits += [f"datasets.{name}" for name in names.datasets if RefKind.DATASET in use.kinds]
    return f"these fit: {', '.join(fits[:6])}" if fits else ""


def _defined(subject: Subject, use: Use) -> tuple[Related, ...]:
    at = subject.names.place(use.ref)
    return () if at is None else (Related(at, f"`{use.ref.path[-1]}` is defined here"),)
