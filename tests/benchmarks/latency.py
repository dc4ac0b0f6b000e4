"""What a person waits for at the prompt: whole processes, as ratios to `python -c pass` and to `check`.

    uv run python tests/benchmarks/latency.py [rounds]

It runs the reference project once in a copy (without reports and on a port of its own), then times the commands that
must start fast, one after another in each round, so that noise of the machine meets all of them alike.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEC = "specs/credit/modelsync.yaml"
PYTHON = [sys.executable]
MODELSYNC = [sys.executable, "-m", "modelsync"]
COMMANDS = {
    "python -c pass": [*PYTHON, "-c", "pass"],
    "--help": [*MODELSYNC, "--help"],
    "check": [*MODELSYNC, "check", SPEC],
    "plan": [*MODELSYNC, "plan", SPEC],
    "run, nothing changed": [*MODELSYNC, "run", SPEC],
    "status": [*MODELSYNC, "status"],
    "model list": [*MODELSYNC, "model", "list"],
}


def main(rounds: int) -> None:
    """Print the table."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # without compiled bytecode every import would be measured wrong
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        _copy(project)
        first = _seconds([*MODELSYNC, "run", SPEC], project)
        try:
            times: dict[str, list[float]] = {name: [] for name in COMMANDS}
            for _ in range(rounds):
                for name, command in COMMANDS.items():
                    times[name].append(_seconds(command, project))
        finally:
            subprocess.run([*MODELSYNC, "deploy", "undeploy", "live"], cwd=project, check=False, capture_output=True)
            subprocess.run([*MODELSYNC, "server", "stop"], cwd=project, check=False, capture_output=True)
    _print(times, first)


def _copy(project: Path) -> None:
    for name in ("specs/credit", "flows", "validators"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    spec = project / SPEC
    text = spec.read_text().replace("port: 8080", f"port: {port}").replace("report: true", "report: false")
    spec.write_text(text)


def _seconds(command: list[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def _print(times: dict[str, list[float]], first: float) -> None:
    floor, check = (statistics.median(times[name]) for name in ("python -c pass", "check"))
    print(f"first run of the reference project, without reports: {first:.1f} s")
    print(f"{'command':24}{'median ms':>10}{'min-max':>14}{'/ python':>10}{'/ check':>9}")
    for name, measured in times.items():
        middle = statistics.median(measured)
        spread = f"{min(measured) * 1000:.0f}-{max(measured) * 1000:.0f}"
        print(f"{name:24}{middle * 1000:10.0f}{spread:>14}{middle / floor:10.1f}{middle / check:9.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
