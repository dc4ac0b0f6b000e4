"""Plan to Prefect flow: one task for each node, submitted as soon as what it needs is over."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import Any

from modelsync.core import quiet
from modelsync.core.errors import ExitCode, ModelSyncError, StepError, SurroundingsError
from modelsync.core.units import say_seconds
from modelsync.engine import gate_pages, services, work
from modelsync.engine.context import Run
from modelsync.engine.interrupt import GiveUp
from modelsync.engine.report_tasks import ReportTasks
from modelsync.engine.results import NodeResult, Status, exit_of
from modelsync.engine.server import Prefect
from modelsync.engine.watching import Observer
from modelsync.language.model import Step
from modelsync.plan.model import Node, NodeKind, Task
from modelsync.targets import processes

_LOOK = 2.0  # seconds between looks at the server while nodes are under way


@contextlib.contextmanager
def surroundings(run: Run, prefect: Prefect) -> Iterator[None]:
    """While inside, the environment is what Prefect should read; its console log is off, because we show the run."""
    wanted = {
        **quiet.SETTINGS,
        "PREFECT_API_URL": prefect.api,
        "PREFECT_LOGGING_LEVEL": "INFO",  # else the Logs tab of the page stays empty
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    }
    if prefect.running is not None:
        wanted["PREFECT_HOME"] = str(run.workspace.prefect)
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:  # a notebook runs again, perhaps another project, and what we set is not what the user said
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def execute(run: Run, prefect: Prefect, observer: Observer, give_up: GiveUp) -> None:
    """Carry the plan out as a Prefect flow run.

    Every node ends with a result in `run.results`; nothing is raised for what fails inside a node. SurroundingsError
    when Prefect itself fails. When its server is gone Prefect would retry for minutes: then `give_up` ends the process.
    """
    from prefect import flow
    from prefect.runtime import flow_run
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
    from prefect.task_runners import ThreadPoolTaskRunner

    runner: Any = ThreadPoolTaskRunner(max_workers=run.spec.concurrency)

    @flow(
        name=run.spec.project,
        flow_run_name=f"{run.spec.project} #{run.record.number}",
        task_runner=runner,
        validate_parameters=False,
        persist_result=False,
    )
    def modelsync_run(spec: str, params: dict[str, Any]) -> Any:
        run.links["prefect"] = f"{prefect.ui}/runs/flow-run/{flow_run.id}"
        pages = ReportTasks(run)
        _Driver(run, observer, lambda: _is_there(prefect), give_up, pages.begin).drive()
        pages.finish()
        gate_pages.publish_run(run)
        return _flow_state(run)

    params = {name: param.value for name, param in run.spec.params.items()}
    try:
        # A sync flow would wait up to a second for its heartbeat thread, and only automations read the heartbeat.
        with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_API_URL: prefect.api}):
            state: Any = modelsync_run(run.record.spec, params, return_state=True)
        said = state.message or state.name
    except Exception as error:  # Prefect raises whatever its HTTP client raises
        said = f"{type(error).__name__}: {error}"
    if len(run.results) < len(run.plan.nodes):
        raise SurroundingsError(
            f"Prefect failed during the run: {said}",
            help="what was finished is kept; look at `modelsync server status`, then run again",
        )


def _is_there(prefect: Prefect) -> bool:
    """Whether the server lives: by its process when it is ours, else by its answer."""
    if prefect.running is not None:
        return processes.is_alive(prefect.running.process)
    return any(services.answers(f"{prefect.api.removesuffix('/')}/health", timeout=5.0) for _ in range(3))


class _Driver:
    """Submits each node when all it needs is over; a node that can't run is recorded as skipped, with the reason."""

    def __init__(
        self,
        run: Run,
        observer: Observer,
        is_there: Callable[[], bool],
        give_up: GiveUp,
        after_each: Callable[[], None],
    ) -> None:
        self.run, self.observer, self.is_there, self.give_up = run, observer, is_there, give_up
        self.after_each = after_each
        self.futures: dict[str, Any] = {}
        self.outcomes: dict[str, NodeResult] = {}  # of the last try; final only when Prefect says that the task is over

    def drive(self) -> None:
        """Return when every node is over."""
        waiting = {node.id: node for node in self.run.plan.nodes}
        over: Queue[str] = Queue()
        while len(self.run.results) < len(self.run.plan.nodes):
            for node in [node for node in waiting.values() if self._ready(node)]:
                del waiting[node.id]
                self.futures[node.id] = self._submit(node)
                self.futures[node.id].add_done_callback(lambda _, id=node.id: over.put(id))
            id = self._next(over)
            self.run.task_runs.pop(id, None)
            self.run.results[id] = self.outcomes.get(id) or self._ended_outside(id)
            self.observer.ended(self.run.results[id])
            self.after_each()

    def _next(self, over: Queue[str]) -> str:
        """The next node that is over; the server is looked at while nothing happens."""
        while True:
            try:
                return over.get(timeout=_LOOK)
            except Empty:
                if not self.is_there():
                    said = "Prefect's server went away during the run"
                    self.give_up(SurroundingsError(said, help="what was finished is kept; run again to go on"))

    def _ready(self, node: Node) -> bool:
        return all(id in self.run.results for id in (*node.task.needs, *node.task.after))

    def _submit(self, node: Node) -> Any:
        from prefect import task
        from prefect.cache_policies import NO_CACHE

        before = [self.futures[id] for id in (*node.task.needs, *node.task.after)]
        options: dict[str, Any] = {
            "name": node.task.label,
            "task_run_name": node.task.label,
            "cache_policy": NO_CACHE,  # what is reused is decided by us, in one place
            "persist_result": False,
            "log_prints": True,
            "tags": [str(node.task.kind)],
            **_retries(self.run, node.task),
        }
        prefect_task: Any = task(self._body(node)).with_options(**options)
        # Arrows are drawn from what completed; waiting for a task that never will would leave this one pending.
        return prefect_task.submit(wait_for=[future for future in before if future.state.is_completed()])

    def _body(self, node: Node) -> Callable[[], Any]:
        from prefect.runtime import task_run

        def carry_out() -> Any:
            obstacle = work.obstacle(self.run, node)
            if obstacle is not None:
                self.outcomes[node.id] = obstacle
                return _state(obstacle)
            self.observer.started(node.task)
            self.run.task_runs[node.id] = str(task_run.id)
            began = time.monotonic()
            try:
                result = work.perform(self.run, node.task)
            except ModelSyncError as error:
                self.outcomes[node.id] = work.failed(node.task, error, time.monotonic() - began)
                raise
            except OSError as error:
                said = SurroundingsError(
                    f"{type(error).__name__}: {error}", help="look at the disk and its permissions"
                )
                self.outcomes[node.id] = work.failed(node.task, said, time.monotonic() - began)
                raise
            except Exception as error:  # a fault of ours must not leave the flow waiting for ever
                wrapped = ModelSyncError(f"{type(error).__name__}: {error}", help="this is a fault of ModelSync")
                self.outcomes[node.id] = work.failed(node.task, wrapped, time.monotonic() - began)
                raise
            self.outcomes[node.id] = result
            if result.verdict is not None and result.status is not Status.REUSED:
                gate_pages.publish_gate(result)
            return _state(result)

        return carry_out

    def _ended_outside(self, id: str) -> NodeResult:
        state = self.futures[id].state
        task = self.run.plan.node(id).task
        return NodeResult(
            task, Status.FAILED, f"Prefect ended it: {state.name} {state.message or ''}", exit=ExitCode.SURROUNDINGS
        )


