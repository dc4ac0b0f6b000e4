"""The candidate described: what a run is about to register, in the words that version rules and stages use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelsync.core.digest import of_value
from modelsync.data import contracts
from modelsync.language.model import Model, Spec
from modelsync.plan import choices
from modelsync.plan.graph import upstream
from modelsync.plan.world import World
from modelsync.release.changes import ContractChanges, Described
from modelsync.release.changes import facts as compare


def describe(
    spec: Spec,
    model: Model,
    world: World,
    *,
    signature: Mapping[str, Any] | None,
    metrics: Mapping[str, float] | None,
) -> Described:
    """Params, data and code that the model descends from; signature and metrics when they are known."""
    datasets, steps = _descent(spec, model)
    return Described(
        params={name: param.value for name, param in spec.params.items()},
        datasets={name: choices.dataset(spec.datasets[name], world).content for name in sorted(datasets)},
        code={id: _code(spec, id, world) for id in sorted(steps)},
        signature=signature,
        metrics=metrics,
    )


def facts(spec: Spec, model: Model, world: World, described: Described) -> dict[str, Any]:
    """The facts for the version rules: the candidate against the latest version, and against the champion."""
    base = world.latest(model.name)
    before = Described()
    if base is not None:
        before = Described(base.params, base.datasets, base.code, base.signature, base.metrics)
    return compare(before, described, contract_changes(spec, model, world), _champion_metrics(spec, model, world))


def stage_facts(spec: Spec, model: Model, world: World, metrics: Mapping[str, float]) -> dict[str, Any]:
    """The facts for the condition of a stage."""
    champion = _champion_metrics(spec, model, world) or {}
    return {
        **{f"params.{name}": param.value for name, param in spec.params.items()},
        **{f"metrics.{name}": value for name, value in metrics.items()},
        **{f"champion.metrics.{name}": value for name, value in champion.items()},
    }


def contracts_of(spec: Spec, model: Model) -> dict[str, Any]:
    """The contracts of the datasets a model descends from, in the form that is kept with a version."""
    datasets, _ = _descent(spec, model)
    found = {name: spec.datasets[name].contract for name in sorted(datasets)}
    return {name: contract.to_json() for name, contract in found.items() if contract is not None}


def contract_changes(spec: Spec, model: Model, world: World) -> ContractChanges:
    """How the contracts moved since the latest version."""
    base = world.latest(model.name)
    if base is None:
        return ContractChanges()
    old, new = base.contract or {}, contracts_of(spec, model)
    changes = {name: contracts.compare(old.get(name), new.get(name)) for name in sorted({*old, *new})}
    return ContractChanges(
        [f"{name}: {said}" for name, change in changes.items() for said in change.breaking],
        [f"{name}: {said}" for name, change in changes.items() for said in change.extended],
    )


def _descent(spec: Spec, model: Model) -> tuple[frozenset[str], frozenset[str]]:
    return upstream(spec, (model.artifact,) if model.metrics is None else (model.artifact, model.metrics))


def _code(spec: Spec, id: str, world: World) -> str:
    """The code of a step: its function and how the spec wires it.

    The value of a param does not count; it is told by `params.changed`.
    """
    step = next(step for step in spec.steps if step.id == id)
    wiring = {name: str(ref) for name, ref in step.inputs.items()}
    return of_value({"code": world.code[id].digest, "inputs": wiring, "with": dict(step.written)})


def _champion_metrics(spec: Spec, model: Model, world: World) -> Mapping[str, float] | None:
    champion = world.champion(spec, model.name)
    return None if champion is None else champion.metrics
