"""What `modelsync check` costs: beside the libraries it stands on, and as a spec grows.

    uv run python tests/benchmarks/checking.py [rounds]

The first table compares whole processes: `check` on the reference project with importing pydantic and ruamel.yaml, the
least that a checker made of those would cost. The second grows a spec from 10 to 400 steps, each in a process of its
own: the whole process as a person waits for it, reading and checking alone, and the memory that these two take.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from modelsync.api.specs import known  # noqa: E402
from modelsync.language.load import load  # noqa: E402
from tests.benchmarks.large_specs import write_project  # noqa: E402

CHECK = [sys.executable, "-m", "modelsync", "check"]
FLOOR = [sys.executable, "-c", "import pydantic, ruamel.yaml"]
SIZES = (10, 50, 100, 200, 400)
ALLOWED = (1.3, 0.1)  # times the floor, and seconds on top
MOST_GROWTH = 15  # times, of the whole process, from the smallest spec to the largest
SPREAD = 1.25  # how much more bytes a step of the largest spec may take for memory to count as linear


def main(rounds: int) -> None:
    """Print both tables."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # without compiled bytecode every import would be measured wrong
    os.environ["PYTHONPATH"] = str(ROOT)
    _beside_libraries(rounds)
    with tempfile.TemporaryDirectory() as folder:
        _growing(Path(folder), max(rounds // 3, 3))


def _beside_libraries(rounds: int) -> None:
    spec = "specs/credit/modelsync.yaml"
    walls: dict[str, list[float]] = {"import pydantic, ruamel.yaml": [], "modelsync check": []}
    cores: dict[str, list[float]] = {name: [] for name in walls}
    commands = dict(zip(walls, (FLOOR, [*CHECK, spec]), strict=True))
    for command in commands.values():
        _seconds(command, ROOT)  # writes the bytecode
    for _ in range(rounds):
        for name, command in commands.items():
            before = _processor()
            walls[name].append(_seconds(command, ROOT))
            cores[name].append(_processor() - before)
    for what, times in (("seconds waited", walls), ("seconds of a core", cores)):
        floor, check = (statistics.median(measured) for measured in times.values())
        for name, measured in times.items():
            spread = f"{min(measured) * 1000:.0f}-{max(measured) * 1000:.0f}"
            print(f"{name:32}{statistics.median(measured) * 1000:8.0f} ms {spread:>12}  {what}")
        goal = ALLOWED[0] * floor + ALLOWED[1]
        verdict = "holds" if check <= goal else "FAILS"
        print(f"ratio {check / floor:.2f}; goal 1.3 x + 100 ms = {goal * 1000:.0f} ms {verdict}\n")


def _growing(folder: Path, rounds: int) -> None:
    print(
        f"{'steps':>6}{'gates':>6}{'KiB':>6}{'process ms':>12}{'load ms':>9}{'ms/step':>9}{'peak KiB':>10}{'B/step':>9}"
    )
    whole: dict[int, float] = {}
    peaks: dict[int, int] = {}
    for steps in SIZES:
        spec = write_project(folder / str(steps), steps)
        whole[steps] = statistics.median(_seconds([*CHECK, str(spec)], spec.parent) for _ in range(rounds))
        said = subprocess.run(
            [sys.executable, __file__, "--load", str(spec), str(rounds)], check=True, capture_output=True, text=True
        )
        inside = json.loads(said.stdout)
        peaks[steps] = inside["peak"]
        print(
            f"{steps:6}{steps // 4:6}{spec.stat().st_size // 1024:6}{whole[steps] * 1000:12.0f}"
            f"{inside['seconds'] * 1000:9.0f}{inside['seconds'] * 1000 / steps:9.2f}{peaks[steps] // 1024:10}"
            f"{peaks[steps] // steps:9}"
        )
    growth = whole[SIZES[-1]] / whole[SIZES[0]]
    verdict = "holds" if growth < MOST_GROWTH else "FAILS"
    print(f"{SIZES[-1]} to {SIZES[0]} steps: {growth:.1f} x, goal < {MOST_GROWTH} x {verdict}")
    each = [peaks[steps] / steps for steps in SIZES[1:]]  # the smallest is mostly what any spec takes
    verdict = "linear" if each[-1] <= SPREAD * min(each) else "NOT linear"
    print(f"memory a step, {SIZES[1]} to {SIZES[-1]} steps: {min(each):.0f} to {max(each):.0f} bytes: {verdict}")


def _seconds(command: list[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def _processor() -> float:
    """Seconds that the children so far had a core: what neighbours do counts less here."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _load(spec: Path, rounds: int) -> None:
    """Say how long one load takes in this process, and what it holds at its peak."""
    world = known()
    assert load(spec, world).spec is not None
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        load(spec, world)
        times.append(time.perf_counter() - began)
    tracemalloc.start()
    load(spec, world)
    print(json.dumps({"seconds": statistics.median(times), "peak": tracemalloc.get_traced_memory()[1]}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        _load(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
