"""`dataset list`, `show`, `history`: what is recorded, on screens of any width and as JSON."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.unit.api.datasets.conftest import OTHER, ROWS, Shop


@pytest.fixture
def two(shop: Shop) -> Shop:
    """Two versions of one dataset, one of another."""
    shop.write("rows.csv")
    shop("dataset", "add", "rows.csv", "--tag", "first")
    shop.write("rows.csv", OTHER)
    shop("dataset", "add", "rows.csv")
    shop.write("pictures/cat/1.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x04\x08\0\0\0\0")
    shop("dataset", "add", "pictures")
    return shop


def test_list(two: Shop) -> None:
    lines = two("dataset", "list").splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["rows", "1.1.0"], ["rows", "1.0.0"], ["pictures", "1.0.0"]]
    assert [line.split()[:2] for line in two("dataset", "list", "--tag", "first").splitlines()[1:]] == [
        ["rows", "1.0.0"]
    ]
    assert "there is no dataset `rws`" in two("dataset", "list", "rws", exit=2)
    found = json.loads(two("dataset", "list", "rows", "--format", "json"))
    assert [(each["version"], each["rows"], each["tags"]) for each in found["versions"]] == [
        *(("1.1.0", 4, []), ("1.0.0", 3, ["first"])),
    ]


def test_nothing_yet(shop: Shop) -> None:
    assert shop("dataset", "list").startswith("no dataset is versioned yet")
    assert "there is no dataset `x`" in shop("dataset", "show", "x", exit=2)
    assert not (shop.root / ".modelsync").exists()


def test_show(two: Shop) -> None:
    lines = two("dataset", "show", "rows").splitlines()
    assert lines[0] == "rows@1.1.0  4 rows, 53 B"
    assert lines[3].startswith("rule      minor when contract.extended or rows.added (contract.extended = false, rows.")
    assert lines[-4:] == [
        "COLUMN  TYPE    MISSING  DISTINCT  VALUES",
        "id      int     0        4         ██ ██                1 .. 5, mean 3",
        "plan    string  0        3         █▄▄                  basic 2, plus 1, pro 1",
        "age     int     0        4         █    █         █   █ 20 .. 60, mean 40",
    ]
    assert "rows@1.0.0  3 rows" in two("dataset", "show", "rows@1.0.0")
    assert "versions: 1.0.0, 1.1.0" in two("dataset", "show", "rows@3.0.0", exit=2)


def test_show_of_images(two: Shop) -> None:
    lines = two("dataset", "show", "pictures").splitlines()
    assert lines[-3:] == ["classes   cat 1", "formats   png 1", "sizes     8x4 1"]


def test_show_as_json(two: Shop) -> None:
    found = json.loads(two("dataset", "show", "rows@1.0.0", "--format", "json"))
    assert (found["format"], found["rows"], found["by"], found["run"]) == (1, 3, "Ana <ana@example.org>", None)
    assert [column["name"] for column in found["columns"]] == ["id", "plan", "age"]


def test_history(two: Shop) -> None:
    lines = two("dataset", "history", "rows").splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [["1.1.0", "4"], ["1.0.0", "3"]]
    assert lines[1].split()[2] == "+1" and "Ana <ana@example.org>  minor" in lines[1]
    assert lines[2].endswith("first version")
    found = json.loads(two("dataset", "history", "rows", "--format", "json"))
    assert found["versions"][0]["evidence"] == {"contract.extended": False, "rows.added": True}


def test_wide_things_fit_a_narrow_screen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from modelsync.cli.datasets import show

    shop.write("rows.csv", ROWS.replace("plan", "the_plan_that_a_customer_has_agreed_to"))
    shop("dataset", "add", "rows.csv")
    monkeypatch.setattr(show, "_PIPED", 80)
    lines = shop("dataset", "show", "rows").splitlines()
    assert max(len(line) for line in lines) <= 80
    assert lines[-2].startswith("the_plan_that_a_custome…  string")


def test_looking_imports_nothing_heavy(two: Shop) -> None:
    verbs = [
        ["list"],
        ["show", "rows"],
        ["history", "rows"],
        ["tag", "rows@1.0.0", "x"],
        ["download", "rows@1.0.0", "x"],
    ]
    code = (
        "import sys; from modelsync.cli import invoke\n"
        f"codes = [invoke(['dataset', *verb]) for verb in {verbs!r}]\n"
        "print([name for name in ('pandas', 'numpy', 'pyarrow', 'rich', 'prefect') if name in sys.modules], codes)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.stdout.splitlines()[-1] == "[] [0, 0, 0, 0, 0]", said.stderr
