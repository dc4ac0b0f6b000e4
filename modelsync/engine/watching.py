"""Somebody who watches a run: told what is planned, what begins and what is over."""

from __future__ import annotations

from typing import Protocol

from modelsync.core.errors import ModelSyncError
from modelsync.engine.results import NodeResult
from modelsync.plan.model import Plan, Task


class Observer(Protocol):
    """Called from several threads; must return soon and never raise."""

    def planned(self, plan: Plan) -> None:
        """There is work to do, and this is it."""

    def say(self, line: str) -> None:
        """A line for people about what is going on."""

    def started(self, task: Task) -> None:
        """A node began."""

    def ended(self, result: NodeResult) -> None:
        """A node is over."""

    def stopped(self, error: ModelSyncError) -> None:
        """The process is about to end: leave the screen as it was found, and say why and what now."""


class Silent:
    """Nobody watches: for notebooks and tests."""

    def planned(self, plan: Plan) -> None:
        """Nothing is shown."""

    def say(self, line: str) -> None:
        """Nothing is shown."""

    def started(self, task: Task) -> None:
        """Nothing is shown."""

    def ended(self, result: NodeResult) -> None:
        """Nothing is shown."""

    def stopped(self, error: ModelSyncError) -> None:
        """Nothing is shown."""
