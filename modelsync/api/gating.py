"""`gate`: what a spec's gates ask, what they said, what they would say now, and what they would have said."""

from __future__ import annotations

import shutil
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.planning import make_plan
from modelsync.api.projects import Project
from modelsync.core.checks import Asked
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Verdict
from modelsync.engine.alone import Alone, Judged, judge_alone
from modelsync.engine.workspace import Workspace
from modelsync.gates.limits import adjusted
from modelsync.gates.replaying import replay
from modelsync.language.model import CHAMPION, Gate, Ref, RefKind
from modelsync.registry.records import GateRecord, RunRecord


@dataclass(frozen=True, slots=True)
class Given:
    """Tables named by hand, each a file or `dataset@version`, in the place of what the spec names."""

    data: str | None = None
    reference: str | None = None

    @property
    def typed(self) -> tuple[str, ...]:
        """The options that name them."""
        data = () if self.data is None else ("--data", self.data)
        return data if self.reference is None else (*data, "--reference", self.reference)


@dataclass(frozen=True, slots=True)
class Replayed:
    """A verdict of the past, and what the gate would have said of the same numbers; `run` is a number, or empty."""

    record: GateRecord
    run: str
    now: Verdict

    @property
    def is_partial(self) -> bool:
        """Whether some check has a limit that no key of the spec sets, so that it stays as it was."""
        checks = self.record.verdict.checks
        return any(check.decides and check.threshold is not None and not check.bound for check in checks)

    @property
    def flips(self) -> bool:
        """Whether it would have ended otherwise."""
        return self.record.verdict.outcome is not self.now.outcome


def named(project: Project, name: str) -> Gate:
    """The gate of that name; UsageError with what is near."""
    if name in project.spec.gates:
        return project.spec.gates[name]
    near = nearest(name, project.spec.gates)
    known = ", ".join(project.spec.gates) or "none"
    raise UsageError(f"there is no gate `{name}`", help=f"did you mean `{near}`?" if near else f"gates: {known}")


def last_of(workspace: Workspace) -> dict[str, GateRecord]:
    """What each gate said last, by its name."""
    return dict(workspace.state().last_gate)


def history(workspace: Workspace, name: str, last: int) -> tuple[tuple[GateRecord, RunRecord | None], ...]:
    """The last verdicts of a gate with the run of each, the newest first; UsageError for one that never was judged."""
    state = workspace.state()
    found = [record for record in state.gate_history if record.gate == name]
    if not found:
        near = nearest(name, state.last_gate)
        help = f"did you mean `{near}`?" if near else f"judged so far: {', '.join(sorted(state.last_gate)) or 'none'}"
        raise UsageError(f"gate `{name}` was never judged", help=help)
    return tuple((record, state.run(record.run) if record.run else None) for record in reversed(found[-last:]))


def recorded(workspace: Workspace, name: str, number: int | None) -> tuple[GateRecord, RunRecord | None]:
    """The last verdict of a gate, or that of one run by its number; UsageError when there is none."""
    found = history(workspace, name, sys.maxsize)
    if number is None:
        return found[0]
    for record, run in found:
        if run is not None and run.number == number:
            return record, run
    known = ", ".join(str(run.number) for _, run in found if run is not None)
    raise UsageError(f"gate `{name}` was not judged in run {number}", help=f"it was in: {known or 'none'}")


def judge(project: Project, name: str, given: Given, page: Path | None) -> Judged:
    """Judge one gate now, alone; with `page` a report is drawn there."""
    gate = named(project, name)
    plan, world = make_plan(project)
    workspace = project.workspace
    with _scratch(workspace) as (id, folder):
        record = RunRecord(id, project.spec.project, project.name, "", {}, None, "")
        run = Alone(
            spec=project.spec, plan=plan, world=world, workspace=workspace, record=record, say=lambda line: None
        )
        for reference, version in world.pins.items():
            run.learn(reference, version.content_key, version.table)
        run.given.update(_tables(project, gate, given, folder))
        run.typed = given.typed
        return judge_alone(run, gate, page)


def backtest(project: Project, name: str, settings: Sequence[str], last: int) -> tuple[Replayed, ...]:
    """What the gate as the spec has it now, with `settings` such as `psi.max=0.3` over it, would have said of the
    numbers of its last verdicts; the newest first.
    """
    gate = named(project, name)
    checks: tuple[Asked, ...] = adjusted(gate.checks, settings)
    found = history(project.workspace, name, last)
    return tuple(
        Replayed(
            record,
            "" if run is None else f"#{run.number}",
            replay(record.verdict, checks, gate.inconclusive, gate.no_reference),
        )
        for record, run in found
    )


@contextmanager
def _scratch(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    """An id and a folder for what is in hand, removed in the end."""
    id = f"gate-{uuid.uuid4().hex}"
    folder = workspace.work(id)
    try:
        yield id, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tables(project: Project, gate: Gate, given: Given, folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    if given.data is not None:
        table = gate.data if gate.target.kind is RefKind.MODEL else gate.target
        if table is None:
            raise UsageError(f"gate `{gate.name}` looks at no table", help="leave `--data` out")
        found[str(table)] = _table(project, table, given.data, folder / "data.parquet")
    if given.reference is not None:
        if gate.reference is None:
            raise UsageError(f"gate `{gate.name}` compares with nothing", help="leave `--reference` out")
        at = gate.reference if isinstance(gate.reference, Ref) else gate.target
        name = str(at) if isinstance(gate.reference, Ref) else CHAMPION
        found[name] = _table(project, at, given.reference, folder / "reference.parquet")
    return found


def _table(project: Project, ref: Ref, text: str, to: Path) -> Path:
    """The table that a file or `dataset@version` holds, typed by the contract of the dataset it stands for."""
    from modelsync.api.showing import dataset
    from modelsync.data import tables

    path = Path(text)
    if not path.exists():
        if "@" not in text and (path.suffix or "/" in text):
            raise UsageError(f"there is no file `{text}`", help="name a file, or `dataset@version`")
        version, _ = dataset(project.workspace, text)
        return project.workspace.store.open_path(version.table.digest)
    contract = project.spec.datasets[ref.path[0]].contract if ref.kind is RefKind.DATASET else None
    to.parent.mkdir(parents=True, exist_ok=True)
    tables.write(tables.read(path, contract), to)
    return to
