"""Run or reuse, and why: the same decision at plan time and, for what had to wait, in the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.digest import Digest, of_value
from modelsync.core.verdict import Outcome, Verdict
from modelsync.language.model import Dataset, Gate, Ref, RefKind, Spec, Step
from modelsync.plan import freshness
from modelsync.plan.graph import upstream
from modelsync.plan.model import Decision
from modelsync.plan.world import CodeDigest, Look, World
from modelsync.registry.records import DatasetVersion, GateRecord, ModelVersion, StepRecord

LANGUAGE_VERSION = 1  # part of every key: a new meaning of the language re-runs what it touches
GATES_VERSION = 2  # raised when a statistic is computed differently

Known = Mapping[str, str]
"""Reference text -> content id: the digest of an artifact, or of a dataset's bytes together with its contract."""


@dataclass(frozen=True, slots=True)
class DatasetChoice:
    """Whether the source is a version already; `content` names bytes and contract together, None while the bytes are
    not known.
    """

    decision: Decision
    reason: str
    content: Digest | None
    record: DatasetVersion | None


@dataclass(frozen=True, slots=True)
class StepChoice:
    """Whether a step runs; `key` is None while an input is not known; `parts` is what the key is made of."""

    decision: Decision
    reason: str
    key: str | None = None
    parts: Mapping[str, Any] | None = None
    record: StepRecord | None = None


@dataclass(frozen=True, slots=True)
class GateChoice:
    """Whether a gate is judged; `subject` is the key without the champion that it may have been compared with."""

    decision: Decision
    reason: str
    key: str | None = None
    subject: str | None = None
    record: GateRecord | None = None


def dataset(item: Dataset, world: World) -> DatasetChoice:
    """A dataset is a new version when its bytes or its contract changed; what is too old stops its consumers."""
    look = world.sources[item.name]
    last = world.state.dataset(item.name)
    is_same = (
        last is not None and look.digest is None and bool(look.fingerprint) and look.fingerprint == last.fingerprint
    )
    source = Digest(last.digest) if is_same and last is not None else look.digest
    content = None if source is None else content_of(item, source)
    if item.max_age is not None and (late := freshness.too_old(item.max_age, look.modified, world.now)):
        return DatasetChoice(Decision.BLOCK, late, content, None)
    if content is None:
        return DatasetChoice(*_unfetched(look, last), content, None)
    if last is None:
        return DatasetChoice(Decision.RUN, "first version", content, None)
    if last.content_key != content:
        what = "its content changed" if last.digest != source else "its contract changed"
        return DatasetChoice(Decision.RUN, f"{what} since {last.version}", content, None)
    if not (world.stored(source_of(last)) and world.stored(last.table)):
        return DatasetChoice(Decision.RUN, "its stored bytes are gone", content, None)
    return DatasetChoice(Decision.REUSE, f"version {last.version}", content, last)


def content_of(item: Dataset, digest: Digest) -> Digest:
    """The content id of a dataset: its bytes together with its contract."""
    contract = None if item.contract is None else item.contract.to_json()
    return of_value({"bytes": digest, "contract": contract})


def source_of(version: DatasetVersion) -> Artifact:
    """The bytes that a version was made from."""
    form = OutputType.FOLDER if version.form == "folder" else OutputType.FILE
    return Artifact(form, Digest(version.digest), version.size)


def step(item: Step, known: Known, world: World) -> StepChoice:
    """A step is reused when one with the same code, arguments, inputs and output types is recorded and stored."""
    parts = parts_of(item, world.code[item.id], known)
    last = world.state.last_step.get(item.id)
    if None in parts["inputs"].values():
        return _undecided(item, parts, known, world, last)
    key = _step_key(item, parts)
    record = world.state.steps.get(key)
    if record is None:
        return StepChoice(Decision.RUN, _why(parts, last), key, parts)
    if not all(world.stored(output) for output in record.outputs.values()):
        return StepChoice(Decision.RUN, "its stored output is gone", key, parts)
    return StepChoice(Decision.REUSE, "unchanged", key, parts, record)


def parts_of(item: Step, code: CodeDigest, known: Known) -> dict[str, Any]:
    """What decides whether a step runs again; an input that is not known yet is None."""
    return {
        "code": code.digest,
        "functions": dict(code.parts),
        "with": dict(item.arguments),
        "inputs": {name: known.get(str(ref)) for name, ref in item.inputs.items()},
        "outputs": {name: str(kind) for name, kind in item.outputs.items()},
    }


def gate(item: Gate, spec: Spec, known: Known, world: World) -> GateChoice:
    """A verdict stands while the question, the data and the champion are the same.

    It also stands when the champion is now the very thing that was judged: nothing is compared with itself. A
    `freshness` gate is judged in every run, because time alone makes its verdict another.
    """
    champion = world.champion(spec, item.champion_of) if item.champion_of else None
    wanted = [ref for ref in (item.target, item.data, item.reference) if isinstance(ref, Ref)]
    missing = next((ref for ref in wanted if content(spec, ref, known) is None), None)
    if missing is not None:
        return GateChoice(Decision.WAIT, f"decided when {missing} is there")
    subject = of_value(_question(item, spec, known, world))
    key = of_value({"subject": subject, "champion": None if champion is None else champion.content})
    record = world.state.gates.get(key)
    if record is None and champion is not None and _is_champion(item, spec, known, champion):
        record = _last_on(subject, item, world)
    if record is None:
        return GateChoice(Decision.RUN, _why_judged(item, subject, world), key, subject)
    if again := _again(item, record, key):
        return GateChoice(Decision.RUN, again, key, subject)
    return GateChoice(Decision.REUSE, f"{record.verdict.outcome}, {_judged_in(record, world)}", key, subject, record)


