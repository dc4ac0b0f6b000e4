"""A dataset in a run: its bytes stored, its contract checked, its version recorded."""

from __future__ import annotations

from typing import Any

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.errors import ExitCode, UsageError
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict, worst
from modelsync.core.version import Version
from modelsync.data import contracts, schema, tables, versions
from modelsync.engine.context import Run, done, reused
from modelsync.engine.results import NodeResult, Status
from modelsync.language.model import Dataset
from modelsync.plan import choices
from modelsync.plan.model import Decision, Task
from modelsync.registry import facts
from modelsync.registry.effects import effect_key
from modelsync.registry.records import DatasetVersion
from modelsync.release import bumps

START = Version(1, 0, 0)  # data that is used is released: the first version says so


def perform(run: Run, task: Task) -> NodeResult:
    """Version one dataset by content; a broken contract ends like a failed critical gate, and makes no version."""
    item = run.spec.datasets[task.name]
    choice = choices.dataset(item, run.world)
    if choice.decision is Decision.REUSE and choice.record is not None:
        run.learn_dataset(item.name, choice.content, choice.record.table)
        return reused(task, choice.reason)
    try:
        frame = tables.read(item.file, item.contract)
    except UsageError as error:  # a file that is no table is bad data, not a wrong command
        return NodeResult(task, Status.FAILED, error.message, exit=ExitCode.GATE_FAILED, help=error.help)
    broken = contracts.violations(frame, item.contract) if item.contract else ()
    if broken:
        return _refused(item, task, broken)
    stored = run.workspace.store.put_file(item.file)
    if stored.digest != run.world.sources[item.name]:
        return NodeResult(
            task,
            Status.FAILED,
            f"{item.source} changed while the run was starting",
            exit=ExitCode.SURROUNDINGS,
            help="run again when nothing writes to it any more",
        )
    described = schema.describe(frame, item.contract)
    table = _store_table(run, item, frame, described.rows)
    run.learn_dataset(item.name, choice.content, table)
    kept = run.world.state.dataset(item.name)
    if kept is not None and kept.content_key == choice.content:
        return done(task, f"version {kept.version}, whose bytes were gone, is stored again")
    version = _record(run, item, choice.content, str(stored.digest), stored.size, described, table)
    return done(task, f"version {version.version}, {described.rows:,} rows, {version.rule}")


def _store_table(run: Run, item: Dataset, frame: Any, rows: int) -> Artifact:
    """The table with the contract's types, as every step and gate reads it."""
    path = run.folder / "datasets" / f"{item.name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    tables.write(frame, path)
    stored = run.workspace.store.put_file(path)
    path.unlink()
    return Artifact(OutputType.TABLE, stored.digest, stored.size, {"rows": rows, "columns": list(frame.columns)})


def _record(
    run: Run, item: Dataset, content: str, digest: str, size: int, described: Any, table: Artifact
) -> DatasetVersion:
    earlier = run.world.state.datasets.get(item.name, ())
    last = earlier[-1] if earlier else None
    contract = None if item.contract is None else item.contract.to_json()
    current = _snapshot(run, content, contract, table)
    before = None if last is None else _snapshot(run, last.content_key, last.contract, last.table)
    known = versions.facts(before, current)
    decision = bumps.decide(item.rules, known, None if last is None else last.version, START)
    version = DatasetVersion(
        dataset=item.name,
        version=decision.version,
        digest=digest,
        size=size,
        rows=described.rows,
        columns=described.to_json()["columns"],
        contract=contract,
        content_key=content,
        table=table,
        tags=item.tags,
        rule=decision.rule,
        evidence=decision.evidence,
        git=run.record.git,
        run=run.id,
        at=run.record.started,
    )
    key = effect_key("dataset", item.name, content, str(decision.version))
    facts.dataset_versioned(run.workspace.journal, version, key=key)
    return version


def _refused(item: Dataset, task: Task, broken: tuple[Check, ...]) -> NodeResult:
    verdict = Verdict(
        gate=f"contract of {item.name}",
        kind="contract",
        severity=GateSeverity.CRITICAL,
        outcome=worst(check.outcome for check in broken) if broken else Outcome.PASS,
        reason="; ".join(check.sentence() for check in broken),
        checks=broken,
    )
    return NodeResult(
        task,
        Status.FAILED,
        f"the contract does not hold: {verdict.reason}",
        exit=ExitCode.GATE_FAILED,
        help=f"mend {item.source}, or say in the contract of `{item.name}` what is allowed",
        verdict=verdict,
    )


def _snapshot(run: Run, content: str, contract: dict[str, Any] | None, table: Artifact) -> versions.Snapshot:
    return versions.Snapshot(content, contract, tables.load(run.path(table)))
