"""What every target can do, and the values it takes and gives."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from modelsync.core.traffic import ArmState, Side


@dataclass(frozen=True, slots=True)
class Release:
    """One version of one model, and the folder that holds it."""

    model: str
    version: str
    digest: str
    folder: Path


@dataclass(frozen=True, slots=True)
class ReplicaStatus:
    """One process that serves a release."""

    id: str
    pid: int | None
    alive: bool
    log: Path


@dataclass(frozen=True, slots=True)
class DeploymentStatus:
    """A deployment as it is now; `alive` when its address answers and a replica stands behind it."""

    name: str
    url: str
    alive: bool
    model: str = ""
    version: str = ""
    digest: str = ""
    wanted: int = 0  # replicas
    replicas: tuple[ReplicaStatus, ...] = ()
    router_pid: int | None = None
    requests: Mapping[str, int] = field(default_factory=dict)  # by version, since the router started
    errors: Mapping[str, int] = field(default_factory=dict)  # answers of 500 and above, by version


class Target(Protocol):
    """A place where one deployment lives.

    Every method may raise SurroundingsError. `hold` must surround all that changes something in a rollout: inside it
    the sides are fixed, `old` being what is routed when it begins.
    """

    @property
    def url(self) -> str:
        """Where clients reach the deployment."""
        ...

    def hold(self) -> AbstractContextManager[None]:
        """Be the only one to change this deployment, and clear what a killed rollout left; LockedError if taken."""
        ...

    def check(self) -> None:
        """Whether the address can be had, asked before anything changes."""
        ...

    def serves(self, release: Release) -> bool:
        """Whether exactly this release serves already, whole and healthy, with this target's settings."""
        ...

    def observe(self, side: Side) -> ArmState | None:
        """How a side is doing; None when there is no such side. Changes nothing."""
        ...

    def start(self, side: Side, release: Release) -> None:
        """Start every replica of a side; the old side starts again as what it was. Returns before they are ready."""
        ...

    def warm_up(self, side: Side) -> None:
        """Have every replica answer a prediction; SurroundingsError with its answer otherwise."""
        ...

    def route(self, new: int) -> None:
        """Give `new` percent of the traffic to the new side; when it returns, no new request goes elsewhere."""
        ...

    def stop(self, side: Side) -> None:
        """Stop every replica of a side; when it returns they are gone."""
        ...

    def status(self) -> DeploymentStatus:
        """The deployment as it is now."""
        ...

    def undeploy(self) -> DeploymentStatus:
        """Take everything down; gives what was there. LockedError while a rollout is under way."""
        ...
