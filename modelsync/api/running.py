"""`run`: the plan made true, from the first look to the last fact."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from modelsync.api.planning import make_plan
from modelsync.api.projects import Project
from modelsync.core.digest import of_value
from modelsync.core.errors import ExitCode
from modelsync.engine import mirroring, server
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


def run(project: Project, observer: Observer) -> RunResult:
    """Carry the spec out as far as its rules allow; RunResult with the exit code, whatever happened inside a node.

    Raises LockedError when another run of this spec is under way, SurroundingsError when a port or Prefect fails
    before anything ran. When nothing has changed nothing is written and no server is started.
    """
    began = time.monotonic()
    plan, world = make_plan(project)
    if plan.idle:
        return _idle(project, plan, world, began)
    observer.planned(plan)
    with ExitStack() as stack:
        held = stack.enter_context(lease(project.workspace.journal, _lease_name(project)))
        del held
        plan, world = make_plan(project)  # somebody may have finished a run while we waited
        if plan.idle:
            return _idle(project, plan, world, began)
        return _carry_out(project, plan, world, observer, began, stack)


def _carry_out(
    project: Project, plan: Plan, world: World, observer: Observer, began: float, stack: ExitStack
) -> RunResult:
    from modelsync.engine import flow, interrupt, warm
    from modelsync.engine.context import Run
    from modelsync.engine.stages import driver

    spec, workspace = project.spec, project.workspace
    for node in plan.work:
        if node.task.kind is NodeKind.DEPLOY:  # told before training, not after it
            driver(workspace, spec.deploys[str(spec.stages[node.task.stage].deploy)]).check()
    prefect = server.begin(workspace, observer.say)
    run = Run(
        spec=spec,
        plan=plan,
        world=world,
        workspace=workspace,
        record=_record(project),
        say=observer.say,
    )
    flow.prepare(run, prefect)
    warm.ahead(spec, plan)
    server.ready(workspace, prefect)
    interrupt.close_dead(prefect, _close_dead_runs(run))
    run.record = _begin(run)
    with interrupt.stoppable(run, prefect, stack.close, observer.interrupted):
        try:
            flow.execute(run, prefect, observer)
        finally:
            result = _finish(run, began)
    return result


def _idle(project: Project, plan: Plan, world: World, began: float) -> RunResult:
    """The answer when nothing has to run: what stands, and what holds it, from the plan alone."""
    nodes = tuple(_settled(node, world) for node in plan.nodes)
    models = tuple(
        ModelOutcome(name, str(last.version), False, None, _stages(world, name), _urls(project, world, name))
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


def _settled(node: Node, world: World) -> NodeResult:
    status, code = _STATUS[node.decision]
    if node.task.kind is not NodeKind.GATE:
        return NodeResult(node.task, status, node.reason, exit=code)
    record = world.state.last_gate.get(node.task.name)
    verdict = None if record is None else record.verdict
    if verdict is not None and verdict.blocks:
        return NodeResult(node.task, Status.FAILED, node.reason, exit=ExitCode.GATE_FAILED, verdict=verdict)
    return NodeResult(node.task, status, node.reason, exit=code, verdict=verdict)


def _begin(run: Any) -> RunRecord:
    event = facts.run_started(run.workspace.journal, run.record)
    return RunRecord.of(event)


def _finish(run: Any, began: float) -> RunResult:
    """The last fact of a run, and its summary. Scratch files go; nothing that a later run needs lies there."""
    nodes = tuple(run.results[node.id] for node in run.plan.nodes if node.id in run.results)
    complete = len(nodes) == len(run.plan.nodes)
    code = exit_of(nodes) if complete else ExitCode.INTERNAL
    word = {ExitCode.DONE: "done", ExitCode.HELD: "held", ExitCode.GATE_FAILED: "gate failed"}.get(code, "failed")
    facts.run_finished(run.workspace.journal, run.id, outcome=word, exit=int(code))
    shutil.rmtree(run.folder, ignore_errors=True)
    world = World(run.workspace.state(), run.world.sources, run.world.code, run.world.stored, run.world.alive)
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


def _outcome(run: Any, world: World, name: str) -> ModelOutcome:
    version = run.versions[name]
    urls = (run.urls[name],) if name in run.urls else ()
    fresh = name in run.decisions
    return ModelOutcome(
        name,
        str(version.version),
        fresh,
        run.decisions.get(name),
        _stages(world, name, version.version),
        urls,
    )


def _stages(world: World, model: str, version: Any = None) -> tuple[str, ...]:
    latest = version or (last.version if (last := world.latest(model)) is not None else None)
    return tuple(
        stage for (name, stage), record in world.state.stages.items() if name == model and record.version == latest
    )


def _urls(project: Project, world: World, model: str) -> tuple[str, ...]:
    return tuple(
        world.state.live[name].url
        for name, deploy in project.spec.deploys.items()
        if deploy.model == model and name in world.state.live
    )


def _close_dead_runs(run: Any) -> list[str]:
    """A run without an end whose lease we hold now has died: say so, once. Gives the names Prefect knows them by."""
    dead = [record for record in run.world.state.runs if record.finished is None and record.spec == run.record.spec]
    for record in dead:
        facts.run_finished(run.workspace.journal, record.id, outcome="crashed", exit=int(ExitCode.INTERNAL))
    return [f"{record.project} #{record.number}" for record in dead]


def _record(project: Project) -> RunRecord:
    spec = project.spec
    return RunRecord(
        id=uuid.uuid4().hex,
        project=spec.project,
        spec=_relative(spec.path, spec.root),
        spec_digest=of_value(normal_form(spec)),
        params={name: param.value for name, param in spec.params.items()},
        git=git_state(spec.root),
        actor=actor(spec.root),
    )


def _lease_name(project: Project) -> str:
    return _relative(project.spec.path, project.spec.root)


def _relative(path: Path, root: Path) -> str:
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else str(resolved)


def git_state(root: Path) -> dict[str, Any] | None:
    """The commit of the project and whether its files differ from it; None outside of Git."""
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return None
    return {"commit": commit, "dirty": bool(_git(root, "status", "--porcelain"))}


def actor(root: Path) -> str:
    """Who runs: the Git identity, with the name of the system's user."""
    mail = _git(root, "config", "user.email")
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "unknown"
    return f"{mail} ({user})" if mail else user


def _git(root: Path, *words: str) -> str | None:
    try:
        said = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return said.stdout.strip() if said.returncode == 0 else None
