"""The specs that the benchmark grows are right, of whatever size."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from modelsync.api.specs import known
from modelsync.language.load import load

GROWN = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "large_specs.py"))


@pytest.mark.parametrize("steps", [10, 20, 60])
def test_a_grown_spec_is_right(tmp_path: Path, steps: int) -> None:
    loaded = load(GROWN["write_project"](tmp_path, steps), known())
    assert loaded.diagnostics == ()
    assert loaded.spec is not None
    assert len(loaded.spec.steps) == steps
    assert len(loaded.spec.gates) == steps // 4
    assert all(
        gate in {name for stage in loaded.spec.stages.values() for name in stage.gates} for gate in loaded.spec.gates
    )


def test_one_slip_in_a_grown_spec_is_told_once(tmp_path: Path) -> None:
    spec = GROWN["write_project"](tmp_path, 60)
    spec.write_text(
        spec.read_text().replace("right: pipelines.flow_2.prepare_2.table", "right: pipelines.flow_2.prepare_2.tabel")
    )
    (found,) = load(spec, known()).diagnostics
    assert found.help == "did you mean `pipelines.flow_2.prepare_2.table`?"
