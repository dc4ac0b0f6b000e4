"""Every good spec that is resolved is a spec that means the same, in each form in which it is printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelsync.api.specs import known
from modelsync.core.diagnostics import Severity
from modelsync.language.load import Loaded, load, load_text
from modelsync.language.normal import normal_form
from modelsync.language.resolved.fill import resolve
from modelsync.language.resolved.paper import plain, yaml, yaml_with_origins
from modelsync.language.resolved.unfilled import written
from modelsync.language.subject import Subject

ROOT = Path(__file__).parents[2]
OK = Path("specs/conformance/ok")
SPECS = [OK / path.name for path in sorted((ROOT / OK).glob("*.yaml"))] + [Path("specs/credit/modelsync.yaml")]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def subject_of(loaded: Loaded) -> Subject:
    """What was read without errors; that a param is used by nothing once it is put in is only a warning."""
    assert [found.message for found in loaded.diagnostics if found.severity is Severity.ERROR] == []
    assert loaded.subject is not None
    return loaded.subject


def meaning(subject: Subject) -> dict[str, Any]:
    """The normal form without the one trace of what was put in: `with` as it is written."""
    form = normal_form(subject.spec)
    for pipeline in form["pipelines"].values():
        for step in pipeline["steps"].values():
            step["written"] = None
    return form


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_is_printed_is_a_spec_that_means_the_same(spec: Path) -> None:
    names = known()
    subject = subject_of(load(spec, names))
    tree = resolve(subject)
    for text in (yaml(tree), yaml_with_origins(tree), json.dumps(plain(tree), ensure_ascii=False)):
        again = subject_of(load_text(spec, text.encode(), names))
        assert meaning(again) == meaning(subject)
    assert yaml(resolve(subject_of(load_text(spec, yaml(tree).encode(), names)))) == yaml(tree)
    merged = subject_of(load_text(spec, yaml(written(subject)).encode(), names))
    assert normal_form(merged.spec) == normal_form(subject.spec)
