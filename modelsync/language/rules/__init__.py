"""What must hold between the parts of a spec: one rule, one file, one code, and this table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.language.rules import (
    bare_names,
    builtins,
    champions,
    code_exists,
    columns,
    conditions,
    cycles,
    drift_tests,
    expectation_arguments,
    expectations,
    extra_arguments,
    gate_circles,
    gate_data,
    metrics,
    missing_arguments,
    no_reference,
    reference_types,
    references,
    sources,
    stage_order,
    unlisted_gates,
    unused,
)
from modelsync.language.subject import Subject

Rule = Callable[[Subject], Iterator[Diagnostic]]

RULES: dict[str, Rule] = {
    references.CODE: references.check,
    reference_types.CODE: reference_types.check,
    cycles.CODE: cycles.check,
    sources.CODE: sources.check,
    gate_circles.CODE: gate_circles.check,
    unused.CODE: unused.check,
    bare_names.CODE: bare_names.check,
    conditions.CODE: conditions.check,
    code_exists.CODE: code_exists.check,
    missing_arguments.CODE: missing_arguments.check,
    extra_arguments.CODE: extra_arguments.check,
    builtins.CODE: builtins.check,
    expectations.CODE: expectations.check,
    expectation_arguments.CODE: expectation_arguments.check,
    columns.CODE: columns.check,
    drift_tests.CODE: drift_tests.check,
    metrics.CODE: metrics.check,
    no_reference.CODE: no_reference.check,
    gate_data.CODE: gate_data.check,
    champions.CODE: champions.check,
    stage_order.CODE: stage_order.check,
    unlisted_gates.CODE: unlisted_gates.check,
}