def _retries(run: Run, task: Task) -> dict[str, Any]:
    if task.kind is not NodeKind.STEP:
        return {}
    step: Step = next(step for step in run.spec.steps if step.id == task.name)
    retries = step.retries
    if not retries.limit:
        return {}

    def again(_: Any, __: Any, state: Any) -> bool:
        error = state.result(raise_on_failure=False)
        return isinstance(error, StepError) and error.reason in retries.on and not run.stopping.is_set()

    return {
        "retries": retries.limit,
        "retry_delay_seconds": [retries.delay * retries.backoff**turn for turn in range(retries.limit)],
        "retry_condition_fn": again,
    }


def _state(result: NodeResult) -> Any:
    """The Prefect state that shows a result: nothing is left pending, and a reason is always there."""
    from prefect.states import Cancelled, Completed, Failed

    match result.status:
        case Status.DONE:
            return Completed(message=result.detail or None)
        case Status.REUSED:
            return Completed(name="Reused", message=result.detail)
        case Status.WARNED:
            return Completed(name="Warned", message=result.detail)
        case Status.HELD:
            return Cancelled(name="Held", message=result.detail)
        case Status.SKIPPED:
            return Cancelled(name="Skipped", message=result.detail)
        case Status.FAILED:
            return Failed(message=result.detail)


def _flow_state(run: Run) -> Any:
    from prefect.states import Cancelled, Completed, Failed

    results = run.results.values()
    failed = next((result for result in results if result.status is Status.FAILED), None)
    waits = next((result for result in results if result.status is Status.HELD), None)
    if failed is not None:
        return Failed(message=f"{failed.task.label}: {failed.detail}")
    if waits is not None:
        return Cancelled(name="Held", message=f"{waits.task.label}: {waits.detail}")
    spent = sum(result.seconds for result in results)
    return Completed(message=f"{len(run.results)} tasks, {say_seconds(spent)} of work, exit {int(exit_of(results))}")
