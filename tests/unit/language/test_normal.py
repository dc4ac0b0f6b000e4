"""The meaning of a spec without its writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.digest import of_value
from modelsync.language.known import Known
from modelsync.language.load import Loaded, load
from modelsync.language.normal import normal_form


def meaning(loaded: Loaded) -> str:
    assert loaded.spec is not None
    return of_value(normal_form(loaded.spec))


def test_writing_does_not_change_the_meaning(spoilt: Callable[..., Loaded]) -> None:
    base = meaning(spoilt())
    assert meaning(spoilt("# Every key", "# Another comment\n\n# Every key")) == base
    assert meaning(spoilt("tags: [training, v1]", 'tags:\n      - "training"\n      - v1')) == base
    assert meaning(spoilt("after: [steps.split]", "after: split")) == base
    assert meaning(spoilt("timeout: 1h30m", "timeout: 90m")) == base
    assert meaning(spoilt("metrics.roc_auc >= 0.82 and", "metrics.roc_auc  >=  0.82 and")) == base


def test_meaning_does(spoilt: Callable[..., Loaded]) -> None:
    base = meaning(spoilt())
    assert meaning(spoilt("timeout: 1h30m", "timeout: 91m")) != base
    assert meaning(spoilt("metrics.roc_auc >= 0.82", "metrics.roc_auc >= 0.83")) != base
    assert meaning(spoilt(overrides={"learner": "logistic"})) != base
    assert meaning(spoilt("severity: info", "severity: warning")) != base


def test_it_is_plain_and_knows_no_machine(spoilt: Callable[..., Loaded], project: Path) -> None:
    spec = spoilt().spec
    assert spec is not None
    text = json.dumps(normal_form(spec), allow_nan=False)
    assert str(project) not in text
    found = json.loads(text)
    assert found["modelsync"] == 1
    assert found["datasets"]["customers"]["path"] == "data/customers.csv"
    assert found["pipelines"]["train"]["steps"]["fit"]["inputs"] == {"train": "pipelines.train.features.train"}
    assert list(found["stages"]) == ["development", "staging", "production"]


def test_it_does_not_matter_from_where_a_spec_is_read_nor_in_how_many_files_it_lies(
    spoilt: Callable[..., Loaded], project: Path, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = meaning(spoilt())
    monkeypatch.chdir(project)
    assert meaning(load(Path("modelsync.yaml"), known)) == base
    whole = (project / "modelsync.yaml").read_text()
    head, _, engine = whole.partition("engine:")
    (project / "team.yaml").write_text(f"engine:{engine}")
    (project / "modelsync.yaml").write_text(head.replace("root: .", "root: .\ninclude: team.yaml"))
    assert meaning(load(Path("modelsync.yaml"), known)) == base
