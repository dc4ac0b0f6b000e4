"""`gate`: judged alone, looked at, replayed."""

from __future__ import annotations

import html
import json
from pathlib import Path

import click
import numpy as np
import pytest

from modelsync.cli import invoke
from modelsync.engine.workspace import Workspace

SPEC = """\
modelsync: 1
project: shop
datasets:
  before: {source: before.csv}
  now: {source: now.csv}
gates:
  moved:
    kind: drift
    target: datasets.now
    reference: datasets.before
    checks: [{test: ks, columns: all, max: 0.1}]
  complete: {kind: missing, target: datasets.now, severity: warning, checks: [{max_share: 0}]}
"""


class Shop:
    """A project of two tables, and what its command line says."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys

    def __call__(self, *words: str, exit: int = 0) -> str:
        self._capsys.readouterr()
        code = invoke(list(words))
        said = self._capsys.readouterr()
        assert code == exit, said.out + said.err
        return click.unstyle(said.out + said.err)

    def table(self, name: str, shift: float) -> None:
        draw = np.random.default_rng(7)
        lines = [f"{age:.3f},{fee:.3f}" for age, fee in draw.normal((40 + shift, 3), 1, (600, 2))]
        (self.root / name).write_text("\n".join(["age,fee", *lines, ""]), encoding="utf-8")


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "modelsync.yaml").write_text(SPEC, encoding="utf-8")
    found = Shop(tmp_path, capsys)
    found.table("before.csv", 0)
    found.table("now.csv", 1)
    return found


@pytest.fixture
def stored(shop: Shop) -> Shop:
    """The same with both tables stored as versions."""
    for name in ("before", "now"):
        shop("dataset", "add", f"{name}.csv")
    return shop


def test_what_is_not_there_yet_is_named(shop: Shop) -> None:
    said = shop("gate", "run", "moved", exit=2)
    assert "gate `moved` looks at what dataset: before makes, and that is not there: first version" in said
    assert "`modelsync dataset add` or `modelsync run` stores it" in said
    assert "did you mean `moved`?" in shop("gate", "run", "movd", exit=2)
    assert "gate `moved` was never judged" in shop("gate", "history", "moved", exit=2)
    assert "never judged" in shop("gate", "list")


def test_judged_alone_recorded_and_standing(stored: Shop) -> None:
    said = stored("gate", "run", "moved", exit=4)
    assert said.startswith("moved  fail\n  ks of age is 0.4")
    assert "ks.age" in said
    assert "ks.fee" in said
    again = stored("gate", "run", "moved", exit=4)
    assert "nothing changed since it was judged, so this verdict stands" in again
    [record] = Workspace(stored.root).state().gate_history
    assert (record.gate, record.run, set(record.verdict.data)) == ("moved", None, {"target", "reference"})
    assert "fail" in stored("gate", "list")
    assert "ks of age" in stored("gate", "history", "moved")
    assert "judged alone at" in stored("gate", "show", "moved")
    shown = json.loads(stored("gate", "show", "moved", "--format", "json"))
    assert shown["outcome"] == "fail"
    assert "was not judged in run 3" in stored("gate", "show", "moved", "--run", "3", exit=2)


def test_a_page_that_was_not_asked_for_is_no_reason_to_judge_again(stored: Shop) -> None:
    spec = stored.root / "modelsync.yaml"
    spec.write_text(SPEC.replace("    checks:", "    report: true\n    checks:"), encoding="utf-8")
    stored("gate", "run", "moved", exit=4)
    assert "this verdict stands" in stored("gate", "run", "moved", exit=4)
    assert len(Workspace(stored.root).state().gate_history) == 1


def test_a_table_of_ones_own_is_judged_and_not_recorded(stored: Shop) -> None:
    stored.table("mine.csv", 0)
    said = stored("gate", "run", "moved", "--data", "mine.csv")
    assert said.startswith("moved  pass")
    assert "not recorded" in said
    assert "pass" in stored("gate", "run", "moved", "--reference", "now@1.0.0")
    kept = Workspace(stored.root).state().profiles
    stored.table("far.csv", 9)
    assert "fail" in stored("gate", "run", "moved", "--data", "mine.csv", "--reference", "far.csv", exit=4)
    assert "pass" in stored("gate", "run", "moved", "--data", "mine.csv", "--reference", "mine.csv")
    assert Workspace(stored.root).state().profiles == kept, "of a table given by hand nothing is kept"
    assert Workspace(stored.root).state().gate_history == []
    assert "there is no file `nix.csv`" in stored("gate", "run", "moved", "--data", "nix.csv", exit=2)
    assert "compares with nothing" in stored("gate", "run", "complete", "--reference", "mine.csv", exit=2)
    assert not list((stored.root / ".modelsync/work").glob("*"))


def test_a_warning_that_fails_ends_well(stored: Shop) -> None:
    (stored.root / "gaps.csv").write_text("age,fee\n40,\n41,3\n", encoding="utf-8")
    assert stored("gate", "run", "complete", "--data", "gaps.csv").startswith("complete  fail (warning)")


def test_a_report_is_drawn_where_it_is_asked_for(stored: Shop) -> None:
    stored("gate", "run", "moved", "--report", "moved.html", exit=4)
    stored("gate", "run", "moved", "--report", "again.html", exit=4)
    assert "modelsync gate run moved --spec modelsync.yaml<" in (stored.root / "again.html").read_text(encoding="utf-8")
    stored.table("my table.csv", 0)
    stored("gate", "run", "moved", "--data", "my table.csv", "--report", "mine.html")
    assert "--data 'my table.csv'" in html.unescape((stored.root / "mine.html").read_text(encoding="utf-8"))
    assert len(Workspace(stored.root).state().gate_history) == 1


def test_other_limits_on_the_past(stored: Shop) -> None:
    stored("gate", "run", "moved", exit=4)
    assert stored("gate", "backtest", "moved") == "0 of 1 verdict would flip\n"
    said = stored("gate", "backtest", "moved", "--set", "ks.max=0.6")
    assert "fail  pass" in said.replace("     ", " ")
    assert said.endswith("1 of 1 verdict would flip\n")
    assert "has no check `pks`" in stored("gate", "backtest", "moved", "--set", "pks.max=1", exit=2)
    assert len(Workspace(stored.root).state().gate_history) == 1
