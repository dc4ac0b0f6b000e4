"""Paths inside the project, and those that leave it."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.language.paths import Refused, from_root, inside, meant, resolved, root_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    found = tmp_path.resolve() / "project"
    (found / "data").mkdir(parents=True)
    (found / "out").symlink_to(tmp_path)
    (found / "data" / "near").symlink_to(found)
    (found / "round").symlink_to(found / "round")
    return found


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("data/x.csv", "data/x.csv"),
        ("./data//x.csv", "data/x.csv"),
        ("data/../x.csv", "x.csv"),
        ("data/near/x.csv", "data/near/x.csv"),
        ("", "."),
    ],
)
def test_inside(root: Path, written: str, path: str) -> None:
    assert inside(root, written) == root / path


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ("../x.csv", "MS601", "leaves the project root"),
        ("data/../../x.csv", "MS601", "leaves the project root"),
        ("out/x.csv", "MS601", "leaves the project root"),
        ("round", "MS601", "leaves the project root"),
        ("/etc/passwd", "MS601", "not a path relative to the root"),
        ("~/x.csv", "MS601", "not a path relative to the root"),
        ("data\\x.csv", "MS601", "not a path relative to the root"),
        ("x" * 256, "MS104", "too long for a path"),
        ("\u00e9" * 128, "MS104", "too long for a path"),  # 256 bytes
        ("x/" * 600, "MS104", "too long for a path"),
    ],
)
def test_refused(root: Path, written: str, code: str, said: str) -> None:
    found = inside(root, written)
    assert isinstance(found, Refused)
    assert found.code == code
    assert said in found.message


def test_a_circle_of_links_leads_nowhere(root: Path) -> None:
    assert resolved(root / "round") == Path("/")


@pytest.mark.parametrize(
    ("written", "above"),
    [("..", "."), (".", "specs"), ("../..", ".."), ("", "specs"), ("deeper", None), ("../data", None), ("/", None)],
)
def test_root_of(root: Path, written: str, above: str | None) -> None:
    assert root_of(root / "specs", written) == (None if above is None else (root / above).resolve())


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("dta/x.csv", "data/x.csv"),
        ("data/y.csv", "data/x.csv"),
        ("dat/ax.csv", "data/x.csv"),
        ("datax.csv", "data/x.csv"),
        ("x.csv", "data/x.csv"),
        ("daat/", "data/"),
        ("data/deep/down/here.py", ""),
        ("nothing/like/it.py", ""),
        ("/data/x.csv", ""),
    ],
)
def test_the_path_that_was_meant(root: Path, written: str, near: str) -> None:
    (root / "data" / "x.csv").touch()
    (root / "data" / ".hidden.csv").touch()
    assert meant(root, written) == near


def test_a_part_of_a_path_may_be_misspelt_however_deep_it_lies(root: Path) -> None:
    deep = root / "data" / "one" / "two" / "three" / "four"
    deep.mkdir(parents=True)
    (deep / "x.csv").touch()
    assert meant(root, "data/one/tow/three/four/x.csv") == "data/one/two/three/four/x.csv"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("../shared/x.yaml", "specs/shared/x.yaml"),
        ("y.yaml", "specs/churn/y.yaml"),
        ("../shared/no.yaml", ""),
        ("../../../x.yaml", ""),
        ("specs/shared/x.yaml", ""),
        ("/etc/hosts", ""),
        ("a" * 5000, ""),
        ("../\0", ""),
    ],
)
def test_what_a_path_from_the_folder_of_the_spec_is_from_the_root(root: Path, written: str, path: str) -> None:
    for name in ("shared/x.yaml", "churn/y.yaml"):
        (root / "specs" / name).parent.mkdir(parents=True)
        (root / "specs" / name).touch()
    assert from_root(root, root / "specs/churn", written) == path
