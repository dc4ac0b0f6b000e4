"""Tasks of Prefect for pages that nothing waits for: drawn beside the run, one after the other, joined at its end."""

from __future__ import annotations

import contextvars
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from modelsync.core.errors import ModelSyncError
from modelsync.core.units import say_seconds
from modelsync.engine import gate_pages, gate_reports
from modelsync.engine.context import Run
from modelsync.gates.question import first_line
from modelsync.gates.report import Drawing

_SOON = 1.0  # seconds of waiting at the end of a run that need no explanation


class ReportTasks:
    """The pages of one run. They have a thread of their own: no node ever waits for one of them."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._thread: ThreadPoolExecutor | None = None
        self._under_way: list[Future[None]] = []

    def begin(self) -> None:
        """Start what has become known to be drawn. Called inside the flow."""
        while self._run.drawings:
            drawing = self._run.drawings.pop(0)
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, thread_name_prefix="reports")
            # The context holds the flow run that the task belongs to.
            self._under_way.append(self._thread.submit(contextvars.copy_context().run, self._carry_out, drawing))

    def finish(self) -> None:
        """Return when every page is drawn; one that could not be drawn is a notice of the run."""
        if self._thread is None:
            return
        began = time.monotonic()
        open_ = [future for future in self._under_way if not future.done()]
        if open_:
            self._run.say(f"all else is done; {len(open_)} page{'s' if len(open_) > 1 else ''} still being drawn")
        for future in self._under_way:
            future.result()
        self._thread.shutdown()
        if (waited := time.monotonic() - began) > _SOON:
            self._run.say(f"pages drawn after {say_seconds(waited)}")

    def _carry_out(self, drawing: Drawing) -> None:
        from prefect import task
        from prefect.cache_policies import NO_CACHE

        def draw() -> None:
            path = gate_reports.carry_out(self._run, drawing)
            gate_pages.publish_page(drawing.gate, drawing.peer.said, path)

        options: dict[str, Any] = {
            "name": drawing.label,
            "task_run_name": drawing.label,
            "cache_policy": NO_CACHE,
            "persist_result": False,
            "tags": ["report"],
        }
        try:
            prefect_task: Any = task(draw).with_options(**options)
            prefect_task()
        except Exception as error:  # a page decides nothing, so what breaks it must not end the run
            why = error.message if isinstance(error, ModelSyncError) else first_line(error)
            said = f"the page of gate `{drawing.gate}` by {drawing.peer.said} could not be drawn: {why}"
            self._run.notices.append(said)
