"""A critical gate can't wait for what it keeps waiting."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.errors import SpecError
from modelsync.language.model import Spec
from tests.unit.plan.conftest import SPEC, load_spec  # noqa: F401 - a fixture

ODD = """gates:
  odd:
    kind: drift
    target: datasets.rows
    reference: pipelines.train.clean.table
    checks: [{test: psi, columns: all, max: 0.2}]
"""


def codes(load: Callable[..., Spec], text: str) -> list[str]:
    try:
        load(text=text)
    except SpecError as error:
        return [found.code for found in error.diagnostics]
    return []


def test_a_gate_on_data_compared_with_what_is_made_from_it(load_spec: Callable[..., Spec]) -> None:  # noqa: F811
    assert codes(load_spec, SPEC.replace("gates:\n", ODD)) == ["MS209"]


def test_by_way_of_another_gate(load_spec: Callable[..., Spec]) -> None:  # noqa: F811
    wash = "run: flow.py:clean\n        inputs: {data: datasets.others}\n        outputs: {table: table}\n"
    text = SPEC.replace("  rows:\n", "  others: {source: rows.csv}\n  rows:\n", 1)
    text = text.replace("    steps:\n", f"    steps:\n      wash:\n        {wash}", 1)
    first = ODD.replace("clean.table", "wash.table")
    assert codes(load_spec, text.replace("gates:\n", first)) == []
    second = "  even:\n    kind: drift\n    target: datasets.others\n    reference: pipelines.train.clean.table\n"
    both = f"{first}{second}    checks: [{{test: psi, columns: all, max: 0.2}}]\n"
    assert codes(load_spec, text.replace("gates:\n", both)) == ["MS209", "MS209"]


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_a_gate_that_blocks_nobody_may_wait_for_anything(load_spec: Callable[..., Spec], severity: str) -> None:  # noqa: F811
    mild = ODD.replace("    kind: drift\n", f"    kind: drift\n    severity: {severity}\n")
    assert codes(load_spec, SPEC.replace("gates:\n", mild)) == []
