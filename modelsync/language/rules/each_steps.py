"""`each` follows a step that has members."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.nodes import Scalar
from modelsync.language.subject import Subject

CODE = "MS217"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each `each` of a step without a matrix."""
    names = subject.names
    for id, target in names.each.items():
        leader = (id[0], target)
        if leader not in names.steps or names.is_many(leader):
            continue
        node = subject.context.nodes.get(("steps", f"{id[0]}.{id[1]}"))
        at = None if node is None else node.get("each")
        if not isinstance(at, Scalar):
            continue
        if id == leader:
            yield Diagnostic(CODE, at.at, f"step `{id[1]}` follows itself", "name a step with a `matrix:`")
            continue
        message = f"step `{id[1]}` follows `{target}`, which runs once"
        many = [step for pipeline, step in names.steps if pipeline == id[0] and names.is_many((pipeline, step))]
        help = (
            f"these have members: {', '.join(many[:6])}" if many else f"give `{target}` a `matrix:`, or remove `each`"
        )
        yield Diagnostic(
            CODE, at.at, message, help, related=(Related(names.steps[leader], f"`{target}` is defined here"),)
        )
