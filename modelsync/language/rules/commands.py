"""What a `command` puts into its arguments exists, and what it must write is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.core.nearest import nearest
from modelsync.language.mends import slip
from modelsync.language.model import Step
from modelsync.language.nodes import Scalar, Sequence
from modelsync.language.subject import Subject

CODE = "MS215"

_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*\.[A-Za-z0-9_.]*)\}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each `{inputs.x}`, `{outputs.x}`, `{params.x}` or `{matrix.x}` that is not there, and outputs never written."""
    for step in subject.spec.steps:
        if not step.command:
            continue
        node = subject.context.nodes["steps", step.id].get("command")
        items = node.items if isinstance(node, Sequence) else ()
        for each in items:
            if isinstance(each, Scalar):
                yield from _holes(subject, step, each)
        yield from _unwritten(step, " ".join(step.command))


def _holes(subject: Subject, step: Step, node: Scalar) -> Iterator[Diagnostic]:
    axes = {axis for member in step.members for axis in member.values}
    known = [f"inputs.{name}" for name in step.inputs_at] + [f"outputs.{name}" for name in step.outputs]
    known += [f"params.{name}" for name in subject.names.params] + [f"matrix.{axis}" for axis in sorted(axes)]
    for hole in _HOLE.finditer(node.text):
        if (written := hole.group(1)) in known:
            continue
        at = subject.context.within(node, hole.start(1), hole.end(1))
        near = nearest(written, known)
        help = f"did you mean `{{{near}}}`?" if near else ""
        notes = (f"there are: {', '.join(f'{{{name}}}' for name in known) or 'none'}",)
        message = f"`{{{written}}}` in the command of step `{step.name}` does not exist"
        exact = at.line == at.end_line and at.end_col - at.col == len(written)
        yield Diagnostic(CODE, at, message, help, notes, fix=slip(at, written, near) if near and exact else None)


def _unwritten(step: Step, command: str) -> Iterator[Diagnostic]:
    for name in step.outputs:
        if f"{{outputs.{name}" not in command:
            at: Pos = step.code.at
            message = f"the command of step `{step.name}` is never told where to write its output `{name}`"
            yield Diagnostic(CODE, at, message, f"add the argument `{{outputs.{name}}}`")
            return
