"""What a `command` puts into its arguments exists, and what it must write is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.core.nearest import nearest
from modelsync.language.decode.context import UNKNOWN
from modelsync.language.mends import slip
from modelsync.language.model import Step
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping, Scalar, Sequence

CODE = "MS215"

_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*\.[A-Za-z0-9_.]*)\}")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each `{inputs.x}`, `{outputs.x}`, `{params.x}` or `{matrix.x}` that is not there, and outputs never written."""
    for step in subject.spec.steps:
        if not step.command:
            continue
        node = subject.context.nodes["steps", step.id].get("command")
        items = node.items if isinstance(node, Sequence) else ()
        wrong = [found for each in items if isinstance(each, Scalar) for found in _holes(subject, step, each)]
        is_whole = len(step.command) == len(items)
        if wrong or is_whole:  # a hole that is misspelt is the one that misses
            yield from wrong or _unwritten(step, " ".join(step.command))


def _holes(subject: Subject, step: Step, node: Scalar) -> Iterator[Diagnostic]:
    axes = {axis for member in step.members for axis in member.values}
    outputs = [name for *id, name in subject.names.outputs_at if id == [step.pipeline, step.name]]
    known = [f"inputs.{name}" for name in step.inputs_at] + [f"outputs.{name}" for name in outputs]
    known += [f"params.{name}" for name in subject.names.params] + [f"matrix.{axis}" for axis in sorted(axes)]
    inputs = subject.context.nodes["steps", step.id].get("inputs")
    for hole in _HOLE.finditer(node.text):
        if (written := hole.group(1)) in known:
            continue
        if written.startswith("inputs.") and inputs is not None and not isinstance(inputs, Mapping):
            continue  # that they are no mapping is told
        if written.startswith("matrix.") and any(member.values is UNKNOWN for member in step.members):
            continue  # what is wrong with the matrix is told there
        if written.startswith("outputs.") and subject.names.is_hidden("pipelines", step.pipeline, step.name):
            continue  # that there are no outputs is told
        at = subject.context.within(node, hole.start(1), hole.end(1))
        near = nearest(written, known)
        undeclared = "declare it under `params:`" if written.startswith("params.") else ""
        help = f"did you mean `{{{near}}}`?" if near else undeclared
        notes = (f"there are: {', '.join(f'{{{name}}}' for name in known) or 'none'}",)
        message = f"`{{{written}}}` in the command of step `{step.name}` does not exist"
        exact = at.line == at.end_line and at.end_col - at.col == len(written)
        yield Diagnostic(CODE, at, message, help, notes, fix=slip(at, written, near) if near and exact else None)


def _unwritten(step: Step, command: str) -> Iterator[Diagnostic]:
    for name in step.outputs:
        if not re.search(rf"\{{outputs\.{name}[.}}]", command):
            at: Pos = step.code.at
            message = f"the command of step `{step.name}` is never told where to write its output `{name}`"
            yield Diagnostic(CODE, at, message, f"add the argument `{{outputs.{name}}}`")
