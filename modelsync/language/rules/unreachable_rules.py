"""Every rule of a bump can fire: none stands behind one that always fires first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from modelsync.core.diagnostics import Diagnostic, Related, Severity
from modelsync.core.rules import VersionRule
from modelsync.language.decode.context import Condition
from modelsync.language.subject import Subject

CODE = "MS517"

_MOST_ATOMS = 12  # 4,096 worlds to look at; rules of people have three or four
_SHOWN = 5  # rules that come first, shown beside the one that never does
_MOST_LOOKS = 100_000  # in one spec, a world and a rule each: a third of a second


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each rule that no world reaches, as a warning, with the rules that take everything before it."""
    owners = [("model", model.name, model.rules) for model in subject.spec.models.values()]
    owners += [("dataset", dataset.name, dataset.rules) for dataset in subject.spec.datasets.values()]
    conditions: dict[tuple[str, str], list[Condition]] = {}
    for each in subject.conditions:
        conditions.setdefault((each.owner, each.name), []).append(each)
    looks = 0
    for owner, name, rules in owners:
        written = conditions.get((owner, name), [])
        atoms = sorted({atom for rule in rules for atom in rule.when.atoms()})
        if len(written) != len(rules) or len(atoms) > _MOST_ATOMS:
            continue  # the defaults, or one was lost to a fault
        looks += len(rules) << len(atoms)
        if looks > _MOST_LOOKS:
            return
        yield from _unreachable(f"{owner} `{name}`", rules, written, atoms)


def _unreachable(
    what: str, rules: tuple[VersionRule, ...], written: list[Condition], atoms: list[str]
) -> Iterator[Diagnostic]:
    every = [dict(zip(atoms, values, strict=True)) for values in product((False, True), repeat=len(atoms))]
    worlds = every
    for index, rule in enumerate(rules):
        left = [world for world in worlds if not rule.when.holds(world)]
        if len(left) == len(worlds):
            place = written[index].node.at
            cases = [world for world in every if rule.when.holds(world)]
            taking = (i for i in range(index) if any(rules[i].when.holds(world) for world in cases))
            before = tuple(Related(written[i].node.at, "this rule fires first") for i in islice(taking, _SHOWN))
            message = f"the rule `{rule.bump.name.lower()}` of {what} can never fire"
            help = "put it before the rules that take its cases" if before else "its condition is never true"
            yield Diagnostic(CODE, place, message, help, related=before, severity=Severity.WARNING)
        worlds = left
    if not worlds and rules and all(rule.bump.name != "PATCH" for rule in rules):
        message = f"the rules of {what} leave nothing for patch: one of them always fires"
        help = "narrow a condition, so that small changes make a patch"
        yield Diagnostic(CODE, written[-1].node.at, message, help, severity=Severity.WARNING)
