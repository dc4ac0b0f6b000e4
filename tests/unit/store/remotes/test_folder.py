from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from modelsync.core.errors import SurroundingsError
from modelsync.store.remotes.folder import CATALOGUE, Folder

_RACE = """
import sys
from pathlib import Path
from modelsync.store.remotes.folder import Folder
folder = Folder("there", Path(sys.argv[1]))
won = 0
while won < 25:
    got = folder.read("refs/counter")
    won += folder.replace("refs/counter", str(int(got.data) + 1).encode(), got.mark)
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    folder = Folder("there", tmp_path)
    folder.create("refs/counter", b"0")
    processes = [subprocess.Popen([sys.executable, "-c", _RACE, str(tmp_path)]) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    got = folder.read("refs/counter")
    assert got is not None and got.data == b"75"


def test_the_catalogue_names_everything(tmp_path: Path) -> None:
    folder = Folder("there", tmp_path)
    folder.create("packs/ab/x", b"123")
    folder.settle()
    assert json.loads((tmp_path / CATALOGUE).read_text()) == {"format": 1, "objects": {"packs/ab/x": 3}}
    folder.remove("packs/ab/x")
    folder.settle()
    assert json.loads((tmp_path / CATALOGUE).read_text())["objects"] == {}
    assert list(folder.list("")) == []


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    folder = Folder("there", tmp_path / "file")
    assert folder.read("config.json") is None
    with pytest.raises(SurroundingsError, match="cannot write"):
        folder.create("config.json", b"")
