"""Kills a store at random times and at every named place, damages it at random, and counts what is lost or unseen.

`python tests/benchmarks/store_faults.py [--kills 500] [--damages 1000] [--seed 1]`; ends with 1 when anything was lost.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from modelsync.core.digest import Digest
from modelsync.core.errors import DamageError, UsageError
from modelsync.store import failpoints
from modelsync.store.objects import Store

WORKLOAD = Path(__file__).parents[1] / "unit" / "store" / "workload.py"
_AFRESH = 25  # kills after which a new store is begun, so that each round stays short

Places = tuple[Path, Path, Path]


def main() -> int:
    """Run both loops and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--damages", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        faults = named(Path(folder)) + kills(Path(folder), asked.kills, chance)
        faults += damages(Path(folder), asked.damages, chance)
    print("nothing lost, nothing unseen" if not faults else f"FAULTS: {faults}")
    return 1 if faults else 0


def named(folder: Path) -> int:
    """A death at every named place, the first and the second time it is reached."""
    faults, died = 0, 0
    for name in failpoints.NAMES:
        for count in (1, 2):
            places = _begin(folder / f"{name}-{count}")
            with _start(places, f"{name}:{count}") as child:
                child.communicate()
            died += child.returncode == 137
            faults += _faults(places, f"{name}:{count}")
            _workload().work(*places)
            faults += _faults(places, f"{name}:{count}, and once more")
    print(f"named places: {len(failpoints.NAMES)}, deaths: {died}, faults: {faults}", flush=True)
    return faults


def kills(folder: Path, count: int, chance: random.Random) -> int:
    """SIGKILL at random times of a run."""
    faults, killed, acknowledged = 0, 0, 0
    places, length, began = _begin(folder / "kills-0"), 0.5, time.monotonic()
    for number in range(count):
        if number % _AFRESH == 0:
            acknowledged += len(_workload().read(places[2]))
            shutil.rmtree(places[0].parent)
            places = _begin(folder / f"kills-{number}")
            length = _length(places)
        with _start(places) as child:
            assert child.stdout is not None and child.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, length))
            child.send_signal(signal.SIGKILL)
            child.communicate()
        killed += child.returncode == -signal.SIGKILL
        faults += _faults(places, f"kill {number}")
    acknowledged += len(_workload().read(places[2]))
    seconds = time.monotonic() - began
    print(
        f"kills: {killed} of {count}, acknowledged puts: {acknowledged}, faults: {faults}, {seconds:.0f} s", flush=True
    )
    return faults


def damages(folder: Path, count: int, chance: random.Random) -> int:
    """Change one file of a whole store in one way; the full check names it, or every byte still comes back."""
    places = _begin(folder / "damages")
    _workload().work(*places)
    root, whole = places[0], folder / "whole"
    shutil.copytree(root, whole)
    store = Store(root)
    contents = {digest: store.read_bytes(digest) for digest in _workload().read(places[2])}
    store.close()
    files = sorted(path for path in root.rglob("*") if path.is_file())
    ways, faults = Counter[str](), 0
    for number in range(count):
        path, act = (
            chance.choice(files),
            chance.choice(["flip", "flip", "cut", "zero", "remove", "empty", "swap", "add"]),
        )
        _damage(path, act, chance, files)
        after = Store(root)
        said = _said(after, contents)
        if any(path.name in line or path.stem in line for line in said):
            ways[f"{act}: named"] += 1
        elif not said and _gives(after, contents):
            ways[f"{act}: harmless"] += 1
        else:
            faults += 1
            print(f"damage {number}: {act} of {path}: {said or 'not seen'}")
        after.close()
        shutil.rmtree(root)
        shutil.copytree(whole, root)
    alarms = sum(bool(Store(root).verify(contents)) for _ in range(100))
    print(f"damages: {count}, {dict(sorted(ways.items()))}, faults: {faults}, false alarms in 100 checks: {alarms}")
    return faults + alarms


def _damage(path: Path, act: str, chance: random.Random, files: list[Path]) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    path.chmod(0o644)
    match act:
        case "flip":
            data[at] ^= 1 << chance.randrange(8)
        case "cut":
            del data[at:]
        case "zero":
            data[at : at + 512] = bytes(len(data[at : at + 512]))
        case "empty":
            data.clear()
        case "swap":
            data = bytearray(chance.choice(files).read_bytes())
        case "add":
            path.with_name(f"{path.name}.copy").write_bytes(data)
    path.write_bytes(data)
    if act == "remove":
        path.unlink()


def _said(store: Store, expected: Iterable[Digest]) -> list[str]:
    """What the full check says; a refusal of the whole store says something too."""
    try:
        return [str(damage) for damage in store.verify(expected)]
    except UsageError as error:  # a flipped bit made the format a newer one
        return [f"{store.places.config} {store.places.index} {error}"]


def _gives(store: Store, contents: dict[Digest, bytes]) -> bool:
    try:
        return all(store.read_bytes(digest) == data for digest, data in contents.items())
    except DamageError:
        return False


def _faults(places: Places, when: str) -> int:
    """What is wrong after a death: damage, or an acknowledged file that does not come back."""
    store, acknowledged = Store(places[0]), _workload().read(places[2])
    found = [str(damage) for damage in store.verify(acknowledged)]
    if not found and not all(store.read_bytes(digest) is not None for digest in acknowledged):
        found = ["an acknowledged file does not come back"]
    store.close()
    for line in found:
        print(f"{when}: {line}")
    return len(found)


def _begin(folder: Path) -> Places:
    places = (folder / "store", folder / "in" / "source", folder / "acknowledged")
    _workload().fill(places[1])
    _workload().begin(places[0], places[2])
    return places


def _length(places: Places) -> float:
    with _start(places) as child:
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        began = time.monotonic()
        child.communicate()
    return time.monotonic() - began


def _start(places: Places, failpoint: str = "") -> subprocess.Popen[str]:
    surroundings = {**os.environ, failpoints.VARIABLE: failpoint} if failpoint else dict(os.environ)
    command = [sys.executable, str(WORKLOAD), *map(str, places)]
    return subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True)


def _workload() -> ModuleType:
    if "workload" not in sys.modules:
        spec = importlib.util.spec_from_file_location("workload", WORKLOAD)
        assert spec is not None and spec.loader is not None
        sys.modules["workload"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["workload"])
    return sys.modules["workload"]


if __name__ == "__main__":
    sys.exit(main())