def content(spec: Spec, ref: Ref, known: Known) -> str | None:
    """The content id of what a reference names; a model is its artifact."""
    if ref.kind is RefKind.MODEL:
        return content(spec, spec.models[ref.path[0]].artifact, known)
    return known.get(str(ref))


def as_asked(verdict: Verdict, item: Gate) -> Verdict:
    """A recorded verdict with the severity that the spec gives the gate today; severity never re-runs a gate."""
    return replace(verdict, severity=item.severity)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """The names whose values differ with both of them; `absent` where there is none."""
    names = [*new, *(name for name in old if name not in new)]
    return [
        (name, old.get(name, "absent"), new.get(name, "absent")) for name in names if old.get(name) != new.get(name)
    ]


def _unfetched(look: Look, last: DatasetVersion | None) -> tuple[Decision, str]:
    """A source whose bytes nobody here has seen yet."""
    if last is None:
        return Decision.RUN, "first version"
    if look.fingerprint and last.fingerprint:
        return Decision.RUN, f"its source changed since {last.version}"
    return Decision.WAIT, f"is looked at when it runs: {look.note}" if look.note else "is looked at when it runs"


def _undecided(item: Step, parts: Mapping[str, Any], known: Known, world: World, last: StepRecord | None) -> StepChoice:
    """Inputs are still open: the step surely runs when no record has its code, arguments and output types."""
    same = ("code", "with", "outputs")
    records = (record for record in world.state.steps.values() if record.step == item.id)
    if not any(all(record.parts.get(part) == parts[part] for part in same) for record in records):
        return StepChoice(Decision.RUN, _why(parts, last))
    open_ref = next(str(ref) for ref in item.inputs.values() if known.get(str(ref)) is None)
    return StepChoice(Decision.WAIT, f"decided when {open_ref} is there")


def _step_key(item: Step, parts: Mapping[str, Any]) -> str:
    counted = {name: part for name, part in parts.items() if name != "functions"}
    return of_value({"step": item.id, "language": LANGUAGE_VERSION, **counted})


def _why(parts: Mapping[str, Any], last: StepRecord | None) -> str:
    if last is None:
        return "first run"
    reasons: list[str] = []
    if last.parts.get("code") != parts["code"]:
        before, now = last.parts.get("functions", {}), parts["functions"]
        changed = [name for name in now if before.get(name) != now[name]] or [
            name for name in before if name not in now
        ]
        reasons.append("code changed: " + ", ".join(changed) if changed else "code changed")
    reasons += [f"{name}: {old} -> {new}" for name, old, new in differences(last.parts.get("with", {}), parts["with"])]
    reasons += [
        f"input {name} changed"
        for name, value in parts["inputs"].items()
        if value is not None and last.parts.get("inputs", {}).get(name) != value
    ]
    if last.parts.get("outputs") != parts["outputs"]:
        reasons.append("its declared outputs changed")
    return "; ".join(reasons) or "an input changed"


def _again(item: Gate, record: GateRecord, key: str) -> str:
    """Why a verdict on the very same question does not stand; empty when it does."""
    if record.verdict.outcome is Outcome.ERROR:
        return "the check itself broke the last time"
    if item.kind == "freshness":
        return "the age of the rows is judged in every run"
    if item.draws and record.report is None and record.key == key:  # else it would be compared with itself
        return "its page was not drawn"  # what it shows is only loaded to be judged
    return ""


def _question(item: Gate, spec: Spec, known: Known, world: World) -> dict[str, Any]:
    """Everything a verdict depends on but the champion: neither severity nor the pages, description and time limit."""
    code = world.code.get(f"gate:{item.name}")
    return {
        "version": GATES_VERSION,
        "kind": item.kind,
        "asks": [asdict(check) for check in item.checks],
        "slices": None if item.slices is None else asdict(item.slices),
        "with": dict(item.arguments),
        "code": None if code is None else code.digest,
        # The bytes of a table say nothing of which column is the label and which class is positive.
        "contracts": None if item.kind == "quality" else _contracts(item, spec),
        "no_reference": str(item.no_reference),
        "inconclusive": str(item.inconclusive),
        "label": None if item.label is None else asdict(item.label),
        "target": content(spec, item.target, known),
        "data": None if item.data is None else content(spec, item.data, known),
        "reference": content(spec, item.reference, known) if isinstance(item.reference, Ref) else item.reference,
    }


def _contracts(item: Gate, spec: Spec) -> dict[str, Any]:
    datasets, _ = upstream(spec, [ref for ref in (item.target, item.data) if ref is not None])
    found = {name: spec.datasets[name].contract for name in sorted(datasets)}
    return {name: contract.to_json() for name, contract in found.items() if contract is not None}


def _judged_in(record: GateRecord, world: World) -> str:
    run = world.state.run(record.run or "")
    return "judged before" if run is None else f"judged in run #{run.number}"


def _is_champion(item: Gate, spec: Spec, known: Known, champion: ModelVersion) -> bool:
    if item.target.kind is RefKind.MODEL:
        return content(spec, item.target, known) == champion.artifact.digest
    kept = champion.artifacts.get(str(item.target))
    if item.target.kind is RefKind.DATASET:
        return known.get(str(item.target)) == champion.datasets.get(item.target.path[0])
    return kept is not None and known.get(str(item.target)) == kept.digest


def _last_on(subject: str, item: Gate, world: World) -> GateRecord | None:
    history = (r for r in reversed(world.state.gate_history) if r.gate == item.name and r.subject == subject)
    return next(history, None)


def _why_judged(item: Gate, subject: str, world: World) -> str:
    last = world.state.last_gate.get(item.name)
    if last is None:
        return "first time"
    return "another champion to compare with" if last.subject == subject else "what it judges, or what it asks, changed"
