"""What versions of data cost beside DVC and Git: seconds and bytes, all in one run on one disk.

    uv run python tests/benchmarks/store.py [folder] [--megabytes 750] [--files 50000] [--rounds 3]

DVC comes from PyPI into an environment of its own below the folder (default: a temporary one, removed at the end).
Every command is a whole process as a person waits for it; what ModelSync writes is synced to the disk, what DVC and Git
write is not. Ratios count, never seconds: what a disk and a neighbour do changes from one minute to the next.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[2]
DVC = "dvc==3.67.1"
ROW = 62  # bytes of a row, about
FOLDERS = 200


@dataclass(frozen=True)
class Tool:
    """How one tool is asked for the same things, below the folder of its project."""

    name: str
    home: Path
    keeps: str  # the folder that grows
    init: Sequence[Sequence[str]]
    add: Sequence[str]
    status: Sequence[str]
    restore: Sequence[str]
    commit: Sequence[Sequence[str]] = ()  # what makes `status` quiet

    def run(self, command: Sequence[str], *more: str) -> float:
        """The seconds of one command; its words are shown when it fails."""
        began = time.perf_counter()
        said = subprocess.run([*command, *more], cwd=self.home, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - began
        if said.returncode:
            raise SystemExit(f"{self.name}: {' '.join([*command, *more])}\n{said.stdout}{said.stderr}")
        return seconds

    def kept(self) -> int:
        """Bytes of all files in its store."""
        return sum(path.stat().st_size for path in (self.home / self.keeps).rglob("*") if path.is_file())


def ours(home: Path) -> Tool:
    """ModelSync as this checkout has it."""
    own = [sys.executable, "-m", "modelsync"]
    return Tool(
        "modelsync",
        home,
        ".modelsync/store",
        init=(["git", "init", "-q"],),
        add=[*own, "add"],
        status=[*own, "status"],
        restore=[*own, "checkout", "--force", "HEAD", "--"],
        commit=([*own, "commit", "-m", "all"],),
    )


def dvc(home: Path, environment: Path) -> Tool:
    """DVC in its own environment, without its analytics."""
    if not (environment / "bin/dvc").exists():
        subprocess.run(["uv", "venv", "-q", str(environment)], check=True)
        python = str(environment / "bin/python")
        subprocess.run(["uv", "pip", "install", "-q", "--compile-bytecode", "--python", python, DVC], check=True)
    own = str(environment / "bin/dvc")
    return Tool(
        "dvc",
        home,
        ".dvc/cache",
        init=(["git", "init", "-q"], [own, "init", "-q"], [own, "config", "core.analytics", "false"]),
        add=[own, "add", "-q"],
        status=[own, "status", "-q"],
        restore=[own, "checkout", "-q", "--force"],
    )


def table(megabytes: int, seed: int, start: int) -> bytes:
    """So many megabytes of CSV rows, eight columns as in a table of events, without the header."""
    draw = np.random.default_rng(seed)
    rows = megabytes * 1_000_000 // ROW
    pieces = []
    for first in range(0, rows, 500_000):
        many = min(500_000, rows - first)
        frame = pd.DataFrame(
            {
                "id": np.arange(start + first, start + first + many),
                "at": 1_700_000_000 + np.sort(draw.integers(0, 10_000_000, many)),
                "amount": draw.lognormal(3, 1, many).round(2),
                "balance": draw.normal(1_000, 300, many).round(4),
                "share": draw.random(many).round(6),
                "country": draw.choice(["DE", "FR", "GB", "IT", "ES", "NL"], many),
                "plan": draw.choice(["basic", "standard", "premium"], many),
                "customer": draw.integers(10_000_000, 99_999_999, many),
            }
        )
        pieces.append(frame.to_csv(index=False, header=False).encode())
    return b"".join(pieces)


def insert(path: Path, block: bytes) -> None:
    """Put a block of rows into the middle of a file, at the end of a row."""
    data = path.read_bytes()
    middle = data.index(b"\n", len(data) // 2) + 1
    path.unlink()  # DVC may have linked it to its cache
    path.write_bytes(data[:middle] + block + data[middle:])


def small_files(folder: Path, files: int) -> None:
    """Random bytes, one to eight KiB each, in 200 folders."""
    draw = random.Random(7)
    for place in range(files):
        path = folder / f"{place % FOLDERS:03}" / f"{place:06}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(draw.randbytes(draw.randint(1024, 8192)))


def show(what: str, us: float, them: float, goal: str, unit: str = "s") -> None:
    """One line of the table; the ratio says how many times less is ours."""
    print(f"{what:46}{us:12.2f}{them:12.2f} {unit:3}{them / max(us, 1e-9):9.1f}x   {goal}", flush=True)


def large(work: Path, environment: Path, megabytes: int) -> None:
    """One large table: first add, a block of rows into its middle, restore."""
    tools = [ours(work / "large-ours"), dvc(work / "large-dvc", environment)]
    base = b"id,at,amount,balance,share,country,plan,customer\n" + table(megabytes, 1, 0)
    block = table(max(megabytes // 100, 1), 2, 10**9)
    first, second, grown, back = {}, {}, {}, {}
    for tool in tools:
        tool.home.mkdir(parents=True)
        for command in tool.init:
            tool.run(command)
        path = tool.home / "events.csv"
        path.write_bytes(base)
        os.sync()
        first[tool.name] = tool.run(tool.add, "events.csv")
        before = tool.kept()
        insert(path, block)
        os.sync()
        second[tool.name] = tool.run(tool.add, "events.csv")
        grown[tool.name] = tool.kept() - before
        back[tool.name] = _restored(tool, path)
    size = len(base) + len(block)
    del base
    us, them = (tool.name for tool in tools)
    show(f"first add of {megabytes} MB", first[us], first[them], ">= 1.2x")
    show("add after 1 % rows in the middle", second[us], second[them], ">= 4x")
    show("bytes that this added", grown[us] / 1e6, grown[them] / 1e6, ">= 100x", "MB")
    show("restore", back[us], back[them], f"verified, {size / 1e6 / back[us]:.0f} MB/s; >= 300 MB/s")


def _restored(tool: Tool, path: Path) -> float:
    """Seconds to bring back a deleted file; its bytes are compared."""
    wanted = hashlib.sha256(path.read_bytes()).hexdigest()
    for command in tool.commit:
        tool.run(command)
    path.unlink()
    more = [path.name] if tool.name == "modelsync" else [f"{path.name}.dvc"]
    seconds = tool.run(tool.restore, *more)
    if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
        raise SystemExit(f"{tool.name} restored other bytes")
    return seconds


def many(work: Path, environment: Path, files: int, rounds: int) -> None:
    """Many small files: add, status with nothing changed, add after one change."""
    tools = [ours(work / "many-ours"), dvc(work / "many-dvc", environment)]
    added, again, count = {}, {}, {}
    for tool in tools:
        tool.home.mkdir(parents=True)
        for command in tool.init:
            tool.run(command)
        small_files(tool.home / "images", files)
        os.sync()
        added[tool.name] = tool.run(tool.add, "images")
        for command in tool.commit:
            tool.run(command)
        count[tool.name] = sum(1 for path in (tool.home / tool.keeps).rglob("*") if path.is_file())
    git = work / "many-git"
    small_files(git / "images", files)
    for command in (["git", "init", "-q"], ["git", "add", "images"]):
        subprocess.run(command, cwd=git, check=True)
    subprocess.run(
        ["git", "-c", "user.name=b", "-c", "user.email=b@example.org", "commit", "-qm", "b"], cwd=git, check=True
    )
    time.sleep(2.1)  # younger files are hashed again by everybody
    takes: dict[str, list[float]] = {name: [] for name in (*(tool.name for tool in tools), "git")}
    for _ in range(rounds + 1):  # the first look warms what is remembered
        for tool in tools:
            takes[tool.name].append(tool.run(tool.status))
        began = time.perf_counter()
        subprocess.run(["git", "status", "--short"], cwd=git, check=True, capture_output=True)
        takes["git"].append(time.perf_counter() - began)
    quiet = {name: statistics.median(found[1:]) for name, found in takes.items()}
    for tool in tools:
        path = tool.home / "images/007/000007.bin"
        path.unlink()
        path.write_bytes(b"changed" * 500)
        again[tool.name] = tool.run(tool.add, "images")
    us, them = (tool.name for tool in tools)
    show(f"add of {files:,} small files", added[us], added[them], ">= 8x")
    show("files that this made in the store", count[us], count[them], "<= 100 of ours", "")
    show("status, nothing changed", quiet[us], quiet[them], ">= 5x")
    show("  beside `git status`", quiet[us], quiet["git"], "ours <= 1.5 times git's: >= 0.67x")
    show("add again after one change", again[us], again[them], ">= 6x")


def main() -> None:
    """Both tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", nargs="?", type=Path)
    asked.add_argument("--megabytes", type=int, default=750)
    asked.add_argument("--files", type=int, default=50_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--only", choices=["large", "many"])
    given = asked.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["DVC_NO_ANALYTICS"] = "1"
    folder = (given.folder or Path(tempfile.mkdtemp(prefix="store-"))).resolve()
    environment = folder / "dvc-environment"
    print(f"{'':46}{'modelsync':>12}{'other':>12}{'':4}{'ratio':>10}   goal")
    parts: dict[str, Callable[[Path], None]] = {
        "large": lambda work: large(work, environment, given.megabytes),
        "many": lambda work: many(work, environment, given.files, given.rounds),
    }
    for name, part in parts.items():
        if given.only in (None, name):
            work = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=_made(folder)))
            try:
                part(work)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    if given.folder is None:
        shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
