"""No gate guards what it itself waits for."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.core.records import record
from modelsync.core.verdict import GateSeverity
from modelsync.language.lineage import step_of
from modelsync.language.model import Gate, Ref, RefKind, Spec, Step
from modelsync.language.rules import reference_types
from modelsync.language.subject import Subject

CODE = "MS209"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """A critical gate on data blocks whoever reads its target; it can't compare that with something they make."""
    spec = subject.spec
    found = [(gate, ref) for gate in spec.gates.values() if _blocks(gate) for ref in _needed(gate)]
    if not found:
        return
    wrong = {each.at for each in reference_types.check(subject)}  # told there; a circle through it would be guesswork
    flow = _Flow.of(spec)
    for gate, ref in found:
        if gate.target.kind is RefKind.MODEL or wrong & {each.at for each in (gate.target, *_needed(gate))}:
            continue
        if (step := _blocked(spec, flow, gate, ref)) is not None:
            yield _diagnostic(gate, ref, step)


def _blocks(gate: Gate) -> bool:
    return gate.severity is GateSeverity.CRITICAL


def _needed(gate: Gate) -> list[Ref]:
    """What a gate waits for besides its target."""
    return [ref for ref in (gate.reference, gate.data) if isinstance(ref, Ref)]


@record
class _Flow:
    """Who waits for whom, by the full path of what is waited for."""

    readers: dict[str, list[Step]]
    judged: dict[str, list[str]]  # what a critical gate needs -> its target, which waits with it

    @classmethod
    def of(cls, spec: Spec) -> _Flow:
        """All of a spec."""
        flow = cls({}, {})
        for step in spec.steps:
            for name in {str(ref) for ref in step.inputs.values()}:
                flow.readers.setdefault(name, []).append(step)
        for gate in spec.gates.values():
            for ref in _needed(gate) if _blocks(gate) else ():
                flow.judged.setdefault(str(ref), []).append(str(gate.target))
        return flow

    def held(self, gate: Gate) -> set[str]:
        """The steps that read the target of the gate, or of a critical gate that waits for one of those steps."""
        held: set[str] = set()
        seen = {str(gate.target)}
        queue = [str(gate.target)]
        while queue:
            for step in self.readers.get(queue.pop(), ()):
                if step.id in held:
                    continue
                held.add(step.id)
                made = [f"pipelines.{step.id}.{name}" for name in step.outputs]
                waiting = [target for each in made for target in self.judged.get(each, ())]
                queue.extend(name for name in (*made, *waiting) if name not in seen)
                seen.update(made, waiting)
        return held


def _blocked(spec: Spec, flow: _Flow, gate: Gate, ref: Ref) -> Step | None:
    """The step behind a reference that the gate keeps waiting, directly or by another critical gate."""
    held = flow.held(gate)
    seen: set[str] = set()
    queue = [ref]
    while queue and held:
        step = step_of(spec, queue.pop())
        if step is None or step.id in seen:
            continue
        if step.id in held:
            return step
        seen.add(step.id)
        queue.extend(step.inputs.values())
    return None


def _diagnostic(gate: Gate, ref: Ref, step: Step) -> Diagnostic:
    return Diagnostic(
        CODE,
        ref.at,
        f"gate `{gate.name}` waits for `{ref}`, which can't be made before the gate has passed",
        "compare with something that isn't made from its target, or give the gate `severity: warning`",
        related=(Related(step.at, f"`{step.name}` waits for the gate"),),
    )
