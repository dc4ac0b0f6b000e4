"""`deploy undeploy`, `server`, `ui`: what lives on after a command, looked at, started and ended."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modelsync.api.specs import find_spec
from modelsync.core.errors import UsageError
from modelsync.engine import server, services
from modelsync.engine.services import Running, Service
from modelsync.engine.workspace import Workspace
from modelsync.registry import facts
from modelsync.targets import deployments
from modelsync.targets.base import DeploymentStatus


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """A server of the project: its name, and where it answers when it does."""

    name: str
    url: str | None
    pid: int | None


def undeploy(workspace: Workspace, name: str) -> DeploymentStatus:
    """Take a deployment down and record it; UsageError when nothing of that name is deployed."""
    known = deployments.found(workspace.deployments)
    if name not in known:
        listed = ", ".join(known) or "nothing is deployed"
        raise UsageError(f"`{name}` is not deployed", help=f"deployed: {listed}" if known else listed)
    before = deployments.undeploy(workspace.deployments / name)
    live = workspace.state().live.get(name)
    if live is not None:
        facts.deploy_undeployed(workspace.journal, replace(live, run=None))
    return before


def start_server(workspace: Workspace, which: str = "prefect") -> ServerStatus:
    """Start a server, or find the one that runs; returns when it answers.

    One that the environment names is somebody else's and is only told. UsageError outside of a project.
    """
    outside = server.outside(which)
    if outside is not None:
        return ServerStatus(which, outside, None)
    if not workspace.home.is_dir():
        find_spec(workspace.root)  # refuses a folder that is no project, before one is made of it
    service = _service(workspace, which)
    running = services.launch(service)
    services.wait(service, running)
    return _status(service, running)


def stop_servers(workspace: Workspace) -> tuple[str, ...]:
    """End the project's servers; the names of those that ran. Deployments are not servers of ours: they stay."""
    return tuple(name for name in _SERVICES if services.stop(_service(workspace, name)))


def server_status(workspace: Workspace) -> tuple[ServerStatus, ...]:
    """Which servers of the project run, and where."""
    return tuple(
        _status(service, services.find(service)) for service in (make(workspace) for make in _SERVICES.values())
    )


_SERVICES = {"prefect": server.prefect_service, "mlflow": server.mlflow_service}


def _service(workspace: Workspace, name: str) -> Service:
    return _SERVICES[name](workspace)


def _status(service: Service, running: Running | None) -> ServerStatus:
    return ServerStatus(service.name, running.url if running else None, running.process.pid if running else None)
