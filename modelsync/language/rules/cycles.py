"""No step needs itself, however far around."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.model import RefKind, Step
from modelsync.language.subject import Subject

CODE = "MS204"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each circle once, as a path that ends where it began."""
    steps = {step.id: step for step in subject.spec.steps}
    needs = {id: _needs(step, steps) for id, step in steps.items()}
    done: set[str] = set()
    for start in steps:
        circle = _circle(start, needs, done)
        if circle:
            yield _diagnostic(circle, steps)


def _needs(step: Step, steps: dict[str, Step]) -> tuple[str, ...]:
    refs = (".".join(ref.path[:2]) for ref in step.inputs.values() if ref.kind is RefKind.OUTPUT)
    after = (f"{step.pipeline}.{name}" for name in step.after)
    return tuple(dict.fromkeys(id for id in (*refs, *after) if id in steps))


def _circle(start: str, needs: dict[str, tuple[str, ...]], done: set[str]) -> tuple[str, ...]:
    """The first circle reached from a step, walking without recursion; walked steps join `done`."""
    path: list[str] = []
    walks = [iter((start,))]
    found: tuple[str, ...] = ()
    while walks:
        following = next(walks[-1], None)
        if following is None:
            walks.pop()
            if path:
                done.add(path.pop())
        elif following in path:
            found = found or tuple(path[path.index(following) :])
        elif following not in done:
            path.append(following)
            walks.append(iter(needs[following]))
    return found


def _diagnostic(circle: tuple[str, ...], steps: dict[str, Step]) -> Diagnostic:
    first = min(range(len(circle)), key=lambda index: steps[circle[index]].at)
    turned = (*circle[first:], *circle[:first])
    one_pipeline = len({steps[id].pipeline for id in turned}) == 1
    shown = [steps[id].name if one_pipeline else id for id in turned]
    if len(turned) == 1:
        return Diagnostic(
            CODE, steps[turned[0]].at, f"step `{shown[0]}` needs itself", "take its input from another step"
        )
    path = " -> ".join(f"`{name}`" for name in (*shown, shown[0]))
    related = tuple(
        Related(steps[id].at, f"`{name}` stands here") for id, name in zip(turned[1:], shown[1:], strict=True)
    )
    message = f"these steps wait for each other: {path} (each needs the next)"
    return Diagnostic(CODE, steps[turned[0]].at, message, "remove one of these inputs or `after`", related=related)
