"""One gate judged outside of a run: on what is recorded and stored, or on tables that somebody names."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.digest import of_file
from modelsync.core.errors import StepError, UsageError
from modelsync.core.verdict import Outcome, Verdict
from modelsync.data import tables
from modelsync.engine import gate_reports, gates, work
from modelsync.engine.context import Run
from modelsync.gates import report
from modelsync.gates.judging import judge
from modelsync.gates.question import Question
from modelsync.language.model import CHAMPION, Gate, Ref
from modelsync.plan import choices
from modelsync.plan.graph import upstream
from modelsync.plan.model import Decision, NodeKind
from modelsync.registry import facts
from modelsync.registry.records import GateRecord, ModelVersion

_MAKES = {
    NodeKind.DATASET: "`modelsync dataset add` or `modelsync run` stores it",
    NodeKind.STEP: "`modelsync run` makes it",
}


@dataclass
class Alone(Run):
    """What a gate looks at without a run: what is recorded, and tables that were given in the place of others.

    `given` maps a reference, or the word `champion`, to a Parquet file; `typed` is how they were named.
    """

    given: dict[str, Path] = field(default_factory=dict)
    typed: tuple[str, ...] = ()

    def artifact(self, ref: Ref) -> Artifact:
        """The stored content of a reference, or the table that stands for it."""
        path = self.given.get(str(ref))
        return super().artifact(ref) if path is None else _stand_in(path)

    def path(self, artifact: Artifact) -> Path:
        """A file or folder with the content of an artifact, for reading only."""
        found = next((path for path in self.given.values() if _stand_in(path) == artifact), None)
        return super().path(artifact) if found is None else found


def _stand_in(path: Path) -> Artifact:
    return Artifact(OutputType.TABLE, of_file(path), path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and whether it was made now, or stood already on the same question."""

    verdict: Verdict
    fresh: bool
    recorded: bool


def judge_alone(run: Alone, gate: Gate, page: Path | None) -> Judged:
    """The verdict of one gate, recorded unless a table was given in the place of another.

    A verdict that stands on the same question is taken, unless a page is asked for. UsageError when something that the
    gate looks at was not made yet.
    """
    _collect(run, gate)
    champion = run.world.champion(run.spec, gate.champion_of) if gate.champion_of else None
    if run.given:
        return Judged(_verdict(run, gate, champion, page), fresh=True, recorded=False)
    choice = choices.gate(gate, run.spec, run.known, run.world)
    stands = choice.record if choice.decision is Decision.REUSE else _without_its_page(run, gate, choice)
    if stands is not None and page is None:
        return Judged(choices.as_asked(stands.verdict, gate), fresh=False, recorded=True)
    began = time.monotonic()
    verdict = _verdict(run, gate, champion, page)
    verdict = replace(verdict, data=gates.seen(run, gate, champion), seconds=time.monotonic() - began)
    if stands is None:
        facts.gate_judged(run.workspace.journal, gates.record(gate, choice, champion, verdict, run=None))
    return Judged(verdict, fresh=True, recorded=True)


def _without_its_page(run: Alone, gate: Gate, choice: choices.GateChoice) -> GateRecord | None:
    """The verdict that a run would ask for once more only because nobody drew its page yet."""
    record = run.world.state.gates.get(choice.key or "")
    is_settled = record is not None and record.verdict.outcome is not Outcome.ERROR and gate.kind != "freshness"
    return record if is_settled else None


def _collect(run: Alone, gate: Gate) -> None:
    """Learn what is stored of all that the gate looks at; UsageError names the first thing that is not."""
    refs = [ref for ref in (gate.target, gate.data, gate.reference) if isinstance(ref, Ref)]
    datasets, steps = upstream(run.spec, [ref for ref in refs if str(ref) not in run.given])
    needed = {*(f"dataset:{name}" for name in datasets), *(f"step:{id}" for id in steps)}
    for node in run.plan.nodes:
        if node.id not in needed:
            continue
        if node.decision is not Decision.REUSE:
            raise UsageError(
                f"gate `{gate.name}` looks at what {node.task.label} makes, and that is not there: {node.reason}",
                help=_MAKES[node.task.kind],
            )
        work.perform(run, node.task)


def _verdict(run: Alone, gate: Gate, champion: ModelVersion | None, page: Path | None) -> Verdict:
    try:
        question = gates.ask(run, gate, champion)
    except StepError as error:
        return Verdict(gate.name, gate.kind, gate.severity, Outcome.ERROR, error.message)
    if (reference := run.given.get(CHAMPION)) is not None:
        question = replace(question, reference=tables.load(reference), reference_profile=None)
    verdict = judge(question)
    if page is not None:
        _draw(run, gate, question, verdict, page)
    return verdict


def _draw(run: Alone, gate: Gate, question: Question, verdict: Verdict, page: Path) -> None:
    """Our page, and at once that of another library where the gate asks for one: nothing waits for it here."""
    about = gate_reports.about(run, gate, page)
    command = " ".join([about.command, *map(shlex.quote, run.typed)])
    report.draw(question, verdict, page, replace(about, command=command))
    if (peer := report.PEERS.get(gate.report)) is not None:
        peer.draw(peer.given(question), verdict, peer.path(page))
