"""A project folder and its command line, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from modelsync.cli import invoke

ROWS = "id,plan,age\n1,basic,20\n2,plus,30\n3,basic,40\n"
OTHER = "id,plan,age\n1,basic,20\n2,pro,30\n4,basic,50\n5,plus,60\n"
SPEC = """\
# Who leaves
modelsync: 1
project: churn

datasets:
  # from the shop
  orders: {source: data/orders.csv}  # daily

pipelines:
  train:
    steps:
      look: {run: flows/look.py:look, inputs: {data: datasets.orders}, outputs: {text: text}}
"""


@dataclass
class Shop:
    """The project, and what its command line says."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, path: str, content: str | bytes = ROWS) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def with_spec(self, text: str = SPEC, path: str = "modelsync.yaml") -> Path:
        self.write("data/orders.csv")
        self.write("flows/look.py", "def look(data):\n    return ''\n")
        return self.write(path, text)

    def __call__(self, *words: str, exit: int = 0) -> str:
        """Run a command, expect its exit code, give all it said without colours."""
        self.capsys.readouterr()
        code = invoke(list(words))
        said = self.capsys.readouterr()
        assert code == exit, said.out + said.err
        return click.unstyle(said.out + said.err)


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shop:
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.setenv("MODELSYNC_AUTHOR", "Ana <ana@example.org>")
    return Shop(root, capsys)
