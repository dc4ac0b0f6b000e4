"""Every good spec has the plan of its golden file, however it is laid out; MODELSYNC_GOLDEN=write writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from modelsync.api.checking import check
from modelsync.api.mending import put_in
from modelsync.api.specs import known
from modelsync.language.layout.formatting import layout
from modelsync.language.load import Loaded, load, load_text
from modelsync.language.normal import normal_form
from modelsync.language.text.source import Source
from modelsync.plan.drawing.picture import graph
from modelsync.plan.drawing.text import draw

ROOT = Path(__file__).parents[2]
OK = Path("specs/conformance/ok")
SPECS = [OK / path.name for path in sorted((ROOT / OK).glob("*.yaml"))]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def plan_of(loaded: Loaded) -> str:
    """What a first run does, in its order; nothing of it depends on the machine."""
    assert loaded.spec is not None, [found.message for found in loaded.diagnostics]
    return draw(graph(loaded.spec))


def meaning_of(loaded: Loaded) -> dict[str, object]:
    assert loaded.spec is not None
    return normal_form(loaded.spec)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_good_spec_has_the_plan_of_its_golden_file(spec: Path) -> None:
    plan = plan_of(load(spec, known()))
    golden = spec.with_suffix(".plan")
    if os.environ.get("MODELSYNC_GOLDEN") == "write":
        golden.write_text(plan, encoding="utf-8")
    assert golden.is_file(), "MODELSYNC_GOLDEN=write writes it; read it before you keep it"
    assert plan == golden.read_text(encoding="utf-8")


def test_no_golden_file_is_left_without_its_spec() -> None:
    assert {path.stem for path in OK.glob("*.plan")} == {spec.stem for spec in SPECS}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_fmt_changes_neither_plan_nor_meaning_and_is_done_after_once(spec: Path) -> None:
    text = spec.read_text(encoding="utf-8-sig")
    before = load(spec, known())
    laid_out = layout(Source(spec, text))
    after = load_text(spec, laid_out.encode(), known())
    assert plan_of(after) == plan_of(before)
    assert meaning_of(after) == meaning_of(before)
    assert layout(Source(spec, laid_out)) == laid_out


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_check_mends_changes_neither_plan_nor_meaning(spec: Path) -> None:
    (checked,) = check([spec])
    mends = [found.fix for found in checked.diagnostics if found.fix is not None and found.fix.at.file == spec]
    text, _ = put_in(spec.read_text(encoding="utf-8"), mends)
    before, after = load(spec, known()), load_text(spec, text.encode(), known())
    assert plan_of(after) == plan_of(before)
    assert meaning_of(after) == meaning_of(before)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_plan_of_a_spec_is_the_same_each_time_and_names_no_machine(spec: Path) -> None:
    plan = plan_of(load(spec, known()))
    assert plan == plan_of(load(spec.resolve(), known()))
    assert str(ROOT) not in plan
