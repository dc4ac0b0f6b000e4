"""Decision tests: each kind of decision, right and wrong."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from modelsync.api.deciding import decide, found
from modelsync.cli import invoke
from modelsync.core.errors import UsageError

ROOT = Path(__file__).parents[3]

CREDIT = ROOT / "specs/credit/modelsync.yaml"


def _failures(folder: Path, case: str) -> list[str]:
    path = folder / "decisions.yaml"
    path.write_text(f"spec: {CREDIT}\ncases:\n  it: {case}\n", encoding="utf-8")
    tested = decide(path)
    assert tested.faults == ()
    [decided] = tested.decided
    return list(decided.failures)


@pytest.mark.parametrize(
    ("case", "failure"),
    [
        ("{metrics: {roc_auc: 0.8}, expect: {version: 0.1.0, bump: none}}", None),
        ("{expect: {version: 0.2.0}}", "version: expected 0.2.0, got 0.1.0: first version"),
        (
            "{base: {version: 1.0.0}, facts: {data.changed: true}, expect: {bump: minor}}",
            "bump: expected minor, got patch: patch when data.changed",
        ),
        ("{base: {version: 1.0.0}, params: {learner: forest}, expect: {bump: minor}}", None),
        ("{base: {version: 1.0.0, metrics: {x: 1}}, metrics: {x: 1}, expect: {bump: none, version: 1.0.0}}", None),
        ("{base: {version: 1.0.0}, facts: {signature.breaking: true}, expect: {version: 2.0.0}}", None),
        ("{gates: {fair: {accuracy.sex: 0.7}}, expect: {gates: {fair: pass}}}", "gate fair: expected pass, got fail"),
        ("{gates: {fair: {accuracy.sex: 0.7}}, expect: {gates: {fair: fail}}}", None),
        ("{metrics: {roc_auc: 0.7}, expect: {stages: {staging: allowed, production: held}}}", None),
        (
            "{gates: {fair: error}, expect: {stages: {staging: held, production: blocked}}}",
            "stage staging: expected held, got blocked: gate fair broke",
        ),
        ("{gates: {fair: {recall.sex: 0.7}}, expect: {gates: {fair: fail}}}", "gate `fair` has no check `recall.sex`"),
    ],
)
def test_decisions(tmp_path: Path, case: str, failure: str | None) -> None:
    said = _failures(tmp_path, case)
    assert [line[: len(failure or "")] for line in said] == ([] if failure is None else [failure])


def test_the_reference_project_decides_as_its_file_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["test", str(CREDIT.parent / "decisions.yaml")]) == 0
    assert "none failed" in capsys.readouterr().out


def test_the_command_tells_what_came_out_otherwise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(f"spec: {CREDIT}\ncases:\n  it is large: {{expect: {{version: 9.0.0}}}}\n", encoding="utf-8")
    assert invoke(["test", str(path)]) == 1
    said = click.unstyle(capsys.readouterr().out)
    assert "FAIL  it is large\n      version: expected 9.0.0, got 0.1.0: first version\n1 case, 1 failed" in said
    path.write_text("cases: {a: {expct: {}}}\n", encoding="utf-8")
    assert invoke(["test", str(path)]) == 3
    assert "did you mean `expect`?" in capsys.readouterr().err


def test_files_are_found_beside_the_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "modelsync.yaml").write_text("modelsync: 1\nproject: x\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no decision tests"):
        found(())
    for name in ("decisions.yaml", "bumps.decisions.yaml", "other.yaml"):
        (tmp_path / name).touch()
    assert [path.name for path in found(())] == ["decisions.yaml", "bumps.decisions.yaml"]
