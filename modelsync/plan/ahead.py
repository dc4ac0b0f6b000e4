"""What the language already says and this version can't do yet: told with its place, never skipped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import StabilityCheck, of_kind
from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.delivery import LocalTarget
from modelsync.language.model import Gate, Ref, RefKind, SourceKind, Spec, Step

CODE = "MS110"

_SECRET_STORES = ("env", "file")
_STRATEGIES = ("recreate", "blue_green")


def not_yet(spec: Spec) -> tuple[Diagnostic, ...]:
    """Everything in a valid spec that a run could not carry out, by place."""
    found = [*_data(spec), *(each for step in spec.steps for each in _step(step))]
    found += [each for gate in spec.gates.values() for each in _gate(gate)]
    found += [*_references(spec), *_release(spec), *_around_the_clock(spec), *_runner(spec)]
    return tuple(sorted(found, key=lambda each: each.order))


def _told(at: Pos, what: str, help: str) -> Diagnostic:
    return Diagnostic(CODE, at, f"{what} is not supported yet", help, notes=("the spec itself is right",))


def _runner(spec: Spec) -> Iterator[Diagnostic]:
    if spec.runner != "threads" and spec.runner_at is not None:
        yield _told(spec.runner_at, f"runner `{spec.runner}`", "write `runner: threads` for now")


def _data(spec: Spec) -> Iterator[Diagnostic]:
    for dataset in spec.datasets.values():
        if dataset.kind is SourceKind.QUERY and dataset.max_age is not None:
            help = "remove it for now; a database says of no query when its rows changed"
            yield _told(dataset.at, f"`freshness` of dataset `{dataset.name}`, whose source is a query", help)
        store = "" if dataset.connection is None else spec.secrets[dataset.connection.name].store
        if store and store not in _SECRET_STORES:
            help = "let it come from the environment for now: `{env: VARIABLE}`"
            yield _told(dataset.source_at, f"a secret that lies in `{store}`", help)


def _step(step: Step) -> Iterator[Diagnostic]:
    what = f"step `{step.name}`"
    uses = {
        "`command`": bool(step.command),
        "`each`": bool(step.each),
        "`matrix`": bool(step.members) and not step.each,
        "`env`": bool(step.env) or any(member.env for member in step.members),
        "`resources`": step.resources != type(step.resources)(),
        "`builtin/select`": step.code.text == "builtin/select",
    }
    for key, used in uses.items():
        if used:
            yield _told(step.at, f"{key} of {what}", "write a function of your own for now")


def _gate(gate: Gate) -> Iterator[Diagnostic]:
    if any(check.across for check in of_kind(gate.checks, StabilityCheck)):
        yield _told(gate.at, f"`across` of gate `{gate.name}`", "compare trainings with `folds` or `seeds` for now")


def _references(spec: Spec) -> Iterator[Diagnostic]:
    refs: list[Ref | str | None] = [ref for step in spec.steps for ref in step.inputs.values()]
    refs += [ref for gate in spec.gates.values() for ref in (gate.target, gate.data, gate.reference)]
    for ref in refs:
        if isinstance(ref, Ref) and ref.kind is RefKind.LIVE:
            yield _told(ref.at, f"the reference `{ref}`", "name a dataset for now")


def _release(spec: Spec) -> Iterator[Diagnostic]:
    for stage in spec.stages.values():
        if stage.approval is not None:
            yield _told(stage.at, f"`approval` of stage `{stage.name}`", "remove it for now")
    for deploy in spec.deploys.values():
        if not isinstance(deploy.target, LocalTarget):
            yield _told(deploy.at, f"the target of deploy `{deploy.name}`", "write `kind: local` for now")
        if deploy.strategy not in _STRATEGIES:
            help = f"supported now: {', '.join(_STRATEGIES)}"
            yield _told(deploy.at, f"strategy `{deploy.strategy}` of deploy `{deploy.name}`", help)
        elif deploy.watch or deploy.rollback is not None:
            yield _told(deploy.at, f"`watch` and `rollback` of deploy `{deploy.name}`", "remove them for now")


def _around_the_clock(spec: Spec) -> Iterator[Diagnostic]:
    for schedule in spec.schedules.values():
        yield _told(schedule.at, f"schedule `{schedule.name}`", "call `modelsync run` from cron for now")
    for monitor in spec.monitors.values():
        yield _told(monitor.at, f"monitor `{monitor.name}`", "remove it for now")
    for channel in spec.channels.values():
        yield _told(channel.at, f"channel `{channel.name}` of `notify`", "remove it for now")
