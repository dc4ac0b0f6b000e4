"""`gates:`: what is looked at, what is asked, and what follows when it can't be decided."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from modelsync.core.artifacts import OutputType
from modelsync.core.checks import ChampionCheck, Label, Report, Slices, WhenAbsent
from modelsync.core.verdict import GateSeverity
from modelsync.language.decode import checks, ranges
from modelsync.language.decode.body import Body
from modelsync.language.model import CHAMPION, Gate
from modelsync.language.shapes import (
    Anything,
    Choice,
    Duration,
    Fields,
    Flag,
    Key,
    Kinds,
    Many,
    Named,
    Number,
    Plain,
    Reference,
    Text,
    Validator,
)
from modelsync.language.text import nodes

_TABLE = (OutputType.TABLE,)
_DATA = Reference(("datasets", "outputs"), _TABLE)
_MODEL = Reference(("models",))
_WITH_CHAMPION = Reference(("datasets", "outputs"), _TABLE, (CHAMPION,))
_TARGETS = {
    "quality": _DATA,
    "missing": _DATA,
    "outliers": _DATA,
    "freshness": _DATA,
    "drift": _DATA,
    "target_drift": _DATA,
    "prediction_drift": _MODEL,
    "performance": _MODEL,
    "champion": _MODEL,
    "stability": _MODEL,
    "calibration": _MODEL,
    "residuals": _MODEL,
    "fairness": _MODEL,
    "custom": Reference(("datasets", "outputs", "models")),
}
_REPORTS = ("evidently",)  # drawn by others beside our own page


def _gate(kind: str) -> Any:
    def build(body: Body) -> Gate | None:
        return _built(body, kind)

    return build


def _built(body: Body, kind: str) -> Gate | None:
    context = body.context
    context.nodes["gates", body.name] = body.node
    asked = body.get("checks", ())
    found = [*(chain.from_iterable(asked) if kind == "quality" else asked), *_guardrails(body)]
    context.checks[body.name] = found
    target = body.get("target")
    if target is None or (kind == "custom" and body.get("uses") is None):
        return None
    plain = Gate("", kind, target, body.at)
    return Gate(
        name=body.name,
        kind=kind,
        target=target,
        at=body.at,
        data=body.get("data"),
        reference=body.get("reference"),
        no_reference=WhenAbsent(body.get("no_reference", plain.no_reference)),
        inconclusive=WhenAbsent(body.get("inconclusive", plain.inconclusive)),
        severity=GateSeverity(body.get("severity", plain.severity)),
        report=Report(str(body.get("report", plain.report)).lower()),
        slices=body.get("slices"),
        uses=body.get("uses"),
        arguments=body.get("with", {}),
        timeout=body.get("timeout"),
        label=_label(body),
        description=body.get("description", ""),
        checks=tuple(check for check, _ in found),
    )


def _guardrails(body: Body) -> Iterator[tuple[ChampionCheck, nodes.Mapping]]:
    """What must not become worse, each with a node that has its metric where a check has it."""
    margins, node = body.get("guardrails", {}), body.node.get("guardrails")
    if not margins:
        return
    asked = {ranges.short(check.metric): "checks" for check, _ in body.get("checks", ())}
    for item in node.items if isinstance(node, nodes.Mapping) else ():
        metric, margin = item.key.text, margins.get(item.key.text)
        if margin is None:
            continue  # told already
        where = asked.setdefault(ranges.short(metric), metric)
        own = nodes.Mapping((nodes.Item(nodes.Scalar("metric", "metric", "", item.key.at), item.key),), item.key.at)
        if where != metric:
            said = "is one of its `checks`" if where == "checks" else f"is `{where}`, which is a guardrail"
            message = f"guardrail `{metric}` of {body.what} {said} already"
            body.fault("MS109", item.key.at, message, "keep one")
        ranges.apart(body.context, metric, margin, item.value, f"guardrail `{metric}` of {body.what}")
        yield ChampionCheck(metric, "guardrail", margin), own


def _label(body: Body) -> Label | None:
    column, positive = body.get("label"), body.get("positive")
    body.only_with(("positive",), body.has("label"), "only goes with `label`", "name the column: `label: column`")
    return None if column is None else Label(column, positive)


def _slices(body: Body) -> Slices:
    return Slices(body.get("by", ()), body.get("min_rows", Slices(()).min_rows))


SLICES = Fields(
    {
        "by": Key(Many(Plain(), one=True), "The columns whose values are the groups.", required=True, example="[plan]"),
        "min_rows": Key(Number(1, whole=True, unit="rows"), "Groups with fewer rows are not judged.", default=50),
    },
    _slices,
)


def _keys(kind: str) -> dict[str, Key]:
    """The keys of one kind of gate, in the order people write them."""
    on_model = _TARGETS[kind] is _MODEL or kind == "custom"
    keys = {
        "kind": Key(Choice(tuple(_TARGETS)), "What it looks at.", required=True),
        "description": Key(Text(), "What it protects, for people."),
        "target": Key(_TARGETS[kind], "What is judged: it runs as soon as this exists.", required=True),
    }
    if on_model:
        keys["data"] = Key(_DATA, "The table the model is judged on.")
    if kind in _DRIFTS:
        keys["reference"] = Key(_WITH_CHAMPION, "What it is compared with.", required=True, example="champion")
    if kind == "outliers":
        keys["reference"] = Key(_WITH_CHAMPION, "Whose spread says what lies out; without it, its own.")
    if kind == "custom":
        keys |= _of_a_function()
    if on_model or kind == "target_drift":
        keys["label"] = Key(Plain(), "The column that is the truth, when the contract does not say it.")
        keys["positive"] = Key(Anything(), "The value of the label that counts as positive.")
    if "reference" in keys or kind in ("performance", "champion"):
        keys["no_reference"] = Key(Choice(tuple(WhenAbsent)), "What holds while there is nothing to compare with.")
    if kind != "quality":
        keys["inconclusive"] = Key(Choice(tuple(WhenAbsent)), "What holds when it can't be decided.", default="hold")
    if kind == "fairness":
        keys["slices"] = Key(SLICES, "The groups that are compared.", required=True, example="{by: [plan]}")
    if kind == "performance":
        keys["slices"] = Key(SLICES, "Groups of rows in which the bounds must hold as well.")
    if kind in checks.SHAPES:
        keys["checks"] = Key(Many(checks.SHAPES[kind], "a check", least=1), "What is asked.", required=True)
    if kind == "champion":
        margins = Named(Number(0), "guardrail", key="any", within=True)
        keys["guardrails"] = Key(margins, "Metrics that must not be worse by more than this, as measured.")
    severity = "critical blocks what follows; warning and info are recorded."
    keys["severity"] = Key(Choice(tuple(GateSeverity)), severity, default="critical")
    reports = (*_REPORTS, *(("data_docs",) if kind == "quality" else ()))
    keys["report"] = Key(
        Flag(reports), "Whether a page is drawn beside the verdict, and who draws another.", default=False
    )
    return keys


def _of_a_function() -> dict[str, Key]:
    """What a gate says of the function that judges."""
    return {
        "uses": Key(
            Validator(),
            "Your function, `validators/file.py:function`, or the name of one that an installed package brings.",
            required=True,
            example="validators/file.py:check",
        ),
        "reference": Key(_WITH_CHAMPION, "What it is compared with."),
        "with": Key(Named(Anything(), "argument", within=True), "Values for its parameters."),
        "timeout": Key(Duration(positive=True), "How long it may take; it is stopped then, and the gate is an error."),
    }


_DRIFTS = ("drift", "target_drift", "prediction_drift")
GATE = Kinds("kind", {kind: Fields(_keys(kind), _gate(kind)) for kind in _TARGETS})
