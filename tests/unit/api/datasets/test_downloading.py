"""`dataset download`: whole or absent, and never over something else in silence."""

from __future__ import annotations

import pytest

from modelsync.core.errors import DamageError
from modelsync.store.reading import Reader
from tests.unit.api.datasets.conftest import OTHER, ROWS, Shop


@pytest.fixture
def two(shop: Shop) -> Shop:
    for text in (ROWS, OTHER):
        shop.write("data/rows.csv", text)
        shop("dataset", "add", "data/rows.csv")
    shop.write("data/bin/a/x.bin", "x").chmod(0o755)
    shop("dataset", "add", "data/bin")
    return shop


def test_an_old_version_comes_back_byte_by_byte(two: Shop) -> None:
    assert two("dataset", "download", "rows@1.0.0") == "rows.csv: rows@1.0.0, 44 B\n"
    assert (two.root / "rows.csv").read_text() == ROWS
    assert two("dataset", "download", "rows@1.0.0") == "rows.csv holds rows@1.0.0 already\n"
    (two.root / "out").mkdir()
    two("dataset", "download", "rows", "out")
    assert (two.root / "out/rows.csv").read_text() == OTHER
    two("dataset", "download", "rows", "out/other.csv")
    assert (two.root / "out/other.csv").read_text() == OTHER


def test_a_folder(two: Shop) -> None:
    assert two("dataset", "download", "bin") == "bin: bin@1.0.0, 1 B\n"
    assert (two.root / "bin/a/x.bin").stat().st_mode & 0o111
    assert two("dataset", "download", "bin") == "bin holds bin@1.0.0 already\n"
    two.write("bin/a/y.bin")
    two("dataset", "download", "bin", exit=2)
    two("dataset", "download", "bin", "--force")
    assert [path.name for path in (two.root / "bin/a").iterdir()] == ["x.bin"]


def test_the_destination_holds_the_folder_itself(two: Shop) -> None:
    (two.root / "empty").mkdir()
    for target in ("empty", "new"):
        assert two("dataset", "download", "bin", target) == f"{target}: bin@1.0.0, 1 B\n"
        assert [path.name for path in (two.root / target).iterdir()] == ["a"]
        assert two("dataset", "download", "bin", target) == f"{target} holds bin@1.0.0 already\n"
    two.write("full/mine", "mine")
    said = two("dataset", "download", "bin", "full", exit=2)
    assert "`full` exists already and holds something else" in said
    assert "such as `full/bin`, or add --force to replace all of it" in said
    assert [path.name for path in (two.root / "full").iterdir()] == ["mine"]
    two("dataset", "download", "bin", "full/bin")
    two("dataset", "download", "bin", "full", "--force")
    assert [path.name for path in (two.root / "full").iterdir()] == ["a"]


@pytest.mark.parametrize("target", [".", "..", "data/.."])
def test_a_folder_takes_no_place_that_holds_the_project(two: Shop, target: str) -> None:
    before = sorted(two.root.iterdir())
    for force in ((), ("--force",)):
        said = two("dataset", "download", "bin", target, *force, exit=2)
        assert "holds the project, or is where you are" in said
        assert f"such as `{target}/bin`" in said or "such as `bin`" in said
    assert sorted(two.root.iterdir()) == before


def test_nothing_is_overwritten_without_force(two: Shop) -> None:
    two.write("rows.csv", "mine")
    said = two("dataset", "download", "rows", exit=2)
    assert "`rows.csv` exists already and holds something else" in said
    assert (two.root / "rows.csv").read_text() == "mine"
    (two.root / "link.csv").symlink_to("nowhere")
    two("dataset", "download", "rows", "link.csv", exit=2)
    two("dataset", "download", "rows", "--force")
    assert (two.root / "rows.csv").read_text() == OTHER
    assert not [path for path in two.root.iterdir() if path.name.startswith(".rows")]


def test_what_is_damaged_leaves_nothing(two: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    two.write("rows.csv", "mine")

    def broken(*_: object) -> None:
        raise DamageError("a byte is wrong")

    monkeypatch.setattr(Reader, "copy", broken)
    two("dataset", "download", "rows", "new.csv", exit=9)
    two("dataset", "download", "rows", "--force", exit=9)
    assert (two.root / "rows.csv").read_text() == "mine"
    assert not (two.root / "new.csv").exists()
    assert not [path for path in two.root.iterdir() if path.name.startswith(".rows")]


def test_the_folder_above_must_be_there(two: Shop) -> None:
    assert "the folder `no/where` does not exist" in two("dataset", "download", "rows", "no/where/x.csv", exit=2)
