"""The pages of a gate in a run: ours with its verdict, those of other libraries later, in tasks that nothing needs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from modelsync.core.clock import now, stamp
from modelsync.core.verdict import GateSeverity, Verdict
from modelsync.engine import mirroring
from modelsync.engine.context import Run
from modelsync.gates import report
from modelsync.gates.page.about import About
from modelsync.gates.question import Question, first_line
from modelsync.language.model import Gate, RefKind
from modelsync.plan.graph import tasks
from modelsync.plan.model import NodeKind, node_id
from modelsync.registry import facts
from modelsync.registry.records import GatePage

_NAMED = 6  # of what a gate guards


def draw(run: Run, gate: Gate, key: str, question: Question | None, verdict: Verdict) -> str | None:
    """Draw our page and remember what is to be drawn beside it; its digest, None when there is to be no page.

    `question` is None when it could not even be asked. A page that can't be written is a notice and ends no run.
    """
    if not gate.draws:
        return None
    page = run.workspace.reports / f"run-{run.record.number}" / f"{gate.name}.html"
    peer = report.PEERS.get(gate.report) if question is not None else None
    asked = Question(gate.name, gate.kind, gate.severity) if question is None else question
    try:
        report.draw(asked, verdict, page, about(run, gate, page))
        digest = str(run.workspace.store.put_file(page).digest)
        if peer is not None and question is not None:
            run.drawings.append(report.Drawing(gate.name, key, peer, peer.given(question), verdict, page))
    except Exception as error:  # the verdict stands without its page
        run.notices.append(f"the page of gate `{gate.name}` could not be drawn: {first_line(error)}")
        return None
    run.reports[gate.name] = page
    return digest


def carry_out(run: Run, drawing: report.Drawing) -> str:
    """Draw the page of another library, keep and record it, show it in MLflow; where it lies."""
    drawing.peer.draw(drawing.question, drawing.verdict, drawing.path)
    digest = str(run.workspace.store.put_file(drawing.path).digest)
    with run.writing:
        drawn = GatePage(drawing.gate, drawing.key, drawing.peer.name, digest, run.id)
        facts.gate_drawn(run.workspace.journal, drawn)
        mirroring.sync(run)
    return str(drawing.path)


def about(run: Run, gate: Gate, page: Path) -> About:
    """What the page says of the run around the verdict."""
    target = f"{gate.target} on {gate.data}" if gate.data is not None else str(gate.target)
    number = run.record.number
    return About(
        project=run.spec.project,
        target=target,
        run=f"{run.spec.project} #{number}" if number else "",
        at=stamp(now()),
        description=gate.description,
        stops=tuple(guarded(run, gate)),
        command=command(run, gate),
        beside=report.beside(gate.report, page),
    )


def command(run: Run, gate: Gate) -> str:
    """What judges the gate again as it was judged here, ready to be typed."""
    words = ["modelsync", "gate", "run", gate.name, "--spec", run.record.spec]
    for name, param in run.spec.params.items():
        if param.value != param.default:
            value = str(param.value).lower() if isinstance(param.value, bool) else str(param.value)
            words += ["--param", f"{name}={value}"]
    return shlex.join(words)


def guarded(run: Run, gate: Gate) -> Iterator[str]:
    """The labels of what does not go on unless a critical gate passes: consumers of data, stages of a model."""
    if gate.severity is not GateSeverity.CRITICAL:
        return
    id = node_id(NodeKind.GATE, gate.name)
    on_model = gate.target.kind is RefKind.MODEL
    found = [
        task.label
        for task in tasks(run.spec)
        if id in task.needs or (id in task.after and (task.stage or not on_model) and task.kind is not NodeKind.VERSION)
    ]
    yield from found[:_NAMED]
    if len(found) > _NAMED:
        yield f"{len(found) - _NAMED} more"
