"""From a file to a spec: what is loaded, what is refused, and what loading costs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelsync.core.diagnostics import Severity
from modelsync.core.errors import UsageError
from modelsync.language.known import Known
from modelsync.language.load import Loaded, load

HEAVY = (
    "prefect",
    "mlflow",
    "pandas",
    "numpy",
    "great_expectations",
    "evidently",
    "scipy",
    "sklearn",
    "rich",
    "pydantic",
)


def test_a_good_spec_is_loaded_without_a_word(spoilt: Callable[..., Loaded], project: Path) -> None:
    loaded = spoilt()
    assert loaded.diagnostics == ()
    assert loaded.spec is not None
    assert loaded.spec.path == project / "modelsync.yaml"
    assert loaded.spec.project == "churn-model"
    assert loaded.spec.concurrency == 2
    assert [step.id for step in loaded.spec.steps] == ["train.split", "train.features", "train.fit", "report.evaluate"]


def test_the_smallest_spec(load_text: Callable[..., Loaded]) -> None:
    spec = load_text("modelsync: 1\nproject: x\n").spec
    assert spec is not None
    assert (spec.steps, spec.concurrency) == ((), 4)


def test_findings_are_sorted_by_place_and_told_once(said: Callable[..., list[str]]) -> None:
    text = """modelsync: 1
project: x
pipelines:
  a:
    steps:
      one: &step {run: "flows/churn.py:fit", inputs: {train: datasets.zzz}, outputs: {m: model}}
      two: *step
zzz: 1
"""
    assert said(text) == ["MS201 datasets.zzz", "MS101 zzz"]


def test_warnings_wait_until_the_errors_are_gone(said: Callable[..., list[str]]) -> None:
    head = "modelsync: 1\nproject: x\ndatasets:\n  a: {source: data/customers.csv}\n"
    assert said(head) == ["MS207 a"]
    assert said(head + "zzz: 1\n") == ["MS101 zzz"]


def test_a_spec_that_is_not_there_names_the_nearest(project: Path, known: Known) -> None:
    (project / "specs/churn").mkdir(parents=True)
    (project / "specs/churn/modelsync.yaml").touch()
    with pytest.raises(UsageError) as caught:
        load(project / "specs/chrun/modelsync.yaml", known)
    assert caught.value.help == f"did you mean `{project}/specs/churn/modelsync.yaml`?"


def test_a_folder_is_no_spec(project: Path, known: Known) -> None:
    (project / "other.yaml").touch()
    with pytest.raises(UsageError) as caught:
        load(project, known)
    assert "is a folder" in caught.value.message
    assert str(project / "other.yaml") in caught.value.help


def test_where_there_is_no_spec_at_all_init_is_offered(tmp_path: Path, known: Known) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path / "nowhere/modelsync.yaml", known)
    assert "modelsync init" in caught.value.help


def test_a_path_that_can_not_be_opened_is_a_usage_error(tmp_path: Path, known: Known) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        load(tmp_path / ("x" * 300), known)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a: \x00", b"x" * 300_000, b"", b"[" * 5000])
def test_hostile_bytes_are_one_finding(said: Callable[..., list[str]], data: bytes) -> None:
    assert len(said(data)) == 1


PIECES = ["", "x", "[", "]", "{", "}", ":", "-", "'", '"', "&a ", "*a", "!t ", "null", "9", "1e999", "\n", "  ", "${{ "]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES)), min_size=1, max_size=4))
def test_a_mutated_spec_never_raises(
    load_text: Callable[..., Loaded], good: str, mutations: list[tuple[float, int, str]]
) -> None:
    text = good
    for place, length, piece in mutations:
        start = int(place * len(text))
        text = text[:start] + piece + text[start + length :]
    _sound(load_text(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spec_with_lines_lost_or_swapped_never_raises(
    load_text: Callable[..., Loaded], good: str, data: st.DataObject
) -> None:
    lines = good.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        one, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines[one], lines[other] = lines[other], data.draw(st.sampled_from([lines[one], "", "      - x", "a: b"]))
    _sound(load_text("\n".join(lines)))


def _sound(loaded: Loaded) -> None:
    errors = [each for each in loaded.diagnostics if each.severity is Severity.ERROR]
    assert (loaded.spec is None) == bool(errors)
    assert all(each.at.line >= 1 and each.at.col >= 1 and each.message for each in loaded.diagnostics)


def test_loading_imports_no_heavy_library() -> None:
    code = f"import sys, modelsync.language.load; print(*(set({HEAVY!r}) & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""
