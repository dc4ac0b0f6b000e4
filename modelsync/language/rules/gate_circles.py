"""No gate guards what it itself waits for."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.core.verdict import GateSeverity
from modelsync.language.lineage import step_of
from modelsync.language.model import Gate, Ref, RefKind, Spec, Step
from modelsync.language.rules import reference_types
from modelsync.language.subject import Subject

CODE = "MS209"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """A critical gate on data blocks whoever reads its target; it can't compare that with something they make."""
    spec = subject.spec
    wrong = {found.at for found in reference_types.check(subject)}  # told there; a circle through it would be guesswork
    for gate in spec.gates.values():
        if wrong & {ref.at for ref in (gate.target, gate.reference, gate.data) if isinstance(ref, Ref)}:
            continue
        if gate.severity is GateSeverity.CRITICAL and gate.target.kind is not RefKind.MODEL:
            for ref in (gate.reference, gate.data):
                blocked = _blocked(spec, gate, ref) if isinstance(ref, Ref) else None
                if blocked is not None:
                    yield _diagnostic(gate, blocked)


def _blocked(spec: Spec, gate: Gate, ref: Ref) -> tuple[Ref, Step] | None:
    """The reference, and the step behind it that the gate keeps waiting, directly or by another critical gate."""
    held = _held(spec, gate)
    seen: set[str] = set()
    queue = [ref]
    while queue:
        step = step_of(spec, queue.pop())
        if step is None or step.id in seen:
            continue
        if step.id in held:
            return ref, step
        seen.add(step.id)
        queue.extend(step.inputs.values())
    return None


def _held(spec: Spec, gate: Gate) -> set[str]:
    """The steps that read the target of the gate, or of a critical gate that waits for one of those steps."""
    targets, held = {str(gate.target)}, set[str]()
    while True:
        readers = {step.id for step in spec.steps if any(str(ref) in targets for ref in step.inputs.values())}
        makers = {
            f"pipelines.{id}.{name}" for id in readers for step in spec.steps if step.id == id for name in step.outputs
        }
        waiting = {
            str(other.target)
            for other in spec.gates.values()
            if other.severity is GateSeverity.CRITICAL and {str(other.reference), str(other.data)} & makers
        }
        grown = targets | makers | waiting
        if grown == targets and readers == held:
            return held
        targets, held = grown, readers


def _diagnostic(gate: Gate, blocked: tuple[Ref, Step]) -> Diagnostic:
    ref, step = blocked
    return Diagnostic(
        CODE,
        ref.at,
        f"gate `{gate.name}` waits for `{ref}`, which can't be made before the gate has passed",
        "compare with something that isn't made from its target, or give the gate `severity: warning`",
        related=(Related(step.at, f"`{step.name}` waits for the gate"),),
    )
