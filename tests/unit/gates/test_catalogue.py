"""The names a spec may use are those that the gates and the installed libraries know."""

from __future__ import annotations

import json

from modelsync.gates import catalogue
from modelsync.gates.metrics import metric
from modelsync.language.decode import model_checks


def test_the_table_of_expectations_is_current() -> None:
    """After an update of the library: write `catalogue.generate()` to expectations.json."""
    kept = json.loads(catalogue.EXPECTATIONS_FILE.read_text(encoding="utf-8"))
    assert kept == catalogue.generate()


def test_shapes() -> None:
    shapes = catalogue.expectation_shapes()
    assert len(shapes) == 59
    arguments, required = shapes["expect_column_values_to_be_between"]
    assert {"column", "min_value", "max_value", "mostly", "strict_min"} <= set(arguments)
    assert required == ("column",)
    assert "meta" not in arguments
    assert "severity" not in arguments


def test_every_metric_of_the_catalogue_exists() -> None:
    for name in catalogue.METRICS:
        assert metric(name).name in catalogue.METRICS
    assert set(catalogue.OTHER_NAMES.values()) <= set(catalogue.METRICS)


def test_a_spec_may_name_the_methods_that_the_gates_have() -> None:
    """The two rooms stand on one floor and do not know each other."""
    assert catalogue.METHODS == model_checks.METHODS
    assert catalogue.CHAMPION_METHODS == model_checks.CHAMPION_METHODS
