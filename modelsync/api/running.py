"""`run`: the plan made true, from the first look to the last fact."""

from __future__ import annotations

import shutil
import time
import uuid
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from modelsync.api.ownership import refuse_strangers
from modelsync.api.planning import make_plan
from modelsync.api.projects import Project
from modelsync.api.versions import git
from modelsync.core.digest import of_value
from modelsync.core.errors import ExitCode, ModelSyncError
from modelsync.core.version import Version
from modelsync.engine import mirroring, server
from modelsync.engine.context import Run
from modelsync.engine.results import ModelOutcome, NodeResult, RunResult, Status, exit_of
from modelsync.engine.watching import Observer
from modelsync.language.normal import normal_form
from modelsync.plan.model import Decision, Node, NodeKind, Plan
from modelsync.plan.world import World
from modelsync.registry import facts
from modelsync.registry.lease import lease
from modelsync.registry.records import RunRecord

_STATUS = {
    Decision.REUSE: (Status.REUSED, ExitCode.DONE),
    Decision.HOLD: (Status.HELD, ExitCode.HELD),
    Decision.BLOCK: (Status.SKIPPED, ExitCode.GATE_FAILED),
}
_WORDS = {ExitCode.DONE: "done", ExitCode.HELD: "held", ExitCode.GATE_FAILED: "gate failed"}


def run(project: Project, observer: Observer) -> RunResult:
    """Carry the spec out as far as its rules allow; RunResult with the exit code, whatever happened inside a node.

    Raises LockedError when another run of this spec is under way, UsageError when another spec owns one of its names,
    SurroundingsError when a port or Prefect fails. When nothing has changed nothing is written and no server starts.
    """
    began = time.monotonic()
    plan, world = make_plan(project)
    refuse_strangers(project, world.state)
    if plan.idle:
        return _idle(project, plan, world, began)
    with ExitStack() as stack:
        stack.enter_context(lease(project.workspace.journal, project.name))
        plan, world = make_plan(project)  # a run that ended meanwhile may have done it all
        if plan.idle:
            return _idle(project, plan, world, began)
        observer.planned(plan)
        return _carry_out(project, plan, world, observer, began, stack)


def _carry_out(
    project: Project, plan: Plan, world: World, observer: Observer, began: float, stack: ExitStack
) -> RunResult:
    from modelsync.engine import flow, interrupt, warm
    from modelsync.engine.stages import driver

    spec, workspace = project.spec, project.workspace
    for node in plan.work:
        if node.task.kind is NodeKind.DEPLOY:  # told before training, not after it
            driver(workspace, spec.deploys[str(spec.stages[node.task.stage].deploy)]).check()
    prefect = server.begin(workspace, observer.say)
    run = Run(spec=spec, plan=plan, world=world, workspace=workspace, record=_record(project), say=observer.say)
    for reference, version in world.pins.items():
        run.learn(reference, version.content_key, version.table)
    stack.enter_context(flow.surroundings(run, prefect))
    imported = warm.ahead(spec, plan)
    server.ready(workspace, prefect)
    imported.wait()  # two threads that import the same library at once can meet it half made
    interrupt.close_dead(prefect, _close_dead_runs(run))
    run.record = RunRecord.of(facts.run_started(workspace.journal, run.record))
    with interrupt.stoppable(run, prefect, stack.close, observer) as give_up:
        try:
            flow.execute(run, prefect, observer, give_up)
        except ModelSyncError as error:
            _end(run, error.exit_code)
            raise
        except BaseException:
            _end(run, ExitCode.INTERNAL)
            raise
        return _finish(run, began)


def _idle(project: Project, plan: Plan, world: World, began: float) -> RunResult:
    """The answer when nothing has to run: what stands, and what holds it, from the plan alone."""
    nodes = tuple(_settled(node, plan) for node in plan.nodes)
    models = tuple(
        ModelOutcome(
            name, str(last.version), False, None, _stages(world, name, last.version), _urls(project, world, name)
        )
        for name in project.spec.models
        if (last := world.latest(name)) is not None
    )
    caught_up = mirroring.catch_up(project.workspace, world.state, project.spec.project)
    return RunResult(
        project=project.spec.project,
        number=None,
        run=None,
        nodes=nodes,
        models=models,
        exit=exit_of(nodes),
        seconds=time.monotonic() - began,
        notices=() if caught_up is None else (caught_up,),
    )


