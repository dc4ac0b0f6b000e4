"""The next version: the first rule whose condition holds, with the evidence it held on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelsync.core.rules import VersionRule
from modelsync.core.version import Bump, Version

FIRST = "first version"
# Known only when the candidate is there, or when data that lies elsewhere was fetched.
OPEN = ("metrics.", "signature.", "features.", "data.", "changed(data")
NO_RULE = "no rule matched: patch, because the content changed"


@dataclass(frozen=True, slots=True)
class Considered:
    """An earlier rule that did not fire, and what it was judged on."""

    rule: str
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """The version that follows, by which rule, on what evidence, and which rules were passed over before it."""

    version: Version
    bump: Bump
    rule: str
    evidence: dict[str, Any] = field(default_factory=dict)
    passed_over: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """The versions still possible before training, each with the rule that would give it; the likeliest last."""

    possible: tuple[tuple[Version, str], ...]

    @property
    def certain(self) -> bool:
        """Whether only one version is left."""
        return len({version for version, _ in self.possible}) == 1

    def __str__(self) -> str:
        versions = sorted({version for version, _ in self.possible})
        return " or ".join(map(str, versions))


def decide(rules: Sequence[VersionRule], facts: Mapping[str, Any], base: Version | None, start: Version) -> Decision:
    """The version after `base`; `start` when there is none. Content that did not change is not asked here."""
    if base is None:
        return Decision(start, Bump.NONE, FIRST)
    passed: list[Considered] = []
    for rule in rules:
        answer = rule.when.evaluate(facts)
        if answer.value:
            return Decision(base.bump(rule.bump), rule.bump, say(rule), answer.evidence, tuple(passed))
        passed.append(Considered(say(rule), answer.evidence))
    return Decision(base.bump(Bump.PATCH), Bump.PATCH, NO_RULE, {}, tuple(passed))


def predict(rules: Sequence[VersionRule], known: Mapping[str, Any], base: Version | None, start: Version) -> Prediction:
    """Which versions can still come out when only `known` facts are there; a rule sure to fire ends the list."""
    if base is None:
        return Prediction(((start, FIRST),))
    possible: list[tuple[Version, str]] = []
    for rule in rules:
        answer = rule.when.foresee(known, OPEN)
        if answer is not False:
            possible.append((base.bump(rule.bump), say(rule)))
        if answer is True:
            return Prediction(tuple(possible))
    possible.append((base.bump(Bump.PATCH), NO_RULE))
    return Prediction(tuple(possible))


def say(rule: VersionRule) -> str:
    """A rule as it is shown and recorded: `minor when features.added`."""
    return f"{rule.bump} when {rule.when}"
