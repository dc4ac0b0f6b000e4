"""Kills Git-like commands at random moments and looks whether anything was lost: `python version_faults.py [KILLS]`.

After each kill the next command must find the working files those of one commit, whole, and every commit that was
acknowledged must be there with all its bytes.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "modelsync"]
FILES = 30


def main(kills: int, seed: int) -> int:
    """Run the loop; the number of faults that were found."""
    chance, faults, hit = random.Random(seed), list[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        states = [_begin(root)]
        for number in range(kills):
            act = chance.choice(("commit", "checkout", "checkout", "merge"))
            words = _prepare(root, act, number, states, chance)
            if words is None:
                continue
            hit += _killed(root, words, chance.uniform(0.05, 0.7))
            faults += _faults(root, states, f"{number} {' '.join(words)}")
            if len(faults) > 5:
                break
        said = _run(root, "fsck", "--full")
        if said.returncode:
            faults.append(f"fsck: {said.stdout}")
    print(f"{kills} kills, {hit} of them in time, {len(states)} commits: {len(faults)} faults")
    print("\n".join(faults))
    return len(faults)


def _begin(root: Path) -> dict[str, str]:
    state = {f"data/{n % 3}/{n}": f"0 {n}" for n in range(FILES)}
    _write(root, state)
    for words in (("add", "data"), ("commit", "-m", "c0"), ("tag", "c0")):
        assert _run(root, *words).returncode == 0
    return state


def _prepare(
    root: Path, act: str, number: int, states: list[dict[str, str]], chance: random.Random
) -> list[str] | None:
    """What is to be killed; for a commit the files are changed first, and the state is noted by a tag afterwards."""
    if act == "commit":
        changed = dict(chance.choice(states))
        for path in chance.sample(sorted(changed), 5):
            changed[path] = f"{number} {path}"
        changed[f"data/new/{number}"] = "new"
        if _run(root, "checkout", f"c{states.index(chance.choice(states))}", "--force").returncode:
            return None
        _write(root, changed)
        states.append(changed)
        return ["commit", "-a", "-m", f"c{len(states) - 1}"]
    return [act, f"c{chance.randrange(len(states))}"]


def _killed(root: Path, words: list[str], after: float) -> bool:
    process = subprocess.Popen([*COMMAND, *words], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    was_running = process.poll() is None
    process.kill()
    process.wait()
    return was_running


def _faults(root: Path, states: list[dict[str, str]], what: str) -> list[str]:
    said = _run(root, "status")
    found = [f"{what}: {said.stdout}"] if said.returncode or "Traceback" in said.stdout else []
    if "merging" in said.stdout:
        _run(root, "merge", "--abort")
    last = f"c{len(states) - 1}"
    if _run(root, "log", last, "--last", "1").returncode:  # the newest state has no tag yet
        _run(root, "commit", "-a", "-m", last)
        _run(root, "tag", last)
    for place in {0, len(states) - 1}:
        done = _run(root, "checkout", f"c{place}", "--force")
        if done.returncode or _files(root) != states[place]:
            found.append(f"{what}: c{place} did not come back: {done.stdout}")
    return found


def _files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text() for path in (root / "data").rglob("*") if path.is_file()
    }


def _write(root: Path, state: dict[str, str]) -> None:
    for file in (root / "data").rglob("*"):
        if file.is_file():
            file.unlink()
    for path, text in state.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def _run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "MODELSYNC_AUTHOR": "Ada <ada@example.org>"},
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 1) > 0)
