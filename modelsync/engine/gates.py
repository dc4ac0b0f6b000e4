"""A gate in a run: what it looks at is loaded, the verdict recorded, the report drawn."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.checks import Label
from modelsync.core.clock import now, stamp
from modelsync.core.contract import Contract
from modelsync.core.errors import ExitCode, StepError
from modelsync.core.verdict import Outcome, Verdict
from modelsync.data import tables
from modelsync.engine import gate_reports, profiles, validators
from modelsync.engine.context import Run
from modelsync.engine.results import NodeResult, Status
from modelsync.gates.judging import judge
from modelsync.gates.question import Question
from modelsync.language.lineage import compares_with_champion, label_of
from modelsync.language.model import CHAMPION, Gate, Ref, RefKind
from modelsync.plan import choices
from modelsync.plan.graph import upstream
from modelsync.plan.model import Decision, Task
from modelsync.registry import facts
from modelsync.registry.records import GateRecord, ModelVersion

_TWO_TABLES = "prediction_drift"  # one model says something of both; the champion's own answers are not asked for


def perform(run: Run, task: Task) -> NodeResult:
    """Judge one gate, or take the verdict that stands on the same question."""
    gate = run.spec.gates[task.name]
    choice = choices.gate(gate, run.spec, run.known, run.world)
    if choice.decision is Decision.REUSE and choice.record is not None:
        return _ended(run, task, choices.as_asked(choice.record.verdict, gate), fresh=False)
    champion = run.world.champion(run.spec, gate.champion_of) if gate.champion_of else None
    began = time.monotonic()
    verdict, question = _judged(run, gate, champion)
    verdict = replace(verdict, data=seen(run, gate, champion), seconds=time.monotonic() - began)
    assert choice.key is not None, "a task is started when its target is there"
    page = gate_reports.draw(run, gate, choice.key, question, verdict)
    kept = record(gate, choice, champion, verdict, run=run.id, page=page)
    with run.writing:
        facts.gate_judged(run.workspace.journal, kept)
    return _ended(run, task, verdict, fresh=True)


def record(
    gate: Gate,
    choice: choices.GateChoice,
    champion: ModelVersion | None,
    verdict: Verdict,
    *,
    run: str | None,
    page: str | None = None,
) -> GateRecord:
    """What the journal keeps of a verdict; `run` is None for one that was asked for outside of a run."""
    assert choice.key is not None, "a task is started when its target is there"
    assert choice.subject is not None, "a key is made from its subject"
    return GateRecord(
        gate=gate.name,
        key=choice.key,
        subject=choice.subject,
        target=str(gate.target),
        champion=None if champion is None else str(champion.version),
        verdict=verdict,
        run=run,
        at=stamp(now()),
        report=page,
    )


def _judged(run: Run, gate: Gate, champion: ModelVersion | None) -> tuple[Verdict, Question | None]:
    """The verdict and what was asked; a validator that can't even be imported is an `error`, not a step."""
    try:
        question = ask(run, gate, champion)
    except StepError as error:
        return Verdict(gate.name, gate.kind, gate.severity, Outcome.ERROR, error.message), None
    return judge(question), question


def ask(run: Run, gate: Gate, champion: ModelVersion | None) -> Question:
    """Everything the gate needs, loaded: tables as data frames, models as objects."""
    on_model = gate.target.kind is RefKind.MODEL
    table_ref = gate.data if on_model else gate.target
    table = run.artifact(table_ref) if table_ref is not None else None
    contracts = _contracts(run, gate)
    rival = champion if on_model and gate.kind != _TWO_TABLES and compares_with_champion(gate) else None
    reference, label = _reference(run, gate, champion), _label(run, gate, table_ref)
    columns = {name: column.to_json() for contract in contracts for name, column in contract.columns.items()}
    return Question(
        gate=gate.name,
        kind=gate.kind,
        severity=gate.severity,
        inconclusive=gate.inconclusive,
        no_reference=gate.no_reference,
        table=_table(run, table),
        **_compared(run, gate, reference, columns),
        model=_model(run, run.artifact(gate.target)) if on_model else None,
        champion=None if rival is None else _model(run, rival.artifact),
        label=label,
        columns=columns,
        key=tuple(name for contract in contracts for name in contract.key),
        checks=gate.checks,
        slices=gate.slices,
        function=validators.of(run, gate, {"data": table, "reference": reference}, rival, label),
        arguments=dict(gate.arguments),
        now=now(),
        timeout=gate.timeout,
        asks_reference=gate.reference is not None,
    )


