"""Spec and world to plan: one walk over the tasks, each decided on what the ones before it left known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modelsync.core.artifacts import OutputType
from modelsync.core.digest import Digest, of_value
from modelsync.core.verdict import Verdict
from modelsync.language.delivery import Deploy
from modelsync.language.model import Model, Spec
from modelsync.plan import candidate, choices
from modelsync.plan.graph import gates_of, tasks
from modelsync.plan.model import Decision, Node, NodeKind, Plan, Task, node_id
from modelsync.plan.world import World
from modelsync.registry.records import Deployment, ModelVersion
from modelsync.release import bumps, promotion
from modelsync.release.bumps import Prediction

_STOPPED = (Decision.BLOCK, Decision.HOLD)
_OPEN = (Decision.RUN, Decision.WAIT)


def build(spec: Spec, world: World) -> Plan:
    """The plan of a run now; nothing is touched. ValueError never: a spec that was checked always has a plan."""
    planner = _Planner(spec, world)
    for task in tasks(spec):
        planner.take(task)
    current = {name: str(last.version) for name in spec.models if (last := world.latest(name)) is not None}
    return Plan(spec.project, tuple(planner.nodes.values()), planner.expected, current, planner.verdicts)


def artifact_content(artifact: str, metrics: str | None) -> Digest:
    """The content of a model version: the model's bytes and what was measured of it."""
    return of_value({"artifact": artifact, "metrics": metrics})


def is_live(deploy: Deploy, record: Deployment | None, version: ModelVersion, world: World) -> bool:
    """Whether a deployment serves exactly this version where the spec says, and answers."""
    return (
        record is not None
        and record.version == version.version
        and record.artifact.digest == version.artifact.digest
        and record.detail.get("target") == target_of(deploy)
        and world.alive(record)
    )


def target_of(deploy: Deploy) -> dict[str, object]:
    """A target as plain values, the form kept in the journal."""
    target = deploy.local
    return {"kind": "local", "host": target.host, "port": target.port, "replicas": target.replicas}


