"""Runs an application on uvicorn: quiet, and with time to finish what it is answering when told to end."""

from __future__ import annotations

import logging
import sys

from modelsync.serving.web import App

_GRACE = 5  # seconds for requests under way; whoever stops us waits a little longer
_CLIENT_KEEP_ALIVE = 75  # seconds an idle connection of a client stays, as usual for proxies
_ROUTER_KEEP_ALIVE = 3600  # the router lets go first: a connection closed by the replica could cost it a request


def on_port(app: App, host: str, port: int) -> None:
    """Serve clients until SIGTERM or SIGINT; SystemExit when the address can't be had."""
    import uvicorn

    uvicorn.run(
        app,
        host=host,
        port=port,
        timeout_keep_alive=_CLIENT_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
    )


def on_socket(app: App, path: str) -> None:
    """Serve the router on a unix socket until SIGTERM or SIGINT; SystemExit when it can't be made."""
    import uvicorn

    uvicorn.run(
        app,
        uds=path,
        timeout_keep_alive=_ROUTER_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",
    )


def log_to_stderr() -> None:
    """Words with time and level on stderr, which is the log file of a process that was started detached."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", force=True
    )