def seen(run: Run, gate: Gate, champion: ModelVersion | None) -> dict[str, Any]:
    """Which content the gate looked at, by role."""
    seen: dict[str, Any] = {"target": {"ref": str(gate.target), "content": run.content(gate.target)}}
    if gate.data is not None:
        seen["data"] = {"ref": str(gate.data), "content": run.content(gate.data)}
    if isinstance(gate.reference, Ref):
        seen["reference"] = {"ref": str(gate.reference), "content": run.content(gate.reference)}
    elif champion is not None:
        seen["champion"] = {"version": str(champion.version), "content": champion.content}
    return seen


def _ended(run: Run, task: Task, verdict: Verdict, *, fresh: bool) -> NodeResult:
    run.verdicts[task.name] = verdict
    page = run.reports.get(task.name)
    shown: dict[str, Any] = {"verdict": verdict, "report": None if page is None else str(page)}
    if verdict.blocks:
        return NodeResult(
            task, Status.FAILED, f"{verdict.outcome}: {verdict.reason}", exit=ExitCode.GATE_FAILED, **shown
        )
    if verdict.holds:
        on_model = run.spec.gates[task.name].target.kind is RefKind.MODEL  # then the stage that lists it is held
        code = ExitCode.DONE if on_model else ExitCode.HELD
        return NodeResult(task, Status.HELD, f"inconclusive: {verdict.reason}", exit=code, **shown)
    if verdict.outcome in (Outcome.FAIL, Outcome.ERROR):
        return NodeResult(task, Status.WARNED, f"{verdict.outcome}: {verdict.reason}", **shown)
    said = str(verdict.outcome) if not verdict.reason else f"{verdict.outcome}: {verdict.reason}"
    return NodeResult(task, Status.DONE if fresh else Status.REUSED, said, **shown)


def _table(run: Run, artifact: Artifact | None) -> Any:
    if artifact is None or artifact.type is not OutputType.TABLE:
        return None
    return tables.load(run.path(artifact))


def _model(run: Run, artifact: Artifact) -> Any:
    from modelsync.usercode.models import load_model

    return load_model(run.path(artifact)).model


def _reference(run: Run, gate: Gate, champion: ModelVersion | None) -> Artifact | None:
    if isinstance(gate.reference, Ref):
        return run.artifact(gate.reference)
    if gate.reference == CHAMPION and champion is not None:
        return champion.artifacts.get(str(gate.data if gate.kind == _TWO_TABLES else gate.target))
    return None


def _compared(run: Run, gate: Gate, reference: Artifact | None, columns: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The reference of a question: a profile where one will do, else the table."""
    if reference is None or not profiles.takes(run, gate, reference, columns):
        return {"reference": _table(run, reference)}
    return {"reference": None, "reference_profile": profiles.of(run, reference, columns)}


def _contracts(run: Run, gate: Gate) -> tuple[Contract, ...]:
    """The contracts of the datasets that the gate's tables descend from."""
    refs = [ref for ref in (gate.target, gate.data) if ref is not None]
    datasets, _ = upstream(run.spec, refs)
    found = [run.spec.datasets[name].contract for name in sorted(datasets)]
    return tuple(contract for contract in found if contract is not None)


def _label(run: Run, gate: Gate, table: Ref | None) -> Label | None:
    """The truth: as the gate says it, else as the contract above its table does."""
    if gate.label is not None:
        return gate.label
    column = None if table is None else label_of(run.spec, table)
    return None if column is None else Label(column.name, column.positive)