class _Planner:
    def __init__(self, spec: Spec, world: World) -> None:
        self.spec, self.world = spec, world
        self.nodes: dict[str, Node] = {}
        self.expected: dict[str, Prediction] = {}
        self.known: dict[str, str] = {name: version.content_key for name, version in world.pins.items()}
        self.metrics: dict[str, Mapping[str, float]] = {}  # reference of a metrics output -> its numbers
        self.signatures: dict[str, Mapping[str, object]] = {}  # reference of a model output -> its signature
        self.verdicts: dict[str, Verdict] = {}

    def take(self, task: Task) -> None:
        """Decide one task whose needs are decided."""
        stopped = next((id for id in task.needs if self._stops(id)), None)
        if stopped is not None:
            decision, reason = self._stop(stopped)
        else:
            decision, reason = self._deciders[task.kind](self, task)
        self.nodes[task.id] = Node(task, decision, reason)

    def _stops(self, id: str) -> bool:
        node = self.nodes[id]
        if node.decision in _STOPPED:
            return True
        verdict = self.verdicts.get(node.task.name) if node.task.kind is NodeKind.GATE else None
        return verdict is not None and (verdict.blocks or verdict.holds)

    def _stop(self, id: str) -> tuple[Decision, str]:
        node = self.nodes[id]
        if node.task.kind is NodeKind.GATE and node.decision not in _STOPPED:
            verdict = self.verdicts[node.task.name]
            if verdict.holds:
                return Decision.HOLD, f"{node.task.label} is inconclusive: {verdict.reason}"
            return Decision.BLOCK, f"{node.task.label} failed: {verdict.reason}"
        return node.decision, f"waits for {node.task.label}"

    def _dataset(self, task: Task) -> tuple[Decision, str]:
        choice = choices.dataset(self.spec.datasets[task.name], self.world)
        if choice.content is not None:
            self.known[f"datasets.{task.name}"] = choice.content
        return choice.decision, choice.reason

    def _step(self, task: Task) -> tuple[Decision, str]:
        step = next(step for step in self.spec.steps if step.id == task.name)
        choice = choices.step(step, self.known, self.world)
        if choice.record is not None:
            for name, output in choice.record.outputs.items():
                ref = f"pipelines.{step.id}.{name}"
                self.known[ref] = output.digest
                if output.type is OutputType.METRICS:
                    self.metrics[ref] = output.facts
                elif output.type is OutputType.MODEL:
                    self.signatures[ref] = output.facts.get("signature", {})
        return choice.decision, choice.reason

    def _gate(self, task: Task) -> tuple[Decision, str]:
        choice = choices.gate(self.spec.gates[task.name], self.spec, self.known, self.world)
        if choice.record is not None:
            self.verdicts[task.name] = choices.as_asked(choice.record.verdict, self.spec.gates[task.name])
        return choice.decision, choice.reason

    def _version(self, task: Task) -> tuple[Decision, str]:
        model = self.spec.models[task.name]
        latest = self.world.latest(model.name)
        artifact = self.known.get(str(model.artifact))
        metrics = None if model.metrics is None else self.known.get(str(model.metrics))
        complete = artifact is not None and (model.metrics is None or metrics is not None)
        if complete and latest is not None and artifact_content(str(artifact), metrics) == latest.content:
            return Decision.REUSE, f"the content is that of {latest.version}"
        self.expected[model.name] = self._predict(model, latest)
        if not complete and latest is not None:
            return Decision.WAIT, "decided when the candidate is there"
        return Decision.RUN, "first version" if latest is None else "the content changed"

    def _predict(self, model: Model, latest: ModelVersion | None) -> Prediction:
        described = candidate.describe(
            self.spec,
            model,
            self.world,
            signature=self.signatures.get(str(model.artifact)),
            metrics=None if model.metrics is None else self.metrics.get(str(model.metrics)),
        )
        facts = candidate.facts(self.spec, model, self.world, described)
        return bumps.predict(model.rules, facts, None if latest is None else latest.version, model.start)

    def _register(self, task: Task) -> tuple[Decision, str]:
        version = self.nodes[node_id(NodeKind.VERSION, task.name)]
        if version.decision is Decision.REUSE:
            latest = self.world.latest(task.name)
            return Decision.REUSE, f"registered as {latest.version if latest else ''}"
        return version.decision, "follows the version"

    def _enter(self, task: Task) -> tuple[Decision, str]:
        """Whether the candidate may enter a stage, as far as that is known now."""
        if any(self.nodes[id].decision in _OPEN for id in (*task.needs, *task.after)):
            return Decision.WAIT, "decided when its version and its gates are there"
        stage, model = self.spec.stages[task.stage], self.spec.models[task.name]
        numbers = {} if model.metrics is None else self.metrics.get(str(model.metrics), {})
        facts = candidate.stage_facts(self.spec, model, self.world, numbers)
        answer = promotion.decide(gates_of(self.spec, stage, model), self.verdicts, stage.when, facts)
        if answer.permission is promotion.Permission.BLOCKED:
            return Decision.BLOCK, "; ".join(answer.reasons)
        if answer.permission is promotion.Permission.HELD:
            return Decision.HOLD, "; ".join(answer.reasons)
        return Decision.RUN, "every gate of the stage passed"

    def _deploy(self, task: Task) -> tuple[Decision, str]:
        latest = self.world.latest(task.name)
        deploy = self.spec.deploys[str(self.spec.stages[task.stage].deploy)]
        record = self.world.state.live.get(deploy.name)
        settled = self.nodes[node_id(NodeKind.VERSION, task.name)].decision is Decision.REUSE
        entered = self.world.at_stage(task.name, task.stage)
        if settled and latest is not None and entered == latest:
            if is_live(deploy, record, latest, self.world):
                return Decision.REUSE, f"{latest.version} serves on port {deploy.local.port}"
            return Decision.RUN, f"{latest.version} is in {task.stage} but does not serve as the spec says"
        return self._enter(task)

    def _promote(self, task: Task) -> tuple[Decision, str]:
        settled = self.nodes[node_id(NodeKind.VERSION, task.name)].decision is Decision.REUSE
        latest = self.world.latest(task.name)
        if settled and latest is not None and self.world.at_stage(task.name, task.stage) == latest:
            return Decision.REUSE, f"{latest.version} is there"
        return self._enter(task)

    _deciders: Mapping[NodeKind, Callable[[_Planner, Task], tuple[Decision, str]]] = {
        NodeKind.DATASET: _dataset,
        NodeKind.STEP: _step,
        NodeKind.GATE: _gate,
        NodeKind.VERSION: _version,
        NodeKind.REGISTER: _register,
        NodeKind.DEPLOY: _deploy,
        NodeKind.PROMOTE: _promote,
    }
