"""Which specs are checked, and what is said about each."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.checking import check, check_text, wanted
from modelsync.api.starting import init
from modelsync.core.diagnostics import Severity
from modelsync.core.errors import UsageError


def make(*files: Path) -> None:
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def test_a_folder_means_every_spec_below_it_that_people_wrote(tmp_path: Path) -> None:
    there = [tmp_path / name / "modelsync.yaml" for name in ("specs/b", "specs/a", ".")]
    left_out = [
        tmp_path / name / "modelsync.yaml"
        for name in (".modelsync/x", ".git", "node_modules/x", "__pycache__", "env/lib/python3.12/site-packages/x")
    ]
    make(*there, *left_out, tmp_path / "env/pyvenv.cfg", tmp_path / "specs/other.yaml")
    assert wanted([tmp_path]) == tuple(sorted(there))


def test_a_folder_that_is_named_is_looked_into_whatever_it_is(tmp_path: Path) -> None:
    spec = tmp_path / ".venv/modelsync.yaml"
    make(spec, tmp_path / ".venv/pyvenv.cfg")
    assert wanted([tmp_path / ".venv"]) == (spec,)


def test_a_file_that_is_named_twice_is_checked_once_at_its_first_place(tmp_path: Path) -> None:
    one, other = tmp_path / "a/modelsync.yaml", tmp_path / "b/modelsync.yaml"
    make(one, other)
    (tmp_path / "link.yaml").symlink_to(one)
    assert wanted([other, tmp_path / "b/../a/modelsync.yaml", tmp_path, tmp_path / "link.yaml"]) == (
        other,
        tmp_path / "b/../a/modelsync.yaml",
    )


def test_without_a_name_all_specs_of_the_project_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"there is no modelsync\.yaml in"):
        wanted([])
    make(Path("specs/b/modelsync.yaml"), Path("specs/a/modelsync.yaml"), Path("elsewhere/c/modelsync.yaml"))
    assert wanted([]) == (Path("specs/a/modelsync.yaml"), Path("specs/b/modelsync.yaml"))
    make(Path("modelsync.yaml"))
    assert wanted([]) == (Path("modelsync.yaml"),)


def test_a_folder_without_a_spec_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/modelsync.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"there is no modelsync\.yaml in `.*empty` nor below it"):
        wanted([tmp_path / "empty"])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        check([tmp_path / "modelsync.yaml"])


def test_findings_are_counted_by_what_they_stop(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    assert (check([spec])[0].errors, check([spec])[0].fixable) == (0, 0)
    spec.write_text(spec.read_text().replace("strategy: blue_green", "stratgy: blue_green"))
    found = check([spec])[0]
    assert found.errors == sum(1 for each in found.diagnostics if each.severity is Severity.ERROR) >= 1
    assert found.errors + found.warnings == len(found.diagnostics)
    assert found.fixable >= 1
    assert found.spec is None


def test_what_the_findings_depend_on_is_known_also_of_a_broken_spec(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    code, table = tmp_path / "flows/churn.py", next((spec.parent / "data").glob("*.csv"))
    for text in (spec.read_text(), spec.read_text().replace("strategy: blue_green", "stratgy: blue_green")):
        spec.write_text(text)
        found = check([spec])[0]
        assert {spec.resolve(), code.resolve(), table.resolve()} <= {each.resolve() for each in found.reads}
        assert found.root == tmp_path.resolve()


def test_a_text_stands_for_a_file(tmp_path: Path) -> None:
    spec = init(tmp_path, "churn").spec
    unsaved = b"\xef\xbb\xbf" + spec.read_bytes().replace(b"strategy: blue_green", b"stratgy: blue_green")
    report = check_text(spec, unsaved)
    assert report.errors >= 1
    assert "stratgy" in report.texts[spec]
    assert {each.at.file for each in report.checked[0].diagnostics} == {spec}
    spec.unlink()
    assert check_text(spec, unsaved).checked[0].diagnostics == report.checked[0].diagnostics
    assert check_text(spec, b"\xff").errors == 1
