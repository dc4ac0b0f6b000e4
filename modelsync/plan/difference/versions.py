"""Models and versions: what a model is made of, and when its version moves by how much."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.rules import VersionRule
from modelsync.language.model import Model
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.sides import Side


def compare(old: Side, new: Side) -> Iterator[Change]:
    """Every change of a model."""
    for name, model in old.spec.models.items():
        if name not in new.spec.models:
            said = "was removed: its versions stay, and none is added"
            yield Change(Class.REMOVED, f"model `{name}`", said, old.at("models", name))
        else:
            yield from _model(old, new, model, new.spec.models[name])
    for name in new.spec.models:
        if name not in old.spec.models:
            yield Change(Class.ADDED, f"model `{name}`", "was added", after=new.at("models", name))


def rules_changed(
    old: Side,
    new: Side,
    path: tuple[str, ...],
    what: str,
    before: tuple[VersionRule, ...],
    after: tuple[VersionRule, ...],
) -> Iterator[Change]:
    """One change for all rules of a dataset or a model: the first that holds wins, so each depends on the others."""
    if before == after:
        return
    gone = [_said(rule) for rule in before if rule not in after]
    more = [_said(rule) for rule in after if rule not in before]
    parts = [f"without {', '.join(gone)}"] if gone else []
    parts += [f"with {', '.join(more)}"] if more else []
    said = f"rules: {'; '.join(parts) or 'in another order, and the first that holds wins'}"
    where = (*path, "versioning", "rules")
    yield Change(Class.VERSIONING, what, said, old.at(*where), new.at(*where))


def _model(old: Side, new: Side, before: Model, after: Model) -> Iterator[Change]:
    what, path = f"model `{before.name}`", ("models", before.name)
    for key, one, other in (
        ("artifact", before.artifact, after.artifact),
        ("metrics", before.metrics, after.metrics),
    ):
        if one != other:
            said = f"`{key}` {one or 'none'} -> {other or 'none'}: gates and conditions see another thing"
            yield Change(Class.LOOK, what, said, old.at(*path, key), new.at(*path, key))
    if before.start != after.start:
        where = (*path, "versioning", "start")
        said = f"`start` {before.start} -> {after.start}"
        yield Change(Class.VERSIONING, what, said, old.at(*where), new.at(*where))
    yield from rules_changed(old, new, path, what, before.rules, after.rules)


def _said(rule: VersionRule) -> str:
    return f"`{rule.bump}: {rule.when.text}`"
