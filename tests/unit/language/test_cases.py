"""Files of decision tests, read or told what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.core.errors import UsageError
from modelsync.language.cases import Cases, load_cases, misnamed
from modelsync.language.known import Known
from modelsync.language.load import load_text

SPEC = """\
modelsync: 1
project: x
datasets: {rows: {source: a.csv}}
gates:
  drifted: {kind: drift, target: datasets.rows, reference: datasets.rows, checks: [{test: psi, max: 0.2}]}
"""


def _read(folder: Path, text: str) -> Cases:
    path = folder / "decisions.yaml"
    path.write_text(text, encoding="utf-8")
    return load_cases(path)


def test_the_spec_beside_is_meant_unless_another_is_named(tmp_path: Path) -> None:
    found = _read(tmp_path, "cases: {a: {expect: {bump: none}}}\n")
    assert (found.faults, found.spec) == ((), tmp_path / "modelsync.yaml")
    assert _read(tmp_path, "spec: x/y.yaml\ncases: {a: {expect: {bump: none}}}\n").spec == tmp_path / "x/y.yaml"


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("cases: {a: {expct: {bump: none}}}", (1, 13), "MS101"),
        ("cases: {}", (1, 8), "MS104"),
        ("cases: {a: {metrics: {x: y}, expect: {bump: none}}}", (1, 26), "MS103"),
        ("cases: {a: {expect: {bump: big}}}", (1, 28), "MS105"),
        ("cases: {a: {expect: {}}}", (1, 21), "MS102"),
        ("cases: {a: [", (1, 1), "MS001"),
    ],
)
def test_faults_have_places(tmp_path: Path, text: str, place: tuple[int, int], code: str) -> None:
    found = _read(tmp_path, f"{text}\n")
    assert [(each.code, each.at.line, each.at.col) for each in found.faults][:1] == [(code, *place)]


def test_names_that_the_spec_does_not_have(tmp_path: Path, known: Known) -> None:
    (tmp_path / "a.csv").touch()
    spec = load_text(tmp_path / "modelsync.yaml", SPEC.encode(), known).spec
    assert spec is not None
    found = _read(tmp_path, "cases:\n  a: {gates: {drifte: pass}, expect: {gates: {drifted: pass}}}\n")
    [fault] = misnamed(found, spec)
    assert (fault.at.line, fault.help) == (2, "did you mean `drifted`?")
    assert fault.fix is None


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        load_cases(tmp_path / "nothing.yaml")
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00")
    assert load_cases(tmp_path / "odd.yaml").faults
