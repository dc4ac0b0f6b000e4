"""The words of a process of its own: a file of the run, and shown from its end."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from modelsync.engine import logs


def test_each_run_has_a_folder(tmp_path: Path) -> None:
    run: Any = SimpleNamespace(workspace=SimpleNamespace(logs=tmp_path / "logs"), record=SimpleNamespace(number=3))
    assert logs.place(run, "train.fit") == tmp_path / "logs" / "run-3" / "train.fit.log"
    assert (tmp_path / "logs" / "run-3").is_dir()


def test_the_end_of_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.log"
    logs.tell(file)
    file.write_text("\n")
    logs.tell(file)
    assert capsys.readouterr().out == ""
    file.write_bytes(b"first\n" + b"x" * 70_000 + b"\xff\n")
    logs.tell(file)
    said = capsys.readouterr().out
    assert len(said) <= 64 * 1024 + 1
    assert said.endswith("x\ufffd\n")
