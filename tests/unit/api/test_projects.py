from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.api.projects import find_workspace, open_project
from modelsync.api.specs import find_spec
from modelsync.api.starting import init
from modelsync.core.errors import SpecError, UsageError


def test_the_only_spec_is_found_and_several_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"there is no modelsync\.yaml"):
        find_spec(None)
    init(tmp_path, "churn")
    assert find_spec(None) == Path("specs/churn/modelsync.yaml")
    init(tmp_path, "other")
    with pytest.raises(UsageError, match="several specs"):
        find_spec(None)
    (tmp_path / "modelsync.yaml").write_text("")
    assert find_spec(None) == Path("modelsync.yaml")
    assert find_spec(Path("specs/other/modelsync.yaml")) == Path("specs/other/modelsync.yaml")


def test_a_spec_with_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    made = init(tmp_path, "churn")
    made.spec.write_text(
        made.spec.read_text().replace("kind: quality", "kind: qualty").replace("min: 0.95", "mn: 0.95")
    )
    with pytest.raises(SpecError) as caught:
        open_project(made.spec)
    assert len(caught.value.diagnostics) >= 2


def test_the_workspace_is_found_from_inside_and_while_the_spec_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = init(tmp_path, "churn")
    assert find_workspace(made.spec).root == tmp_path.resolve()
    (tmp_path / ".modelsync").mkdir()
    made.spec.write_text("broken: [")
    monkeypatch.chdir(tmp_path / "specs/churn")
    assert find_workspace(None).root == tmp_path.resolve()
    assert find_workspace(Path("data")).root == tmp_path.resolve()


def test_a_project_that_never_ran_has_an_empty_past_and_no_folder(tmp_path: Path) -> None:
    made = init(tmp_path, "churn")
    assert find_workspace(made.spec).state().runs == []
    assert not (tmp_path / ".modelsync").exists()
