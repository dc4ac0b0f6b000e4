"""Two specs held against each other by what they mean: one kind of thing, one module, and this table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from modelsync.language.subject import Subject
from modelsync.plan.difference import around, datasets, gates, rollouts, stages, steps, versions, words
from modelsync.plan.difference.changes import Change, Difference
from modelsync.plan.difference.renames import followed
from modelsync.plan.difference.sides import Side, side

KINDS: Mapping[str, Callable[[Side, Side], Iterator[Change]]] = {
    "datasets": datasets.compare,
    "steps": steps.compare,
    "gates": gates.compare,
    "models": versions.compare,
    "stages": stages.compare,
    "deploy": rollouts.compare,
    "around": around.compare,
}
"""What is compared -> the changes from the old side to the new one."""


def compare(old: Subject, new: Subject) -> Difference:
    """Everything that changed from one spec to another, the most dangerous first; nothing for the same text.

    Names count: what is gone under one name and there under another with the same meaning was renamed. Data and code
    do not: what is said holds as long as the files behind both specs are the same.
    """
    before, after = side(old), side(new)
    known, changes = followed(before, after)
    changes += [change for kind in KINDS.values() for change in kind(known, after)]
    changes += words.described(known, after)
    if not changes:
        changes = list(words.rest(known, after))
    return Difference(tuple(sorted(changes, key=lambda change: change.order)))
