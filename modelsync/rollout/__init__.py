"""Strategies of a rollout as pure state machines: observation in, action out, no clock and nothing touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modelsync.rollout.base import Strategy, Terms
from modelsync.rollout.blue_green import BlueGreen
from modelsync.rollout.recreate import Recreate

STRATEGIES: Mapping[str, Callable[[Terms], Strategy]] = {
    "recreate": Recreate,
    "blue_green": BlueGreen,
}
"""Every strategy by its name in the spec."""
