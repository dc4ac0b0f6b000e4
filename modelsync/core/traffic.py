"""What a deployment is made of, in the words that rollout, target and router share: sides, arms, routing table."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from modelsync.core.records import record


class Side(StrEnum):
    """The two releases of one rollout."""

    OLD = "old"  # what served when the rollout began
    NEW = "new"  # what is being rolled out


@record
class ArmState:
    """How one side is doing, as seen just now; counts are replicas, unless said otherwise."""

    version: str
    wanted: int
    started: int = 0  # 0: not started, or stopped on purpose
    alive: int = 0
    ready: int = 0
    warm: int = 0  # answered a prediction on the model's own example
    routed: bool = False  # clients reach it
    in_flight: int = 0  # requests being answered
    trouble: str = ""  # why a started replica is not alive, in one line


@record
class Arm:
    """One line of the routing table: a release, its share of the traffic and where its replicas listen."""

    id: str
    model: str
    version: str
    weight: int  # percent
    sockets: tuple[str, ...]  # paths of unix sockets, one per replica


@record
class RoutingTable:
    """Who gets which traffic; the generation grows with every change."""

    generation: int = 0
    arms: tuple[Arm, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values for the file that the router reads."""
        arms = [
            {"id": a.id, "model": a.model, "version": a.version, "weight": a.weight, "sockets": list(a.sockets)}
            for a in self.arms
        ]
        return {"generation": self.generation, "arms": arms}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> RoutingTable:
        """The table that `to_json` described; KeyError, TypeError or ValueError when it is something else."""
        arms = tuple(
            Arm(str(a["id"]), str(a["model"]), str(a["version"]), int(a["weight"]), tuple(map(str, a["sockets"])))
            for a in value["arms"]
        )
        return cls(int(value["generation"]), arms)
