"""A version enters a stage: allowed by gates and condition, rolled out where the stage says so, then promoted."""

from __future__ import annotations

from modelsync.core.clock import now, stamp
from modelsync.core.errors import ExitCode
from modelsync.engine import mirroring
from modelsync.engine.context import Run, done, held, reused
from modelsync.engine.results import NodeResult, Status
from modelsync.engine.rollout import local_target, roll_out
from modelsync.engine.workspace import Workspace
from modelsync.language.delivery import Deploy
from modelsync.plan import candidate
from modelsync.plan.build import is_live, target_of
from modelsync.plan.graph import gates_of
from modelsync.plan.model import Task
from modelsync.registry import facts
from modelsync.registry.effects import effect_key
from modelsync.registry.records import Deployment, ModelVersion, StageRecord
from modelsync.release import promotion
from modelsync.targets.base import Release
from modelsync.targets.local import LocalTarget


def promote(run: Run, task: Task) -> NodeResult:
    """Move the stage to this version; with a rollout in the stage, only after that succeeded."""
    version = run.versions[task.name]
    current = run.world.at_stage(task.name, task.stage)
    if current is not None and current.version == version.version:
        return reused(task, f"{version.version} is there")
    refused = _refusal(run, task)
    if refused is not None:
        return refused
    turns = sum(
        1 for record in run.world.state.stage_history if (record.model, record.stage) == (task.name, task.stage)
    )
    record = StageRecord(
        model=task.name,
        stage=task.stage,
        version=version.version,
        run=run.id,
        at=stamp(now()),
        previous=None if current is None else current.version,
    )
    # The turn is part of the key: a version that comes back after a rollback is a new promotion.
    key = effect_key("promote", task.name, task.stage, str(version.version), turns)
    with run.writing:
        facts.stage_promoted(run.workspace.journal, record, key=key)
        mirroring.sync(run)
    came = f", was {current.version}" if current is not None else ""
    return done(task, f"{version.version}{came}")


def deploy(run: Run, task: Task) -> NodeResult:
    """Roll the version out as the stage's deploy says; on failure what served before serves again."""
    version = run.versions[task.name]
    item = run.spec.deploys[str(run.spec.stages[task.stage].deploy)]
    earlier = run.world.state.live.get(item.name)
    if is_live(item, earlier, version, run.world):
        assert earlier is not None
        run.urls[task.name] = earlier.url
        return reused(task, f"{version.version} serves")
    current = run.world.at_stage(task.name, task.stage)
    refused = None if current == version else _refusal(run, task)
    if refused is not None:
        return refused
    return _roll_out(run, task, item, version)


def driver(workspace: Workspace, item: Deploy) -> LocalTarget:
    """The target that carries a deployment out."""
    target = item.local
    return local_target(workspace.deployments, item.name, host=target.host, port=target.port, replicas=target.replicas)


def _roll_out(run: Run, task: Task, item: Deploy, version: ModelVersion) -> NodeResult:
    release = Release(
        model=task.name,
        version=str(version.version),
        digest=version.artifact.digest,
        folder=run.path(version.artifact),
    )
    journal = run.workspace.journal
    begun = _deployment(run, item, version, "rolling", "")
    with run.writing:
        facts.deploy_started(journal, begun)
    result = roll_out(driver(run.workspace, item), item.strategy, release, on_event=run.say)
    if result.outcome != "live":
        with run.writing:
            facts.deploy_failed(journal, _deployment(run, item, version, "failed", result.url, reason=result.reason))
        return NodeResult(
            task,
            Status.FAILED,
            f"rolled back: {result.reason}",
            exit=ExitCode.ROLLED_BACK,
            help=f"see the logs in {run.workspace.deployments / item.name}",
        )
    with run.writing:
        facts.deploy_finished(journal, _deployment(run, item, version, "live", result.url))
    run.urls[task.name] = result.url
    return done(task, f"{version.version} serves on {result.url}")


def _deployment(
    run: Run, item: Deploy, version: ModelVersion, status: str, url: str, *, reason: str = ""
) -> Deployment:
    return Deployment(
        deploy=item.name,
        model=item.model,
        version=version.version,
        strategy=item.strategy,
        url=url,
        port=item.local.port,
        status=status,
        artifact=version.artifact,
        run=run.id,
        at=stamp(now()),
        detail={"target": target_of(item), **({"reason": reason} if reason else {})},
    )


def _refusal(run: Run, task: Task) -> NodeResult | None:
    """Why the version may not enter, or None when it may."""
    stage, model = run.spec.stages[task.stage], run.spec.models[task.name]
    known = candidate.stage_facts(run.spec, model, run.world, run.metrics(model.name))
    answer = promotion.decide(gates_of(run.spec, stage, model), dict(run.verdicts), stage.when, known)
    reasons = "; ".join(answer.reasons)
    if answer.permission is promotion.Permission.ALLOWED:
        return None
    if answer.permission is promotion.Permission.HELD:
        return held(task, reasons)
    return NodeResult(task, Status.FAILED, reasons, exit=ExitCode.GATE_FAILED)
