"""A custom gate of a run: functions of files and of installed packages, and where what they print goes."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from modelsync.api.planning import make_plan
from modelsync.api.projects import open_project
from modelsync.core.errors import SpecError
from modelsync.core.verdict import Outcome
from modelsync.engine import gates
from modelsync.engine.context import Run
from modelsync.engine.results import Status
from modelsync.gates.judging import judge
from modelsync.plan import choices
from tests.unit.engine.conftest import Place

SPEC = """\
    contract: {columns: {x: {type: int, role: label}}}
gates:
  own: {kind: custom, target: datasets.rows, uses: validators/own.py:check, with: {least: 2}}
  brought: {kind: custom, target: datasets.rows, uses: acme_rows, with: {least: 2}, timeout: 60s}
"""
OWN = "def check(data, least: int) -> bool:\n    print('counting', len(data))\n    return len(data) >= least\n"
BROUGHT = """\
raise_on_import = 1 / int(__import__("os").environ["ACME"])

def few(data, label, *, least: int) -> dict:
    print("looking at", label)
    return {"value": len(data), "threshold": least, "direction": ">="}
"""


def _install(site: Path, version: str) -> None:
    for old in site.glob("*.dist-info"):
        shutil.rmtree(old)
    info = site / f"acme_checks-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: acme-checks\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("[modelsync.validators]\nacme_rows = acme_checks:few\n")
    (site / "acme_checks.py").write_text(BROUGHT)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path, here and in processes that are started, with a package in it."""
    folder = tmp_path / "site"
    _install(folder, "1.2.0")
    monkeypatch.syspath_prepend(str(folder))
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    monkeypatch.setenv("ACME", "0")  # it can't be imported: neither check nor plan may do so
    return folder


@pytest.fixture
def judging(place: Place, site: Path) -> Run:
    """A run whose dataset is there, and whose gates can be asked."""
    place.write("rows.csv", "x\n1\n2\n")
    place.write("validators/own.py", OWN)
    place.declare("rows.csv", SPEC)
    result = place.run()
    assert result.status is Status.DONE, result.detail
    place.last.record = replace(place.last.record, number=7)
    return place.last


def _key(place: Place, gate: str) -> str | None:
    project = open_project(place.root / "modelsync.yaml")
    world = make_plan(project)[1]
    known = {"datasets.rows": "c"}
    return choices.gate(project.spec.gates[gate], project.spec, known, world).key


def test_a_package_s_validator_judges(
    judging: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ACME", "1")
    verdict = judge(gates.ask(judging, judging.spec.gates["brought"], None))
    (check,) = verdict.checks
    assert (verdict.outcome, check.value, verdict.engine) == (Outcome.PASS, 2, "acme_rows"), verdict.reason
    assert verdict.params["printed"] == ["looking at x"]
    assert capfd.readouterr().out == "looking at x\n"  # which the task of a run logs
    assert (judging.workspace.logs / "run-7" / "brought.log").read_text() == "looking at x\n"


def test_one_that_can_not_be_imported_is_an_error(judging: Run) -> None:
    verdict = judge(gates.ask(judging, judging.spec.gates["brought"], None))
    assert verdict.outcome is Outcome.ERROR
    assert "the validator `acme_rows` (acme_checks:few) can't be imported: ZeroDivisionError" in verdict.reason


def test_another_version_of_the_package_is_another_question(judging: Run, place: Place, site: Path) -> None:
    before = {name: _key(place, name) for name in ("own", "brought")}
    assert before == {name: _key(place, name) for name in ("own", "brought")}
    _install(site, "1.3.0")
    after = {name: _key(place, name) for name in ("own", "brought")}
    assert after["own"] == before["own"]
    assert after["brought"] != before["brought"]


def test_a_package_that_is_gone_is_told_before_anything_runs(judging: Run, place: Place, site: Path) -> None:
    shutil.rmtree(site / "acme_checks-1.2.0.dist-info")
    with pytest.raises(SpecError) as info:
        open_project(place.root / "modelsync.yaml")
    (found,) = info.value.diagnostics
    assert (found.code, found.at.line) == ("MS401", 9)


def test_alone_it_prints_nothing(judging: Run, capfd: pytest.CaptureFixture[str]) -> None:
    judging.record = replace(judging.record, number=0)
    verdict = judge(gates.ask(judging, judging.spec.gates["own"], None))
    assert (verdict.outcome, verdict.params["printed"]) == (Outcome.PASS, ["counting 2"])
    assert capfd.readouterr().out == ""
    assert not judging.workspace.logs.exists()
