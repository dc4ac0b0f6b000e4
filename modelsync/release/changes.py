"""What differs between two versions of a model, in the names that version rules use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a version, made or about to be made.

    `signature` is `{"inputs": [{"name", "type"}], "outputs": [...]}`; `datasets` and `code` map names to digests.
    None as `signature` or `metrics` means: not known yet.
    """

    params: Mapping[str, Any] = field(default_factory=dict)
    datasets: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    signature: Mapping[str, Any] | None = None
    metrics: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class ContractChanges:
    """The sentences that say how the contracts of the datasets changed."""

    breaking: Sequence[str] = ()
    extended: Sequence[str] = ()


def facts(
    base: Described,
    candidate: Described,
    contracts: ContractChanges,
    champion_metrics: Mapping[str, float] | None,
) -> dict[str, Any]:
    """The facts by the names of the language; what is not known yet is left out.

    `base` is the latest registered version on the branch. Without a champion no `champion.*` is there.
    """
    found: dict[str, Any] = {
        "contract.breaking": bool(contracts.breaking),
        "contract.extended": bool(contracts.extended),
        "data.changed": dict(base.datasets) != dict(candidate.datasets),
        "code.changed": dict(base.code) != dict(candidate.code),
        "params.changed": dict(base.params) != dict(candidate.params),
    }
    for name, value in candidate.params.items():
        found[f"params.{name}"] = value
        found[f"changed(params.{name})"] = name not in base.params or base.params[name] != value
    for name, digest in candidate.datasets.items():
        found[f"changed(datasets.{name})"] = base.datasets.get(name) != digest
    for section in ("params", "data", "code"):
        found[f"changed({section})"] = found[f"{section}.changed"]
    if candidate.signature is not None:
        found |= _signature_facts(base.signature or {}, candidate.signature)
    if candidate.metrics is not None:
        found |= {f"metrics.{name}": value for name, value in candidate.metrics.items()}
    if champion_metrics is not None:
        found |= {f"champion.metrics.{name}": value for name, value in champion_metrics.items()}
    return found


def signature_breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Why a caller of the old signature may not be served by the new one, one sentence each.

    An input that is gone or has another type breaks, and so does any change of the outputs. A new input does not: it
    is `features.added`, and a team whose callers can't send more asks for a major bump on that.
    """
    before, after = _types(old, "inputs"), _types(new, "inputs")
    gone = [f"input {name} is gone" for name in before if name not in after]
    retyped = [
        f"input {name} was {kind}, is {after[name]}"
        for name, kind in before.items()
        if name in after and after[name] != kind
    ]
    outputs = [] if old.get("outputs") == new.get("outputs") else ["the outputs changed"]
    return gone + retyped + (outputs if before else [])


def _signature_facts(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    before, after = _types(old, "inputs"), _types(new, "inputs")
    return {
        "signature.breaking": bool(signature_breaks(old, new)),
        "features.added": sorted(set(after) - set(before)),
        "features.removed": sorted(set(before) - set(after)),
    }


def _types(signature: Mapping[str, Any], side: str) -> dict[str, str]:
    return {column["name"]: column["type"] for column in signature.get(side, ())}
