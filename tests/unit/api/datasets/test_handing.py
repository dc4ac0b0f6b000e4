"""`modelsync.dataset(...)`: versions in Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import modelsync
from modelsync.core.errors import UsageError
from tests.unit.api.datasets.conftest import OTHER, ROWS, Shop


@pytest.fixture
def two(shop: Shop) -> Shop:
    for text in (ROWS, OTHER):
        shop.write("data/rows.csv", text)
        shop("dataset", "add", "data/rows.csv", "--tag", "t")
    return shop


def test_a_version_in_every_form(two: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(two.root / "data")
    latest, first = modelsync.dataset("rows"), modelsync.dataset("rows@1.0.0")
    assert (latest.name, latest.version, latest.rows, latest.tags) == ("rows", "1.1.0", 4, ("t",))
    assert list(first.load()["age"]) == [20, 30, 40]
    assert first.arrow().column_names == ["id", "plan", "age"]
    assert first.path().read_text() == ROWS
    assert first.download("old.csv").read_text() == ROWS
    assert [each.version for each in latest.history()] == ["1.1.0", "1.0.0"]
    assert latest.history()[1].sha256 == first.sha256
    assert repr(first) == "<modelsync dataset rows@1.0.0, 3 rows>"


def test_from_another_folder_with_root(two: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="there is no dataset `rows`"):
        modelsync.dataset("rows")
    found = modelsync.dataset("rows", root="../shop")
    assert len(found.load()) == 4
    assert found.root == two.root


def test_a_folder_is_a_path_and_no_table(shop: Shop) -> None:
    shop.write("bin/a.bin", "a")
    shop("dataset", "add", "bin")
    found = modelsync.dataset("bin")
    assert (found.path() / "a.bin").read_text() == "a"
    assert repr(found) == "<modelsync dataset bin@1.0.0, 1 byte>"
    with pytest.raises(UsageError, match=r"bin@1.0.0 is no table"):
        found.load()


def test_importing_it_imports_nothing_else() -> None:
    code = "import sys, modelsync; print([each for each in sys.modules if 'modelsync.' in each], modelsync.dataset)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("[] <function dataset")
