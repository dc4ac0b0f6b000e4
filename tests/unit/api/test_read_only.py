"""A project that can only be read, such as a mounted snapshot, is read all the same, and nothing in it changes."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SPEC = """\
modelsync: 1
project: churn
datasets:
  rows: {source: data/rows.csv}
pipelines:
  train:
    steps:
      look: {run: flows/look.py:look, inputs: {data: datasets.rows}, outputs: {text: text}}
"""
_DROP, _DAC_OVERRIDE = 24, 1  # of prctl(2) and capabilities(7)


def as_anybody() -> None:
    """From the next program on root keeps to permissions like everybody else."""
    ctypes.CDLL(None).prctl(_DROP, _DAC_OVERRIDE, 0, 0, 0)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def run(root: Path, commands: list[str]) -> list[tuple[int, str]]:
    """What each command says and how it ends, all of them in one process that may write nothing here."""
    code = (
        "import io, json\nfrom contextlib import redirect_stderr, redirect_stdout\nfrom modelsync.cli import invoke\n"
        f"ends = []\nfor words in {[words.split() for words in commands]!r}:\n"
        " said = io.StringIO()\n with redirect_stdout(said), redirect_stderr(said): code = invoke(words)\n"
        " ends.append((int(code), said.getvalue()))\nprint(json.dumps(ends))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=as_anybody if os.getuid() == 0 else None,
    )
    return [(code, said) for code, said in json.loads(done.stdout.splitlines()[-1])]


def everything(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(params=["whole", "killed"])
def snapshot(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with a version, a commit and a spec, of which nothing may be written."""
    root = tmp_path / "snapshot"
    for name, text in (
        ("data/rows.csv", "id\n1\n2\n"),
        ("flows/look.py", "def look(data):\n    return ''\n"),
        ("modelsync.yaml", SPEC),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setenv("MODELSYNC_AUTHOR", "Ada <ada@example.org>")
    commands = [words.split() for words in ("dataset add data/rows.csv", "add data", "commit -m first")]
    end = "os._exit(0)" if request.param == "killed" else ""  # the last facts are in the log only then
    code = f"import os; from modelsync.cli import invoke; assert not any(map(invoke, {commands!r})); {end}"
    subprocess.run([sys.executable, "-c", code], cwd=root, env=environment(), check=True)
    assert (root / ".modelsync/registry.db-wal").exists() is (request.param == "killed")
    paths = [root, *root.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield root
    for path, mode in modes.items():
        path.chmod(mode)


SEEN = {
    "dataset list": "rows     1.0.0    2",
    "dataset show rows": "rows@1.0.0  2 rows",
    "dataset history rows": "first version",
    "model list": "no model is registered yet",
    "log": "(HEAD, main) first",
    "status": "data on main",
    "plan": "run     look",
    "diff": "no difference",
    "fsck --full": "ok nothing is wrong",
    "dataset download rows ../copy.csv": "copy.csv: rows@1.0.0",
}
REFUSED = ["add data", "commit -m second", "gc", "tag v1"]


def test_it_is_read_and_not_written(snapshot: Path) -> None:
    before = everything(snapshot)
    ends = run(snapshot, [*SEEN, *REFUSED])
    for (code, told), said in zip(ends, SEEN.values(), strict=False):
        assert (code, said in told) == (0, True), told
    for code, told in ends[len(SEEN) :]:
        assert (code, "readonly database" in told) == (9, True), told
    assert everything(snapshot) == before
