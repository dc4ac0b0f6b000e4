"""A candidate becomes a version: the rule that decides it, and its registration."""

from __future__ import annotations

from modelsync.core.clock import now, stamp
from modelsync.engine import mirroring
from modelsync.engine.context import Run, done, reused
from modelsync.engine.results import NodeResult
from modelsync.language.model import RefKind
from modelsync.plan import candidate
from modelsync.plan.build import artifact_content
from modelsync.plan.graph import concerning, upstream
from modelsync.plan.model import Task
from modelsync.registry import facts
from modelsync.registry.effects import effect_key
from modelsync.registry.records import ModelVersion
from modelsync.release import bumps
from modelsync.release.bumps import Decision
from modelsync.release.promotion import say_evidence


def decide(run: Run, task: Task) -> NodeResult:
    """The next version of the candidate by the spec's rules; the latest one when the content is the same."""
    model = run.spec.models[task.name]
    latest = run.world.latest(model.name)
    if latest is not None and latest.content == _content(run, model.name):
        run.versions[model.name] = latest
        return reused(task, f"the content is that of {latest.version}")
    artifact = run.artifact(model.artifact)
    described = candidate.describe(
        run.spec,
        model,
        run.world,
        signature=artifact.facts.get("signature", {}),
        metrics=run.metrics(model.name) if model.metrics is not None else None,
    )
    known = candidate.facts(run.spec, model, run.world, described)
    decision = bumps.decide(model.rules, known, None if latest is None else latest.version, model.start)
    run.decisions[model.name] = decision
    why = say_evidence(decision.evidence)
    return done(task, f"{decision.version}: {decision.rule}" + (f" ({why})" if why else ""))


def register(run: Run, task: Task) -> NodeResult:
    """Record the version, once for its content, and mirror it to MLflow."""
    model = run.spec.models[task.name]
    if model.name in run.versions:
        return reused(task, f"registered as {run.versions[model.name].version}")
    version = _version(run, model.name, run.decisions[model.name])
    key = effect_key("register", model.name, version.content, str(version.version))
    with run.writing:
        facts.model_registered(run.workspace.journal, version, key=key)
        mirroring.sync(run)
    run.versions[model.name] = version
    return done(task, f"{model.name} {version.version}")


def _content(run: Run, name: str) -> str:
    model = run.spec.models[name]
    metrics = None if model.metrics is None else run.content(model.metrics)
    return artifact_content(str(run.content(model.artifact)), metrics)


def _version(run: Run, name: str, decision: Decision) -> ModelVersion:
    model = run.spec.models[name]
    artifact = run.artifact(model.artifact)
    described = candidate.describe(
        run.spec, model, run.world, signature=artifact.facts.get("signature", {}), metrics=run.metrics(name)
    )
    return ModelVersion(
        model=name,
        version=decision.version,
        artifact=artifact,
        artifacts={ref: run.artifacts[ref] for ref in _lineage(run, name)},
        metrics=dict(described.metrics or {}),
        content=_content(run, name),
        rule=decision.rule,
        bump=str(decision.bump),
        evidence=decision.evidence,
        skipped=[{"rule": passed.rule, "evidence": passed.evidence} for passed in decision.passed_over],
        params=dict(described.params),
        datasets=dict(described.datasets),
        code=dict(described.code),
        signature=dict(described.signature or {}),
        contract=candidate.contracts_of(run.spec, model),
        gates={gate: str(run.verdicts[gate].outcome) for gate in concerning(run.spec, model) if gate in run.verdicts},
        git=run.record.git,
        run=run.id,
        at=stamp(now()),
    )


def _lineage(run: Run, name: str) -> list[str]:
    """Every artifact the model descends from, and those its gates look at: what `reference: champion` may ask for."""
    model = run.spec.models[name]
    datasets, steps = upstream(run.spec, [model.artifact, *([] if model.metrics is None else [model.metrics])])
    targets = {str(gate.target) for gate in run.spec.gates.values() if gate.target.kind is not RefKind.MODEL}

    def belongs(ref: str) -> bool:
        kind, _, rest = ref.partition(".")
        return ref in targets or (rest in datasets if kind == "datasets" else rest.rpartition(".")[0] in steps)

    return sorted(ref for ref in tuple(run.artifacts) if belongs(ref))  # other tasks add to it meanwhile
