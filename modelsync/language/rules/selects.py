"""A `builtin/select` picks from the members of one matrix, by their metrics."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.foreign import meant
from modelsync.language.mends import slip
from modelsync.language.model import Ref, RefKind, Step
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping

CODE = "MS216"

SELECT = "builtin/select"
_MODES = ("max", "min")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Candidates that are no metrics of a matrix, something to keep from another matrix, an unknown mode."""
    for step in subject.spec.steps:
        if step.code.text == SELECT:
            yield from _inputs(subject, step)
            mode = step.arguments.get("mode", _MODES[0])
            if mode not in _MODES:
                yield _mode(subject, step, str(mode))


def _mode(subject: Subject, step: Step, mode: str) -> Diagnostic:
    given = subject.context.nodes["steps", step.id].get("with")
    written = given.get("mode") if isinstance(given, Mapping) else None
    at = step.arguments_at["mode"] if written is None else written.at
    near = meant(mode, _MODES)
    help = f"did you mean `{near}`?" if near else "write `max` for the largest metric or `min` for the smallest"
    return Diagnostic(CODE, at, f"`mode` of step `{step.name}` can't be `{mode}`", help, fix=slip(at, mode, near))


def _inputs(subject: Subject, step: Step) -> Iterator[Diagnostic]:
    owners = {}
    for name in ("candidates", "keep"):
        ref = step.inputs.get(name)
        if ref is None or ref.kind not in (RefKind.OUTPUT, RefKind.DATASET) or not subject.exists(ref):
            continue
        owner = subject.names.followed((ref.path[0], ref.path[1])) if ref.kind is RefKind.OUTPUT else None
        if owner is not None and (owner not in subject.names.steps or owner in subject.names.each):
            continue  # an `each` that leads nowhere is told there
        if owner is None or owner not in subject.names.matrices:
            message = f"`{name}` of step `{step.name}` needs the members of a matrix, and `{ref}` is made once"
            yield Diagnostic(CODE, ref.at, message, "name an output of a step with `matrix` or `each`")
            continue
        owners[name] = owner
        if name == "candidates":
            yield from _metrics(subject, step, ref)
    if len(set(owners.values())) > 1:
        ref = step.inputs["keep"]
        first, second = (f"`{owners[name][1]}`" for name in ("candidates", "keep"))
        message = (
            f"`keep` of step `{step.name}` comes from the matrix of {second}, its `candidates` from that of {first}"
        )
        yield Diagnostic(
            CODE, ref.at, message, "take both from the same matrix: each candidate is paired with its member"
        )


def _metrics(subject: Subject, step: Step, ref: Ref) -> Iterator[Diagnostic]:
    made = subject.type_of(ref)
    if made not in (OutputType.METRICS, None):
        message = f"`candidates` of step `{step.name}` must be metrics, and `{ref}` is of type {made}"
        yield Diagnostic(CODE, ref.at, message, "name the metrics of the step that judges each member")
