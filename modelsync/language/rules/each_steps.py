"""`each` follows a step that has members."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.names import StepId
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Scalar

CODE = "MS217"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each `each` of a step without a matrix, and each circle of steps that only follow each other."""
    names = subject.names
    told: set[StepId] = set()
    for id in names.each:
        leader = (id[0], names.each[id])
        if leader not in names.steps or names.is_many(leader):
            continue  # that it does not exist is said elsewhere
        if id in (circle := _circle(subject, id)):
            if id not in told:
                told.update(circle)
                yield from _turning(subject, circle)
        elif leader not in names.each:
            yield from _once(subject, id, leader)


def _circle(subject: Subject, start: StepId) -> list[StepId]:
    """The steps on the way from one step to itself; those up to the first that was there before, if it is another."""
    path, id = [start], start
    while (name := subject.names.each.get(id)) and (id := (id[0], name)) not in path:
        path.append(id)
    return path if name and id == start else []


def _turning(subject: Subject, circle: list[StepId]) -> Iterator[Diagnostic]:
    at, names = _place(subject, circle[0]), [step for _, step in circle]
    if at is None:
        return
    help = "let one of them have a `matrix:` instead"
    if len(circle) == 1:
        yield Diagnostic(CODE, at.at, f"step `{names[0]}` follows itself", "name a step with a `matrix:`")
        return
    shown = " -> ".join(f"`{name}`" for name in (*names, names[0]))
    related = tuple(Related(subject.names.steps[id], f"`{id[1]}` stands here") for id in circle[1:])
    yield Diagnostic(CODE, at.at, f"these steps follow each other: {shown}", help, related=related)


def _once(subject: Subject, id: StepId, leader: StepId) -> Iterator[Diagnostic]:
    at, names = _place(subject, id), subject.names
    if at is None:
        return
    message = f"step `{id[1]}` follows `{leader[1]}`, which runs once"
    many = [step for pipeline, step in names.steps if pipeline == id[0] and names.is_many((pipeline, step))]
    help = f"these have members: {', '.join(many[:6])}" if many else f"give `{leader[1]}` a `matrix:`, or remove `each`"
    related = (Related(names.steps[leader], f"`{leader[1]}` is defined here"),)
    yield Diagnostic(CODE, at.at, message, help, related=related)


def _place(subject: Subject, id: StepId) -> Scalar | None:
    node = subject.context.nodes.get(("steps", f"{id[0]}.{id[1]}"))
    at = None if node is None else node.get("each")
    return at if isinstance(at, Scalar) else None
