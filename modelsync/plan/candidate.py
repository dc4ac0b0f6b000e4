"""The candidate described: what a run is about to register, in the words that version rules and stages use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from modelsync.core.digest import of_value
from modelsync.data import contracts
from modelsync.language.model import Model, Ref, Spec
from modelsync.plan import choices
from modelsync.plan.graph import descent, upstream
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
    """Params, data and code that the model descends from; signature and metrics when they are known.

    The content of a dataset that must be fetched first is empty.
    """
    datasets, steps = descent(spec, _makings(model))
    return Described(
        params={name: param.value for name, param in spec.params.items()},
        datasets=dict(sorted(_contents(spec, world, datasets).items())),
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
    found = compare(before, described, contract_changes(spec, model, world), _champion_metrics(spec, model, world))
    return _without_open(found, before, described)


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
    return upstream(spec, _makings(model))


def _makings(model: Model) -> tuple[Ref, ...]:
    return (model.artifact,) if model.metrics is None else (model.artifact, model.metrics)


def _contents(spec: Spec, world: World, datasets: Iterable[Ref]) -> dict[str, str]:
    """Each dataset's content as it is now; of one that only a named version is used of, the content of that."""
    named = {ref.path[0]: world.pins[str(ref)].content_key for ref in datasets if ref.version}
    present = {ref.path[0]: choices.dataset(spec.datasets[ref.path[0]], world) for ref in datasets if not ref.version}
    return named | {name: str(choice.content or "") for name, choice in present.items()}


def _without_open(found: dict[str, Any], before: Described, described: Described) -> dict[str, Any]:
    """The facts without those that hang on content that nobody knows yet."""
    unknown = {name for name, content in described.datasets.items() if not content}
    if not unknown:
        return found
    open_ = {f"changed(datasets.{name})" for name in unknown}
    settled = {*before.datasets, *described.datasets} - unknown
    if all(before.datasets.get(name) == described.datasets.get(name) for name in settled):
        open_ |= {"data.changed", "changed(data)"}
    return {name: value for name, value in found.items() if name not in open_}


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
