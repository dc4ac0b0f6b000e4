"""What the language must be told about the other rooms, as values, so that it imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from modelsync.core.records import record
from modelsync.core.signature import Signature, SignatureFault


@record
class ExpectationShape:
    """The keyword arguments of one expectation, and those that must be given."""

    arguments: tuple[str, ...]
    required: tuple[str, ...] = ()


@record
class Known:
    """The names that exist outside the spec.

    `builtins` is keyed as `uses` writes it, `builtin/split`. `signature` reads the syntax tree of a Python file
    and never runs it. `validator` is asked for the name of a validator that an installed package should bring, and only
    where a spec names one: a fault when none does, None when its source is not there to be read.
    """

    expectations: Mapping[str, ExpectationShape]
    drift_tests: Collection[str]
    metrics: Collection[str]
    fairness_metrics: Collection[str]
    builtins: Mapping[str, Signature]
    signature: Callable[[Path, str], Signature | SignatureFault]
    validator: Callable[[str], Signature | SignatureFault | None]
