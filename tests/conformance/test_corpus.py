"""Every spec of the corpus says what its golden file says; MODELSYNC_GOLDEN=write writes the golden files anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from modelsync.api.specs import known
from modelsync.cli.faces.text import render
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.catalogue import CATALOGUE
from modelsync.language.load import load

ROOT = Path(__file__).parents[2]
CORPUS = Path("specs/conformance")
WRONG = sorted((ROOT / CORPUS / "err").glob("*.yaml"))
RIGHT = sorted((ROOT / CORPUS / "ok").glob("*.yaml"))
NOT_OF_A_FILE = {
    "MS110": "told by `plan` and `run`, of a spec that is right",
    "MS112": "told of what the command line or the environment gives",
}
SEEDED = {
    (5, 38, "MS104"),
    (6, 59, "MS104"),
    (9, 5, "MS101"),
    (17, 54, "MS103"),
    (28, 25, "MS201"),
    (29, 30, "MS206"),
    (32, 14, "MS401"),
    (33, 25, "MS201"),
    (35, 18, "MS106"),
    (41, 55, "MS503"),
    (47, 35, "MS506"),
    (53, 49, "MS302"),
    (55, 21, "MS208"),
}


def _findings(name: str) -> tuple[Diagnostic, ...]:
    return load(CORPUS / "err" / name, known()).diagnostics


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)  # places are shown from where the person stands


@pytest.mark.parametrize("spec", WRONG, ids=lambda spec: spec.stem)
def test_what_is_wrong_is_said_as_the_golden_file_says_it(spec: Path) -> None:
    found = _findings(spec.name)
    files = {place.file for each in found for place in (each.at, *(other.at for other in each.related))}
    said = render(found, {file: file.read_text(encoding="utf-8-sig", errors="replace") for file in files}, colour=False)
    golden = spec.with_suffix(".out")
    if os.environ.get("MODELSYNC_GOLDEN") == "write":
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")
    if code := re.match(r"MS\d{3}", spec.stem):
        assert code.group() in {each.code for each in found}


@pytest.mark.parametrize("spec", RIGHT, ids=lambda spec: spec.stem)
def test_what_is_right_is_loaded_without_a_word(spec: Path) -> None:
    loaded = load(spec, known())
    assert loaded.diagnostics == ()
    assert loaded.spec is not None


def test_every_code_has_a_golden_pair() -> None:
    shown = {spec.stem[:5] for spec in WRONG}
    assert set(CATALOGUE) - set(NOT_OF_A_FILE) <= shown
    assert not set(NOT_OF_A_FILE) & shown


def test_many_faults_are_found_in_one_pass_each_at_its_place() -> None:
    found = _findings("ten_faults.yaml")
    assert {(each.at.line, each.at.col, each.code) for each in found} == SEEDED
    assert len(found) == len(SEEDED)
