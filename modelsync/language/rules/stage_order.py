"""The stages are one chain: each after one other, none after itself, the first after none."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.model import Stage
from modelsync.language.subject import Subject

CODE = "MS509"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """A second beginning, two stages after the same one, and stages in a circle."""
    stages = list(subject.spec.stages.values())
    last: dict[str | None, Stage] = {}  # the next stage that comes after the same one is best put after this one
    for stage in stages:
        if stage.after is not None and stage.after not in subject.names.stages:
            continue  # that it does not exist is said elsewhere
        if stage.after == stage.name or subject.is_broken("stages", stage.name, "after", stage.after):
            continue  # a circle of one, or said where it is written
        other = last.get(stage.after)
        last[stage.after] = stage
        if other is not None:
            yield _second(stage, other)
    yield from _circles(stages)


def _second(stage: Stage, other: Stage) -> Diagnostic:
    related = (Related(other.at, f"`{other.name}` is defined here"),)
    if stage.after is None:
        message = f"stages `{other.name}` and `{stage.name}` both come first"
        return Diagnostic(CODE, stage.at, message, f"add `after: {other.name}`", related=related)
    message = f"stages `{other.name}` and `{stage.name}` both come after `{stage.after}`"
    return Diagnostic(CODE, stage.at, message, f"put one after the other: `after: {other.name}`", related=related)


def _circles(stages: list[Stage]) -> Iterator[Diagnostic]:
    after = {stage.name: stage.after for stage in stages}
    told: set[str] = set()
    for stage in stages:
        path = [stage.name]
        while (before := after.get(path[-1])) is not None and before not in path:
            path.append(before)
        if before == stage.name and stage.name not in told:
            told.update(path)
            if len(path) == 1:
                yield Diagnostic(CODE, stage.at, f"stage `{stage.name}` comes after itself", "name the stage before it")
                continue
            shown = " -> ".join(f"`{name}`" for name in (*path, stage.name))
            message = f"these stages wait for each other: {shown} (each comes after the next)"
            yield Diagnostic(CODE, stage.at, message, "let one of them come first, without `after`")