def _settled(node: Node, plan: Plan) -> NodeResult:
    status, code = _STATUS[node.decision]
    verdict = plan.verdicts.get(node.task.name) if node.task.kind is NodeKind.GATE else None
    if verdict is not None and verdict.blocks:
        status, code = Status.FAILED, ExitCode.GATE_FAILED
    return NodeResult(node.task, status, node.reason, exit=code, verdict=verdict)


def _finish(run: Run, began: float) -> RunResult:
    """The last fact of a run, and its summary."""
    nodes = tuple(run.results[node.id] for node in run.plan.nodes)
    code = exit_of(nodes)
    _end(run, code)
    state = run.workspace.state()
    world = replace(run.world, state=state)
    models = tuple(_outcome(run, world, name) for name in run.spec.models if name in run.versions)
    return RunResult(
        project=run.spec.project,
        number=run.record.number,
        run=run.id,
        nodes=nodes,
        models=models,
        exit=code,
        seconds=time.monotonic() - began,
        notices=tuple(run.notices),
        links=dict(run.links),
    )


def _end(run: Run, code: ExitCode) -> None:
    """Record how the run ended. Its scratch files go; nothing that a later run needs lies there."""
    facts.run_finished(run.workspace.journal, run.id, outcome=_WORDS.get(code, "failed"), exit=int(code))
    shutil.rmtree(run.folder, ignore_errors=True)


def _outcome(run: Run, world: World, name: str) -> ModelOutcome:
    version = run.versions[name].version
    urls = (run.urls[name],) if name in run.urls else ()
    decision = run.decisions.get(name)
    return ModelOutcome(name, str(version), decision is not None, decision, _stages(world, name, version), urls)


def _stages(world: World, model: str, version: Version) -> tuple[str, ...]:
    held = world.state.stages.items()
    return tuple(stage for (name, stage), record in held if name == model and record.version == version)


def _urls(project: Project, world: World, model: str) -> tuple[str, ...]:
    return tuple(
        world.state.live[name].url
        for name, deploy in project.spec.deploys.items()
        if deploy.model == model and name in world.state.live
    )


def _close_dead_runs(run: Run) -> list[str]:
    """A run of this spec without an end, whose lease we hold now, has died: say so, once, and clear its scratch files.

    Gives the names that Prefect knows the dead by.
    """
    ours = [record for record in run.world.state.runs if record.spec == run.record.spec]
    dead = [record for record in ours if record.finished is None]
    for record in dead:
        facts.run_finished(run.workspace.journal, record.id, outcome="crashed", exit=int(ExitCode.INTERNAL))
    for record in ours:
        shutil.rmtree(run.workspace.work(record.id), ignore_errors=True)
    return [f"{record.project} #{record.number}" for record in dead]


def _record(project: Project) -> RunRecord:
    spec = project.spec
    return RunRecord(
        id=uuid.uuid4().hex,
        project=spec.project,
        spec=project.name,
        spec_digest=of_value(normal_form(spec)),
        params={name: param.value for name, param in spec.params.items()},
        git=git_state(spec.root),
        actor=actor(spec.root),
    )


def git_state(root: Path) -> dict[str, Any] | None:
    """The commit of the project and whether its files differ from it; None outside of Git."""
    commit = git.ask(root, "rev-parse", "HEAD")
    if commit is None:
        return None
    changes = git.ask(root, "status", "--porcelain")
    return {"commit": commit, "dirty": changes != ""}  # what can't be told is not called clean


def actor(root: Path) -> str:
    """Who runs: the Git identity, with the name of the system's user."""
    mail = git.ask(root, "config", "user.email")
    return f"{mail} ({git.user()})" if mail else git.user()
