"""Every rule of a bump can fire: none stands behind one that always fires first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from modelsync.core.diagnostics import Diagnostic, Related, Severity
from modelsync.core.rules import VersionRule
from modelsync.language.decode.context import Condition
from modelsync.language.subject import Subject

CODE = "MS517"

_MOST_ATOMS = 12  # 4,096 worlds to look at; rules of people have three or four


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each rule that no world reaches, as a warning, with the rules that take everything before it."""
    owners = [("model", model.name, model.rules) for model in subject.spec.models.values()]
    owners += [("dataset", dataset.name, dataset.rules) for dataset in subject.spec.datasets.values()]
    for owner, name, rules in owners:
        written = [each for each in subject.conditions if (each.owner, each.name) == (owner, name)]
        if len(written) == len(rules):  # none was lost to a fault, and they are not the defaults
            yield from _unreachable(f"{owner} `{name}`", rules, written)


def _unreachable(what: str, rules: tuple[VersionRule, ...], written: list[Condition]) -> Iterator[Diagnostic]:
    atoms = sorted({atom for rule in rules for atom in rule.when.atoms()})
    if len(atoms) > _MOST_ATOMS:
        return
    worlds = [dict(zip(atoms, values, strict=True)) for values in product((False, True), repeat=len(atoms))]
    for index, rule in enumerate(rules):
        left = [world for world in worlds if not rule.when.holds(world)]
        if len(left) == len(worlds):
            place = written[index].node.at
            before = tuple(Related(each.node.at, "this rule fires first") for each in written[:index])
            message = f"the rule `{rule.bump.name.lower()}` of {what} can never fire"
            help = "put it before the rules that take its cases" if before else "its condition is never true"
            yield Diagnostic(CODE, place, message, help, related=before, severity=Severity.WARNING)
        worlds = left
    rest = bool(worlds)
    if not rest and rules and all(rule.bump.name != "PATCH" for rule in rules):
        message = f"the rules of {what} leave nothing for patch: one of them always fires"
        help = "narrow a condition, so that small changes make a patch"
        yield Diagnostic(CODE, written[-1].node.at, message, help, severity=Severity.WARNING)
