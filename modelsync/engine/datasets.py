"""A dataset in a run: fetched when it changed, its contract checked, its version recorded."""

from __future__ import annotations

from modelsync.core.clock import now
from modelsync.core.errors import ExitCode, UsageError
from modelsync.core.units import say_count
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict, worst
from modelsync.data.sources.base import Fetched
from modelsync.engine import intake
from modelsync.engine.context import Run, done, reused
from modelsync.engine.intake import Arrived, BrokenContractError, Origin
from modelsync.engine.results import NodeResult, Status
from modelsync.engine.sources import open_source
from modelsync.language.model import Dataset
from modelsync.plan import choices, freshness
from modelsync.plan.model import Decision, Task
from modelsync.plan.world import Look
from modelsync.registry.records import DatasetVersion


def perform(run: Run, task: Task) -> NodeResult:
    """Version one dataset by content; a broken contract ends like a failed critical gate, and makes no version."""
    item = run.spec.datasets[task.name]
    choice = choices.dataset(item, run.world)
    if choice.decision is Decision.REUSE and choice.record is not None and choice.content is not None:
        run.learn(f"datasets.{item.name}", choice.content, choice.record.table)
        return reused(task, choice.reason)
    kept = run.world.state.dataset(item.name)
    is_gone = kept is not None and not run.world.stored(kept.table)
    scratch = run.folder / "datasets" / item.name
    source = open_source(run.spec.root, item, run.spec.secrets)
    with intake.fetched(source, scratch) as came:
        if (late := _too_old(item, came)) is not None:
            return _refused(item, task, "freshness", (late,), "bring newer content, or allow a larger `max_age`")
        try:
            arrived = intake.take_in(run.workspace, item, source, came, scratch)
        except BrokenContractError as error:
            return _refused(item, task, "contract", error.checks, error.help)
        except UsageError as error:  # a file that is no table is bad data, not a wrong command
            return NodeResult(task, Status.FAILED, error.message, exit=ExitCode.GATE_FAILED, help=error.help)
    expected = run.world.sources[item.name].digest
    if expected is not None and arrived.digest != expected:
        return NodeResult(
            task,
            Status.FAILED,
            f"{item.source} changed while the run was starting",
            exit=ExitCode.SURROUNDINGS,
            help="run again when nothing writes to it any more",
        )
    version, is_new = _record(run, task, arrived)
    if is_new:
        rows = "" if version.rows is None else f"{say_count(version.rows, 'row')}, "
        return done(task, f"version {version.version}, {rows}{version.rule}")
    if is_gone:
        return done(task, f"version {version.version}, whose bytes were gone, is stored again")
    return reused(task, f"version {version.version}: fetched, the same content")


def _record(run: Run, task: Task, arrived: Arrived) -> tuple[DatasetVersion, bool]:
    """The version of what arrived, known to the run from now on, and whether it was made now."""
    name = arrived.item.name
    run.world.sources[name] = Look(arrived.digest, modified=run.world.sources[name].modified)
    run.learn(f"datasets.{name}", arrived.content, arrived.table)
    run.notices.extend(f"{task.label}: {note}" for note in arrived.notes)
    origin = Origin(run.id, run.record.actor, run.record.git)
    with run.writing:
        return intake.record(run.workspace, arrived, origin, run.world.state)


def _too_old(item: Dataset, came: Fetched) -> Check | None:
    if item.max_age is None:
        return None
    late = freshness.too_old(item.max_age, came.fingerprint.modified, now())
    return Check("max_age", item.name, "age", Outcome.FAIL, note=late) if late else None


def _refused(item: Dataset, task: Task, kind: str, broken: tuple[Check, ...], help: str) -> NodeResult:
    verdict = Verdict(
        gate=f"{kind} of {item.name}",
        kind=kind,
        severity=GateSeverity.CRITICAL,
        outcome=worst(check.outcome for check in broken),
        reason="; ".join(check.sentence() for check in broken),
        checks=broken,
    )
    return NodeResult(
        task,
        Status.FAILED,
        f"the {kind} does not hold: {verdict.reason}",
        exit=ExitCode.GATE_FAILED,
        help=help,
        verdict=verdict,
    )
