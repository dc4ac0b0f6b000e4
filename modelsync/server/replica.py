"""One replica: a process that loads one model version and serves it on a unix socket until nobody wants it."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from modelsync.core.errors import ModelSyncError, StepError, SurroundingsError
from modelsync.core.units import say_seconds
from modelsync.serving import serve
from modelsync.serving.app import ModelServer
from modelsync.serving.model import ServedModel
from modelsync.serving.rows import Column
from modelsync.serving.web import RefusedError
from modelsync.targets import processes, records
from modelsync.usercode.models import LoadedModel, load_model

_log = logging.getLogger(__name__)

_TICK = 1.0  # seconds between looks at the state folder
_ALONE_FOR = 30.0  # seconds without traffic after the command that started us died


@dataclass(slots=True)
class Guard:
    """Tells whether this replica is still wanted: a killed command must not leave processes behind."""

    folder: Path
    replica: str
    alone_since: float | None = None

    def is_wanted(self, now: float) -> bool:
        """False when the state names this replica no more, or when it gets no traffic and nobody will give it any."""
        found = records.read_replicas(self.folder)
        if not found.names(self.replica):
            return False
        routed = {arm.id for arm in records.read_routes(self.folder).arms}
        mine = next(a.id for a in found.arms.values() if any(r.id == self.replica for r in a.replicas))
        if mine in routed or (found.controller is not None and processes.is_alive(found.controller)):
            self.alone_since = None
            return True
        self.alone_since = now if self.alone_since is None else self.alone_since
        return now - self.alone_since <= _ALONE_FOR


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m modelsync.server.replica --folder F --model M --version V --uds PATH --state DIR --id NAME`."""
    parser = argparse.ArgumentParser(prog="modelsync.server.replica", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the model folder")
    parser.add_argument("--model", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--uds", required=True, help="the path of the unix socket to serve on")
    parser.add_argument("--state", type=Path, required=True, help="the folder of the deployment")
    parser.add_argument("--id", required=True, help="the name in replicas.json")
    given = parser.parse_args(arguments)
    serve.log_to_stderr()
    threading.Thread(target=_watch, args=(Guard(given.state, given.id),), name="guard", daemon=True).start()
    try:
        server = _ready(given.folder, given.model, given.version)
    except ModelSyncError as error:
        sys.exit(f"{error.message}{f' ({error.help})' if error.help else ''}")
    serve.on_socket(server, given.uds)


def _ready(folder: Path, model: str, version: str) -> ModelServer:
    began = time.monotonic()
    loaded = load_model(folder)
    server = ModelServer(_served(model, version, loaded))
    try:
        seconds = server.warm_up()
    except Exception as error:  # whatever a model raises, it can't serve
        said = error.message if isinstance(error, RefusedError) else f"{type(error).__name__}: {error}"
        raise StepError(f"{model} {version} can't predict its own example: {said}") from error
    took = "it has no example to try" if seconds is None else f"a prediction takes {seconds * 1000:.2f} ms"
    _log.info("%s %s ready after %s; %s", model, version, say_seconds(time.monotonic() - began), took)
    return server


def _served(model: str, version: str, loaded: LoadedModel) -> ServedModel:
    card = loaded.card
    columns = tuple(Column(field.name, field.type) for field in card.inputs)
    if not columns or not hasattr(loaded.model, "predict"):
        raise StepError(
            f"{model} {version} can't be served: it does not say which columns it takes, or can't predict",
            help="return a fitted scikit-learn classifier or regressor from the step",
        )
    example = card.example
    if not example and all(column.type == "float" for column in columns):
        example = {column.name: 0.0 for column in columns}  # fitted on bare numbers: any will do to try it
    return ServedModel(model, version, loaded.model, columns, card.classes, example)


def _watch(guard: Guard) -> None:
    wanted = True
    while wanted:
        time.sleep(_TICK)
        with suppress(SurroundingsError):  # a damaged file is no reason to stop answering
            wanted = guard.is_wanted(time.monotonic())
    _log.info("nobody wants this replica any more")
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
