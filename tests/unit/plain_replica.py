"""A replica with a model of one line: a real process and server, without the seconds that learning libraries take."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from modelsync.serving import serve
from modelsync.serving.app import ModelServer
from modelsync.serving.model import ServedModel
from modelsync.serving.rows import Column


class Doubler:
    """Twice the number, after a pause."""

    n_features_in_ = 1

    def __init__(self, pause: float) -> None:
        self.pause = pause

    def predict(self, rows: Any) -> Any:
        time.sleep(self.pause)
        return rows[:, 0] * 2


def main() -> None:
    """Behave as `behaviour.json` in the release's folder says."""
    parser = argparse.ArgumentParser()
    for name in ("--folder", "--model", "--version", "--uds", "--state", "--id"):
        parser.add_argument(name, required=True)
    given = parser.parse_args()
    behaviour = json.loads((Path(given.folder) / "behaviour.json").read_text())
    if "fail" in behaviour:
        sys.exit(behaviour["fail"])
    if behaviour.get("never_ready"):
        time.sleep(600)
    if "die_after" in behaviour:
        threading.Timer(behaviour["die_after"], os._exit, (7,)).start()
    example = {} if behaviour.get("no_example") else {"x": "wrong" if behaviour.get("bad_example") else 1.0}
    model = Doubler(behaviour.get("pause", 0.0))
    serve.on_socket(
        ModelServer(ServedModel(given.model, given.version, model, (Column("x", "float"),), None, example)), given.uds
    )


if __name__ == "__main__":
    main()
