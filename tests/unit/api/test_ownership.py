from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from modelsync.api.ownership import refuse_strangers
from modelsync.api.projects import open_project
from modelsync.core.errors import UsageError
from modelsync.language.model import Spec
from modelsync.registry.records import RunRecord
from modelsync.registry.state import State
from tests.unit.plan.conftest import FLOW, SPEC, Past


def state_of(spec: Spec, made_by: str) -> State:
    state = Past(spec).run().state
    state.runs.append(RunRecord("r", "small", made_by, "d", {}, None, "me", 1))
    state._run_places["r"] = 0
    return state


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "modelsync.yaml").write_text(SPEC.replace("project: small\n", "project: small\nroot: ..\n"))
    (tmp_path / "flow.py").write_text(FLOW)
    (tmp_path / "rows.csv").write_text("x,y\n1,p\n2,n\n")
    return tmp_path


def test_a_model_of_another_spec_is_refused_and_the_owner_named(folder: Path) -> None:
    two = open_project(folder / "two/modelsync.yaml")
    state = state_of(two.spec, "one/modelsync.yaml")
    with pytest.raises(UsageError, match=r"model `m` belongs to one/modelsync\.yaml"):
        refuse_strangers(two, state)
    refuse_strangers(open_project(folder / "one/modelsync.yaml"), state)


def test_a_spec_that_is_gone_owns_nothing(folder: Path) -> None:
    two = open_project(folder / "two/modelsync.yaml")
    state = state_of(two.spec, "one/modelsync.yaml")
    with pytest.raises(UsageError):
        refuse_strangers(two, state)
    shutil.rmtree(folder / "one")
    refuse_strangers(two, state)


def test_a_dataset_is_shared_when_both_declare_it_alike(folder: Path) -> None:
    two = open_project(folder / "two/modelsync.yaml")
    state = state_of(two.spec, "one/modelsync.yaml")
    state.models.clear()
    state.live.clear()
    refuse_strangers(two, state)
    spec = folder / "two/modelsync.yaml"
    spec.write_text(spec.read_text().replace("x: {type: int}", "x: {type: float}"))
    with pytest.raises(UsageError, match="dataset `rows` belongs to one"):
        refuse_strangers(open_project(spec), state)
