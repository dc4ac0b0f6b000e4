"""Profiles: made once, kept as a fact, and enough without the table."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.checks import Report
from modelsync.core.digest import Digest, of_bytes
from modelsync.core.errors import DamageError
from modelsync.engine import profiles
from modelsync.engine.context import Run
from modelsync.engine.workspace import Workspace
from tests.unit.engine.conftest import Place

COLUMNS = {"age": {"type": "int"}, "plan": {"type": "category"}}
SPEC = """\
gates:
  moved: {kind: drift, target: datasets.rows, reference: datasets.rows, checks: [{test: psi, max: 0.2}]}
"""


@pytest.fixture
def run(place: Place) -> Run:
    place.write("rows.csv", "age,plan\n" + "".join(f"{at % 70},{'abc'[at % 3]}\n" for at in range(500)))
    place.declare("rows.csv")
    place.run()
    return place.last


def _again(run: Run, workspace: Workspace) -> Run:
    """Another run, which knows what is recorded in that place."""
    world = replace(run.world, state=workspace.state())
    return Run(run.spec, run.plan, world, workspace, run.record, print)


def _table(run: Run) -> Artifact:
    return run.artifacts["datasets.rows"]


def test_made_once_and_taken_ever_after(run: Run) -> None:
    made = profiles.of(run, _table(run), COLUMNS)
    assert (made.rows, sorted(made.columns)) == (500, ["age", "plan"])
    state = run.workspace.state()
    [kept] = state.profiles.values()
    assert kept.table == _table(run).digest
    again = profiles.of(_again(run, run.workspace), _table(run), COLUMNS)
    assert again.to_json() == made.to_json()
    assert run.workspace.state().seq == state.seq


def test_another_contract_reads_the_table_in_another_way(run: Run) -> None:
    profiles.of(run, _table(run), COLUMNS)
    profiles.of(_again(run, run.workspace), _table(run), {**COLUMNS, "age": {"type": "category"}})
    assert len(run.workspace.state().profiles) == 2


def test_the_table_need_not_be_there_any_more(run: Run, tmp_path: Path) -> None:
    made = profiles.of(run, _table(run), COLUMNS)
    [kept] = run.workspace.state().profiles.values()
    elsewhere = Workspace(tmp_path / "elsewhere")
    elsewhere.store.put_bytes(run.workspace.store.read_bytes(Digest(kept.profile)))
    for file in run.workspace.home.glob("registry.db*"):  # the log belongs to it
        shutil.copy(file, elsewhere.home)
    assert not elsewhere.store.has(_table(run).digest)
    assert profiles.of(_again(run, elsewhere), _table(run), COLUMNS).to_json() == made.to_json()
    with pytest.raises(DamageError):  # another contract needs the table itself
        profiles.of(_again(run, elsewhere), _table(run), {"age": {"type": "float"}})


def test_a_profile_of_another_form_is_made_anew(run: Run) -> None:
    odd = run.workspace.store.put_bytes(b'{"version": 0}')
    made = profiles.of(run, _table(run), COLUMNS)
    again = _again(run, run.workspace)
    [key] = again.world.state.profiles
    again.world.state.profiles[key] = replace(again.world.state.profiles[key], profile=str(odd.digest))
    assert profiles.of(again, _table(run), COLUMNS).to_json() == made.to_json()


def test_what_takes_a_profile(place: Place) -> None:
    place.write("rows.csv", "age\n1\n")
    place.declare("rows.csv", SPEC)
    place.run()
    run = place.last
    gate, table = run.spec.gates["moved"], _table(run)
    assert profiles.takes(run, gate, table, COLUMNS)
    assert profiles.takes(run, replace(gate, kind="target_drift"), table, COLUMNS)
    assert not profiles.takes(run, replace(gate, kind="prediction_drift"), table, COLUMNS)
    assert not profiles.takes(run, replace(gate, report=Report.EVIDENTLY), table, COLUMNS)
    assert not profiles.takes(run, gate, replace(table, type=OutputType.FILE), COLUMNS)
    assert not profiles.takes(run, gate, replace(table, digest=of_bytes(b"given by hand")), COLUMNS)
