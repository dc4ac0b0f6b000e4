"""A run on the screen while it goes on: a line for what is over, a moving line for what is under way."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from typing import Any

import click

from modelsync.cli.plan import summary
from modelsync.core.errors import ExitCode, ModelSyncError
from modelsync.core.units import say_seconds
from modelsync.engine.results import NodeResult, Status
from modelsync.plan.model import Plan, Task

MARKS = {
    Status.DONE: ("✓", "green"),
    Status.REUSED: ("=", "bright_black"),
    Status.WARNED: ("!", "yellow"),
    Status.FAILED: ("✗", "red"),
    Status.HELD: ("‖", "magenta"),
    Status.SKIPPED: ("-", "bright_black"),
}
_WIDTH = 150  # a reason longer than this is cut on its line; the summary has it whole


def say(line: str, *, err: bool = False) -> None:
    """Write a line; a screen that is gone (`| head`) or that can't show a sign never stops a run."""
    with contextlib.suppress(OSError, ValueError):
        try:
            click.echo(line, err=err)
        except UnicodeEncodeError:
            click.echo(line.encode("ascii", "replace").decode(), err=err)


class Screen:
    """Watches a run. On a terminal the last lines move; elsewhere each line is written once."""

    def __init__(self, project: str, spec: str) -> None:
        self._project, self._spec = project, spec
        self._moving = sys.stdout.isatty()
        self._live: Any = None
        self._wide = 0
        self._note = ""
        self._under_way: dict[str, tuple[str, float]] = {}
        self._lock = threading.RLock()

    def planned(self, plan: Plan) -> None:
        """Show what is to be done, and begin to move."""
        self._wide = max(len(node.task.label) for node in plan.nodes)
        say(f"{click.style(self._project, bold=True)} {self._spec}: {summary(plan)}")
        for model, prediction in plan.expected.items():
            say(f"expected: {model} {prediction}")
        if self._moving:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(
                get_renderable=self._under_way_lines, console=Console(), refresh_per_second=8, transient=True
            )
            self._live.start()

    def say(self, line: str) -> None:
        """Show what is going on; on a terminal it is replaced by the next."""
        with self._lock:
            self._note = line
            if self._live is None:
                say(f"  {line}")

    def started(self, task: Task) -> None:
        """A node began."""
        with self._lock:
            self._note = ""
            self._under_way[task.id] = (task.label, time.monotonic())

    def ended(self, result: NodeResult) -> None:
        """A node is over: its line stays."""
        with self._lock:
            self._under_way.pop(result.task.id, None)
            line = node_line(result, self._wide)
            if self._live is None:
                say(line)
            else:
                from rich.text import Text

                self._live.console.print(Text.from_ansi(line), soft_wrap=True)

    def close(self) -> None:
        """Stop moving; the cursor is back."""
        with self._lock:
            if self._live is not None:
                self._live.stop()
                self._live = None

    def stopped(self, error: ModelSyncError) -> None:
        """The last words of a run that is being stopped."""
        self.close()
        asked = error.exit_code is ExitCode.INTERRUPTED
        say(error.message if asked else f"error: {error.message}", err=True)
        say(f"  help: {error.help}", err=True)

    def _under_way_lines(self) -> Any:
        from rich.text import Text

        turn = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"[int(time.monotonic() * 8) % 10]
        with self._lock:
            lines = [
                f"  {turn} {label.ljust(self._wide + 2)}{say_seconds(time.monotonic() - since)}"
                for label, since in self._under_way.values()
            ]
            if self._note:
                lines.append(f"  {turn} {self._note}")
        return Text("\n".join(lines), style="cyan")


def node_line(result: NodeResult, wide: int) -> str:
    """`  ✓ fit    0.8 s  first run`."""
    mark, colour = MARKS[result.status]
    spent = say_seconds(result.seconds) if result.status is not Status.SKIPPED and result.seconds >= 0.05 else ""
    detail = result.detail if len(result.detail) <= _WIDTH else result.detail[: _WIDTH - 1] + "…"
    label = result.task.label.ljust(wide + 2)
    said = click.style(detail, dim=result.status is Status.REUSED)
    return f"  {click.style(mark, fg=colour, bold=True)} {label}{spent.rjust(9)}  {said}"
