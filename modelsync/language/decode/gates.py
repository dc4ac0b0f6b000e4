"""`gates:`: what is looked at, what is asked, and what follows when it can't be decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modelsync.core.checks import (
    DriftCheck,
    Expectation,
    FairnessCheck,
    PerformanceCheck,
    Slices,
    WhenAbsent,
)
from modelsync.core.verdict import GateSeverity
from modelsync.language.decode import checks, references
from modelsync.language.decode.context import AnyCheck, Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.model import CHAMPION, Code, Gate, Ref
from modelsync.language.nodes import Item, Mapping, Node, Scalar

_COMMON = ("kind", "target", "severity", "report")
_KEYS = {
    "quality": (*_COMMON, "checks"),
    "drift": (*_COMMON, "reference", "no_reference", "inconclusive", "checks"),
    "performance": (*_COMMON, "data", "no_reference", "inconclusive", "checks"),
    "fairness": (*_COMMON, "data", "slices", "inconclusive", "checks"),
    "custom": (*_COMMON, "uses", "data", "reference", "no_reference", "inconclusive", "with"),
}
_LATER_KINDS = ("stability",)
_LATER_KEYS = ("label", "positive", "freshness", "sequential", "owner", "description")
_DECODERS: dict[str, Callable[[Context, Node, str], AnyCheck | None]] = {
    "quality": checks.expectation,
    "drift": checks.drift,
    "performance": checks.performance,
    "fairness": checks.fairness,
}


def gate(context: Context, item: Item) -> Gate | None:
    """One gate, None when it has no usable kind or target."""
    name = item.key.text
    kind = _kind(context, item)
    if kind is None:
        return None
    body = fields(context, item.value, f"{kind} gate `{name}`", _KEYS[kind], _LATER_KEYS)
    assert body is not None  # it has a kind, so it is a mapping
    context.nodes["gates", name] = body.node
    target = _reference(body, "target", required=True)
    data = _reference(body, "data")
    found = _checks(body, kind, name)
    reference = _reference_or_champion(body, required=kind == "drift")
    slices = _slices(body) if kind == "fairness" else None
    uses = _uses(body) if kind == "custom" else None
    if target is None or (kind == "custom" and uses is None):
        return None
    return Gate(
        name=name,
        kind=kind,
        target=target,
        at=item.key.at,
        data=data,
        reference=reference,
        no_reference=WhenAbsent(body.choice("no_reference", list(WhenAbsent)) or WhenAbsent.FAIL),
        inconclusive=WhenAbsent(body.choice("inconclusive", list(WhenAbsent)) or WhenAbsent.HOLD),
        severity=GateSeverity(body.choice("severity", list(GateSeverity)) or GateSeverity.CRITICAL),
        report=body.boolean("report", default=False),
        slices=slices,
        uses=uses,
        arguments=body.values("with"),
        **found,
    )


def _kind(context: Context, item: Item) -> str | None:
    """The kind decides which keys are allowed, so it comes before everything else."""
    what = f"gate `{item.key.text}`"
    if not isinstance(item.value, Mapping):
        fields(context, item.value, what, ("kind",))
        return None
    return Fields(context, item.value, what).choice("kind", _KEYS, _LATER_KINDS, required=True)


def _reference(body: Fields, key: str, *, required: bool = False) -> Ref | None:
    node = body.node_of(key, required=required)
    return None if node is None else references.reference(body.context, node, f"`{key}` of {body.what}")


def _reference_or_champion(body: Fields, *, required: bool) -> Ref | str | None:
    node = body.node.get("reference")
    if node is None:
        if required:
            help = "add `reference: champion`, or a dataset or output to compare with"
            body.context.fault("MS102", body.node.at, f"{body.what} has no `reference`", help)
        return None
    if isinstance(node, Scalar) and node.text == CHAMPION:
        return CHAMPION
    return _reference(body, "reference")


def _checks(body: Fields, kind: str, name: str) -> dict[str, Any]:
    """The decoded checks under the field of their kind; each is remembered with its node for the rules."""
    if kind == "custom":
        return {}
    found: list[tuple[AnyCheck, Mapping]] = []
    for node in body.listed("checks", required=True):
        if (check := _DECODERS[kind](body.context, node, name)) is not None:
            found.append((check, checks.body_of(node)))
    body.context.checks[name] = found
    types: dict[str, type] = {
        "quality": Expectation,
        "drift": DriftCheck,
        "performance": PerformanceCheck,
        "fairness": FairnessCheck,
    }
    return {kind: tuple(check for check, _ in found if isinstance(check, types[kind]))}


def _slices(body: Fields) -> Slices | None:
    if body.node_of("slices", required=True) is None:
        return None
    section = body.section("slices", ("by", "min_rows"))
    if section is None:
        return None
    section.node_of("by", required=True)
    by = tuple(column for column, _ in section.texts("by"))
    return Slices(by, section.integer("min_rows", Slices(()).min_rows, 1))


def _uses(body: Fields) -> Code | None:
    node = body.node_of("uses", required=True)
    return None if node is None else references.code(body.context, node, f"`uses` of {body.what}")
