from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.checking import check
from modelsync.api.schemas import json_schema
from modelsync.api.specs import find_spec
from modelsync.api.starting import init
from modelsync.core.errors import UsageError


def test_a_new_project_has_the_three_folders_and_a_spec_without_a_fault(tmp_path: Path) -> None:
    made = init(tmp_path / "My Churn!", None)
    assert made.spec == tmp_path / "My Churn!/specs/my_churn/modelsync.yaml"
    assert {path.relative_to(tmp_path / "My Churn!").parts[0] for path in made.files} == {
        "specs", "flows", "validators", ".gitignore",
    }  # fmt: skip
    checked = check([made.spec])[0]
    assert checked.diagnostics == ()
    assert checked.spec is not None
    assert checked.spec.project == "my_churn"
    assert find_spec(tmp_path / "My Churn!") == made.spec


def test_nothing_is_overwritten_and_nothing_half_made(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/churn.py").write_text("mine")
    with pytest.raises(UsageError, match=r"churn\.py exists already"):
        init(tmp_path, "churn")
    assert (tmp_path / "flows/churn.py").read_text() == "mine"
    assert not (tmp_path / "specs").exists()


def test_an_ignore_file_that_is_there_keeps_its_lines(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n__pycache__/")
    assert tmp_path / ".gitignore" in init(tmp_path, "churn").files
    assert (tmp_path / ".gitignore").read_text() == "mine\n__pycache__/\n.modelsync/\n"
    assert tmp_path / ".gitignore" not in init(tmp_path, "other").files


def test_a_project_has_one_schema_for_all_its_specs_and_it_is_brought_up_to_date(tmp_path: Path) -> None:
    schema = tmp_path / "specs/schema.json"
    made = init(tmp_path, "churn")
    assert schema in made.files
    assert schema.read_text() == json_schema()
    assert made.spec.read_text().startswith("# yaml-language-server: $schema=../schema.json\n")
    assert schema not in init(tmp_path, "other").files
    schema.write_text('{"title": "ModelSync spec", "of": "an older version"}')
    assert schema in init(tmp_path, "third").files
    assert schema.read_text() == json_schema()


def test_a_schema_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/schema.json").write_text('{"title": "Pets"}')
    with pytest.raises(UsageError, match=r"schema\.json exists already"):
        init(tmp_path, "churn")
    assert [path.name for path in tmp_path.rglob("*")] == ["specs", "schema.json"]


@pytest.mark.parametrize("name", ["1st", "a-b", "Ä", "../x"])
def test_a_name_that_could_not_be_a_file_and_a_model_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="can't name a project"):
        init(tmp_path, name)
