"""A step in a run: its inputs laid out, the user's function called, its outputs stored before they are recorded."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from modelsync.core.artifacts import FOLDER_TYPES, Artifact, OutputType
from modelsync.core.clock import now, stamp
from modelsync.core.errors import StepError
from modelsync.engine import logs
from modelsync.engine.context import Run, done, reused
from modelsync.engine.results import NodeResult
from modelsync.language.model import Step
from modelsync.plan import choices
from modelsync.plan.model import Decision, Task
from modelsync.registry import facts
from modelsync.registry.records import StepFailure, StepRecord
from modelsync.usercode import call, child
from modelsync.usercode.codecs import Produced

_ENDING = {
    OutputType.TABLE: ".parquet",
    OutputType.METRICS: ".json",
    OutputType.JSON: ".json",
    OutputType.TEXT: ".txt",
}


def perform(run: Run, task: Task) -> NodeResult:
    """Run one step, or take what an earlier run made of the same; StepError when it fails."""
    step = next(step for step in run.spec.steps if step.id == task.name)
    choice = choices.step(step, run.known, run.world)
    if choice.decision is Decision.REUSE and choice.record is not None:
        run.learn_outputs(step.id, choice.record.outputs)
        return reused(task, choice.reason)
    assert choice.key is not None, "a task is started when its inputs are known"
    assert choice.parts is not None, "a key is made from its parts"
    began = time.monotonic()
    try:
        outputs = _carry_out(run, step)
    except StepError as error:
        if not run.stopping.is_set():  # a child that we ended ourselves did not fail
            _record_failure(run, step, choice.key, error, time.monotonic() - began)
        raise
    seconds = time.monotonic() - began
    record = StepRecord(step.id, choice.key, outputs, dict(choice.parts), run.id, seconds, stamp(now()))
    with run.writing:
        facts.step_finished(run.workspace.journal, record)
    run.learn_outputs(step.id, outputs)
    return done(task, choice.reason)


def _carry_out(run: Run, step: Step) -> dict[str, Artifact]:
    folder = run.folder / "steps" / step.id
    shutil.rmtree(folder, ignore_errors=True)  # what an earlier, failed try left
    (folder / "in").mkdir(parents=True)
    try:
        asked = call.Call(
            root=run.spec.root,
            file=step.code.file,
            name=step.code.name,
            label=step.code.text,
            inputs={name: _given(run, folder / "in", name, run.artifact(ref)) for name, ref in step.inputs.items()},
            arguments=dict(step.arguments),
            outputs=dict(step.outputs),
            out=folder / "out",
        )
        produced = _in_child(run, step, asked) if step.isolate == "process" else call.execute(asked)
        return _keep(run, produced)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _record_failure(run: Run, step: Step, key: str, error: StepError, seconds: float) -> None:
    failure = StepFailure(step.id, key, error.reason, error.message, seconds, run.id)
    with run.writing:
        facts.step_failed(run.workspace.journal, failure)


def _given(run: Run, folder: Path, name: str, artifact: Artifact) -> call.Given:
    """An input under a name with its usual ending; a link, because stored bytes are never copied to be read."""
    link = folder / f"{name}{_ENDING.get(artifact.type, '')}"
    link.symlink_to(run.path(artifact))
    return call.Given(artifact.type, link)


def _in_child(run: Run, step: Step, asked: call.Call) -> dict[str, Produced]:
    log = logs.place(run, step.id)
    started: list[int] = []

    def remember(pid: int) -> None:
        started.append(pid)
        run.children.add(pid)

    try:
        return child.run(asked, timeout=step.timeout, on_start=remember, log=log)
    finally:
        run.children.difference_update(started)
        logs.tell(log)


def _keep(run: Run, produced: Mapping[str, Produced]) -> dict[str, Artifact]:
    store = run.workspace.store
    kept = {}
    for name, made in produced.items():
        stored = store.put_folder(made.path) if made.type in FOLDER_TYPES else store.put_file(made.path)
        kept[name] = Artifact(made.type, stored.digest, stored.size, dict(made.facts))
    return kept
