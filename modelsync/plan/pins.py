"""References to one version of a dataset: which there are in a spec, and which recorded version each names."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.errors import UsageError
from modelsync.core.version import Version
from modelsync.language.model import Ref, RefKind, Spec
from modelsync.registry.records import DatasetVersion
from modelsync.registry.state import State


def pins(spec: Spec, state: State) -> dict[str, DatasetVersion]:
    """The version behind each `datasets.x@1.2.0` by its text; UsageError, with those that exist, when there is none."""
    return {str(ref): _version(ref, state) for ref in _references(spec) if ref.version}


def _references(spec: Spec) -> Iterator[Ref]:
    for step in spec.steps:
        yield from step.inputs.values()
    for gate in spec.gates.values():
        found = (gate.target, gate.data, gate.reference)
        yield from (ref for ref in found if isinstance(ref, Ref) and ref.kind is RefKind.DATASET)


def _version(ref: Ref, state: State) -> DatasetVersion:
    name = ref.path[0]
    kept = state.dataset(name, Version.parse(ref.version))
    if kept is None:
        known = ", ".join(str(version.version) for version in state.datasets.get(name, ())) or "none yet"
        place = f"{ref.at.file}:{ref.at.line}:{ref.at.col}"
        raise UsageError(f"{place}: dataset `{name}` has no version {ref.version}", help=f"versions: {known}")
    return kept
