"""`test`: what a spec decides on given facts, held against what was expected."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelsync.api.opening import open_spec
from modelsync.api.specs import specs_of
from modelsync.core.cases import Case
from modelsync.core.diagnostics import Diagnostic
from modelsync.core.errors import UsageError
from modelsync.core.verdict import Outcome, Verdict
from modelsync.core.version import Bump
from modelsync.gates.question import Question
from modelsync.gates.replaying import given
from modelsync.language.cases import load_cases, misnamed
from modelsync.language.model import Gate, Model, Spec
from modelsync.release import bumps, promotion
from modelsync.release.bumps import Decision

NAMES = ("decisions.yaml", "*.decisions.yaml")
"""How files of decision tests are called, beside the spec."""

_SAME = "no new version: its content is the same"


@dataclass(frozen=True, slots=True)
class Decided:
    """One case: what came out otherwise than expected, a sentence each, and the seconds it took."""

    name: str
    failures: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Tested:
    """One file: what is wrong with it, or its cases."""

    faults: tuple[Diagnostic, ...]
    decided: tuple[Decided, ...] = ()


def found(files: Sequence[Path]) -> tuple[Path, ...]:
    """The files that are meant; without any, those beside the specs of the project here."""
    if files:
        return tuple(files)
    folders = dict.fromkeys(spec.parent for spec in specs_of(Path()))
    seen = [path for folder in folders for name in NAMES for path in sorted(folder.glob(name))]
    if not seen:
        raise UsageError(
            "there are no decision tests beside the spec", help=f"write `{NAMES[0]}`; examples/gates shows one"
        )
    return tuple(seen)


def decide(path: Path, overrides: Mapping[str, str] | None = None) -> Tested:
    """Every case of one file; SpecError when its spec has faults, UsageError when it is not there."""
    cases = load_cases(path)
    if cases.faults:
        return Tested(cases.faults)
    spec, _ = open_spec(cases.spec, overrides)
    if faults := misnamed(cases, spec):
        return Tested(faults)
    return Tested((), tuple(_decided(spec, case) for case in cases.cases))


def _decided(spec: Spec, case: Case) -> Decided:
    began = time.perf_counter()
    try:
        failures = tuple(_failures(spec, case))
    except UsageError as error:
        failures = (f"{error.message}; {error.help}" if error.help else error.message,)
    return Decided(case.name, failures, time.perf_counter() - began)


def _failures(spec: Spec, case: Case) -> Iterator[str]:
    expected = case.expected
    verdicts = {name: _verdict(spec.gates[name], case) for name in {**case.gates, **expected.gates}}
    for name, outcome in expected.gates.items():
        verdict = verdicts[name]
        if verdict.outcome is not outcome:
            yield f"gate {name}: expected {outcome}, got {verdict.outcome}: {verdict.reason}"
    model = _model(spec, case)
    if model is None:
        return
    facts = _facts(spec, model, case)
    yield from _version_failures(_version(model, case, facts), case)
    yield from _stage_failures(spec, case, verdicts, facts)


def _version_failures(decision: Decision, case: Case) -> Iterator[str]:
    expected, evidence = case.expected, promotion.say_evidence(decision.evidence)
    why = f"{decision.rule}{'; ' + evidence if evidence else ''}"
    for what, wanted, came in (
        ("bump", expected.bump, decision.bump),
        ("version", expected.version, decision.version),
        ("rule", expected.rule or None, decision.rule),
    ):
        if wanted is not None and wanted != came:
            yield f"{what}: expected {wanted}, got {came}: {why}"


def _stage_failures(spec: Spec, case: Case, verdicts: Mapping[str, Verdict], facts: Mapping[str, Any]) -> Iterator[str]:
    """The stages in their order: what one refuses, the later ones refuse as well."""
    before: tuple[str, str] | None = None
    for stage in spec.stages.values():
        judged = {name: verdicts.get(name) or _passing(spec.gates[name]) for name in stage.gates}
        found = promotion.decide(stage.gates, judged, stage.when, facts)
        came, why = str(found.permission), "; ".join(found.reasons)
        if before is not None:
            came, why = before[0], f"stage {before[1]} comes first"
        elif found.permission is promotion.Permission.ALLOWED and stage.approval is not None:
            came, why = str(promotion.Permission.HELD), "it waits for an approval"
        wanted = case.expected.stages.get(stage.name)
        if wanted is not None and wanted != came:
            yield f"stage {stage.name}: expected {wanted}, got {came}{': ' + why if why else ''}"
        if before is None and came != promotion.Permission.ALLOWED:
            before = came, stage.name


def _verdict(gate: Gate, case: Case) -> Verdict:
    """What the gate says of the numbers that are given; a gate of which nothing is said passes."""
    said = case.gates.get(gate.name)
    if said is None:
        return _passing(gate)
    if isinstance(said, Outcome):
        return Verdict(gate.name, gate.kind, gate.severity, said, "as given")
    question = Question(
        gate.name,
        gate.kind,
        severity=gate.severity,
        inconclusive=gate.inconclusive,
        no_reference=gate.no_reference,
        checks=gate.checks,
        slices=gate.slices,
    )
    return given(question, said)


def _passing(gate: Gate) -> Verdict:
    return Verdict(gate.name, gate.kind, gate.severity, Outcome.PASS, "nothing was said of it")


def _model(spec: Spec, case: Case) -> Model | None:
    if case.model:
        return spec.models[case.model]
    return next(iter(spec.models.values()), None)


def _version(model: Model, case: Case, facts: Mapping[str, Any]) -> Decision:
    base = None if case.base is None else case.base.version
    if case.base is not None and not case.facts and not case.params and case.metrics == case.base.metrics:
        return Decision(case.base.version, Bump.NONE, _SAME)
    return bumps.decide(model.rules, facts, base, model.start)


def _facts(spec: Spec, model: Model, case: Case) -> dict[str, Any]:
    """What conditions may name; a fact that the case does not give is false or empty."""
    params = {name: param.value for name, param in spec.params.items()} | dict(case.params)
    named = {name for rule in model.rules for name in rule.when.names()}
    changed = {f"changed(params.{name})" for name in case.params}
    facts: dict[str, Any] = {
        "signature.breaking": False,
        "contract.breaking": False,
        "contract.extended": False,
        "features.added": [],
        "features.removed": [],
        "data.changed": False,
        "code.changed": False,
        "params.changed": bool(case.params),
        "changed(params)": bool(case.params),
        **{name: name in changed for name in named if name.startswith("changed(")},
        **{f"params.{name}": value for name, value in params.items()},
        **{f"metrics.{name}": value for name, value in case.metrics.items()},
    }
    if case.champion is not None:
        facts |= {f"champion.metrics.{name}": value for name, value in case.champion.metrics.items()}
    return facts | dict(case.facts)
