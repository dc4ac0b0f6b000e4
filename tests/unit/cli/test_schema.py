from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from modelsync.api.schemas import json_schema, markdown
from modelsync.cli import invoke


@pytest.mark.parametrize(("words", "text"), [([], json_schema()), (["--format", "markdown"], markdown())])
def test_it_is_printed_in_utf_8_whatever_the_terminal_speaks(words: list[str], text: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "modelsync", "schema", *words],
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        check=True,
    )
    assert said.stdout.decode("utf-8") == text
    assert said.stderr == b""


def test_it_is_written_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "schema.json"
    assert invoke(["schema", "-o", str(file)]) == 0
    assert file.read_bytes().decode("utf-8") == json_schema()
    assert capsys.readouterr().out == f"wrote {file}\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["schema", "-o", str(tmp_path / "none/schema.json")]) == 9
    assert "none/schema.json" in capsys.readouterr().err
