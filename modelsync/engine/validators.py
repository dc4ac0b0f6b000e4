"""A team's own check in a run: everything it may name, and a process that ends with the run that asks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.checks import Label
from modelsync.core.findings import Heard
from modelsync.core.findings import Validator as Asked
from modelsync.engine import logs
from modelsync.engine.context import Run
from modelsync.language.model import Gate, RefKind
from modelsync.registry.records import ModelVersion


def of(
    run: Run, gate: Gate, found: Mapping[str, Artifact | None], rival: ModelVersion | None, label: Label | None
) -> Asked | None:
    """The function of a custom gate, of a file or an installed package; None when the gate names none.

    `found` are the artifacts that it may ask for as tables, by parameter; `rival` is the champion.
    """
    if gate.uses is None:
        return None
    from modelsync.usercode.examination import Examination  # what a run without such gates need not import

    tables = {name: each for name, each in found.items() if each is not None and each.type is OutputType.TABLE}
    models = {"model": run.artifact(gate.target)} if gate.target.kind is RefKind.MODEL else {}
    models |= {} if rival is None else {"champion": rival.artifact}
    examination = Examination(
        root=run.spec.root,
        file=gate.uses.file,
        name=gate.uses.name,
        tables={name: run.path(each) for name, each in tables.items()},
        models={name: run.path(each) for name, each in models.items()},
        offers={} if label is None else {"label": label.column, "positive": label.positive},
        arguments=dict(gate.arguments),
    )
    return _Watched(examination, run, gate.name)


@dataclass(frozen=True, slots=True)
class _Watched:
    """A validator whose process ends with the run that asks it, and whose words reach the logs of that run."""

    examination: Any
    run: Run
    gate: str

    @property
    def label(self) -> str:
        return str(self.examination.label)

    def examine(self, timeout: float) -> Heard:
        from modelsync.usercode.validator import Validator

        log = logs.place(self.run, self.gate) if self.run.record.number else None  # alone, the verdict keeps its words
        started: set[int] = set()

        def remember(pid: int) -> None:
            started.add(pid)
            self.run.children.add(pid)

        try:
            return Validator(self.examination, on_start=remember, log=log).examine(timeout)
        finally:
            self.run.children.difference_update(started)
            if log is not None:
                logs.tell(log)
