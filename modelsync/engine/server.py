"""The project's own servers: Prefect, which shows runs, and MLflow's pages, which show models."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from modelsync.core import quiet
from modelsync.core.errors import SurroundingsError
from modelsync.engine import services
from modelsync.engine.services import HOST, Running, Service
from modelsync.engine.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Prefect:
    """An address that runs are sent to, and the one people open."""

    api: str
    ui: str
    running: Running | None  # None: a server that somebody else runs, named by PREFECT_API_URL


def prefect_service(workspace: Workspace) -> Service:
    """The project's Prefect server. Never the ephemeral one: it loses task records when the process ends."""
    return Service(
        name="prefect",
        home=workspace.home,
        # The application without Prefect's own command line starts two seconds sooner.
        command=lambda _, listener: [
            *(sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"),
            *("--fd", str(listener), "--log-level", "warning", "--timeout-graceful-shutdown", "3"),
        ],
        environment=lambda port: {
            **quiet.SETTINGS,
            "PREFECT_HOME": str(workspace.prefect),
            "PREFECT_SERVER_API_HOST": HOST,
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_UI_API_URL": f"http://{HOST}:{port}/api",  # else the page looks for its server on 4200
            "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        },
        health="/api/health",
        preferred_port=4200,
    )


def mlflow_service(workspace: Workspace) -> Service:
    """MLflow's pages over the project's own database."""
    return Service(
        name="mlflow",
        home=workspace.home,
        command=lambda port, _: [
            *(sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port), "--workers", "1"),
            *("--backend-store-uri", mlflow_uri(workspace)),
        ],
        environment=lambda _: dict(quiet.SETTINGS),
        health="/health",
        preferred_port=5000,
    )


def outside(which: str) -> str | None:
    """The address people open of a server that somebody else runs, when the environment names one."""
    if which == "prefect":
        api = os.environ.get("PREFECT_API_URL")
        return None if not api else api.removesuffix("/").removesuffix("/api")
    uri = os.environ.get("MLFLOW_TRACKING_URI", "")
    return uri if uri.startswith(("http://", "https://")) else None


def begin(workspace: Workspace, say: Callable[[str], None]) -> Prefect:
    """The server that runs go to, started in the background when none lives; it may not answer yet.

    SurroundingsError when the one that PREFECT_API_URL names does not answer.
    """
    page = outside("prefect")
    if page is not None:
        prefect = Prefect(os.environ["PREFECT_API_URL"], page, None)
        ready(workspace, prefect)
        return prefect
    service = prefect_service(workspace)
    if services.find(service) is None:
        say("starting the project's Prefect server")
    running = services.launch(service)
    return Prefect(f"{running.url}/api", running.url, running)


def ready(workspace: Workspace, prefect: Prefect) -> None:
    """Return when the server answers; SurroundingsError that names it and the way out otherwise."""
    if prefect.running is not None:
        services.wait(prefect_service(workspace), prefect.running)
    elif not services.answers(f"{prefect.api.removesuffix('/')}/health", timeout=5.0):
        raise SurroundingsError(
            f"Prefect does not answer on {prefect.api}, which PREFECT_API_URL names",
            help="start that server, or unset PREFECT_API_URL to let ModelSync run one for this project",
        )


def mlflow_uri(workspace: Workspace) -> str:
    """Where MLflow keeps its records: MLFLOW_TRACKING_URI, else a SQLite file of the project."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{workspace.mlflow / 'mlflow.db'}"
