"""Datasets: what their rows promise, where they come from, and how old they may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modelsync.core.contract import Column
from modelsync.data import contracts
from modelsync.language.model import Dataset
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.parts import Rule, Way, cap, floor, moved, narrow, neutral, seconds
from modelsync.plan.difference.sides import Side
from modelsync.plan.difference.versions import rules_changed

_RULES: Mapping[str, Rule] = {"source": neutral, "connection": neutral, "freshness": cap, "tags": neutral}
_KINDS = {Way.WEAKER: Class.GATE_WEAKENED, Way.TIGHTER: Class.GATE_TIGHTENED, Way.NEUTRAL: Class.CHANGED}


def compare(old: Side, new: Side) -> Iterator[Change]:
    """Every change of a dataset."""
    for name, dataset in old.spec.datasets.items():
        if name not in new.spec.datasets:
            yield Change(Class.REMOVED, f"dataset `{name}`", "was removed", old.at("datasets", name))
        else:
            yield from _dataset(old, new, dataset, new.spec.datasets[name])
    for name in new.spec.datasets:
        if name not in old.spec.datasets:
            yield Change(Class.ADDED, f"dataset `{name}`", "was added", after=new.at("datasets", name))


def _dataset(old: Side, new: Side, before: Dataset, after: Dataset) -> Iterator[Change]:
    what, path = f"dataset `{before.name}`", ("datasets", before.name)
    for found in moved(_settings(before), _settings(after), _RULES):
        places = old.at(*path, found.name), new.at(*path, found.name)
        yield Change(_KINDS[found.way], what, str(found), *places)
    yield from _contract(old, new, before, after)
    yield from rules_changed(old, new, path, what, before.rules, after.rules)


def _settings(dataset: Dataset) -> dict[str, object]:
    return {
        "source": dataset.source,
        "connection": None if dataset.connection is None else str(dataset.connection),
        "freshness": seconds(dataset.max_age),
        "tags": dataset.tags or None,
    }


def _contract(old: Side, new: Side, before: Dataset, after: Dataset) -> Iterator[Change]:
    """The change as those see it who use the rows, in the words of a dataset's own versions."""
    plain = [None if each.contract is None else each.contract.to_json() for each in (before, after)]
    found = contracts.compare(plain[0], plain[1])
    told = [(Class.CONTRACT_BROKEN, said) for said in found.breaking]
    told += [(Class.CONTRACT_EXTENDED, said) for said in found.extended]
    loose = _loosened(before, after)
    for seen, said in told:
        path = _place(before, after, said)
        # A contract is a gate as well: rows come in now that it held up.
        kind = Class.GATE_WEAKENED if (path[-1] if path else "") in loose else seen
        places = old.at("datasets", before.name, "contract", *path), new.at("datasets", after.name, "contract", *path)
        yield Change(kind, f"dataset `{before.name}`", said, *places)


def _loosened(before: Dataset, after: Dataset) -> set[str]:
    """The columns that are held to less than before; an empty name when the whole contract is gone."""
    if before.contract is None or after.contract is None:
        return {""} if after.contract is None else set()
    pairs = [(column, after.contract.columns.get(name)) for name, column in before.contract.columns.items()]
    return {old.name for old, new in pairs if new is not None and any(way is Way.WEAKER for way in _ways(old, new))}


def _ways(old: Column, new: Column) -> Iterator[Way]:
    yield Way.WEAKER if new.nullable and not old.nullable else Way.NEUTRAL
    if old.min != new.min:
        yield floor(old.min, new.min)
    if old.max != new.max:
        yield cap(old.max, new.max)
    if old.values != new.values:
        yield narrow(old.values, new.values)


def _place(before: Dataset, after: Dataset, said: str) -> tuple[str, ...]:
    """Where a sentence about a contract belongs: the column that it names, or the key."""
    columns = {name for each in (before, after) if each.contract is not None for name in each.contract.columns}
    named = next((name for name in said.split("`")[1::2] if name in columns), None)
    if said.startswith("the key"):
        return ("key",)
    return () if named is None else ("columns", named)
