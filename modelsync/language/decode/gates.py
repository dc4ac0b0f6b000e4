"""`gates:`: what is looked at, what is asked, and what follows when it can't be decided."""

from __future__ import annotations

from itertools import chain
from typing import Any

from modelsync.core.artifacts import OutputType
from modelsync.core.checks import Label, Slices, WhenAbsent
from modelsync.core.verdict import GateSeverity
from modelsync.language.decode import checks
from modelsync.language.decode.body import Body
from modelsync.language.model import CHAMPION, Gate
from modelsync.language.shapes import (
    Anything,
    Choice,
    Fields,
    Flag,
    Function,
    Key,
    Kinds,
    Many,
    Named,
    Number,
    Plain,
    Reference,
    Text,
)

_TABLE = (OutputType.TABLE,)
_DATA = Reference(("datasets", "outputs"), _TABLE)
_MODEL = Reference(("models",))
_TARGETS = {
    "quality": _DATA,
    "drift": _DATA,
    "performance": _MODEL,
    "stability": _MODEL,
    "fairness": _MODEL,
    "custom": Reference(("datasets", "outputs", "models")),
}


def _gate(kind: str) -> Any:
    def build(body: Body) -> Gate | None:
        return _built(body, kind)

    return build


def _built(body: Body, kind: str) -> Gate | None:
    context = body.context
    context.nodes["gates", body.name] = body.node
    asked = body.get("checks", ())
    found = list(chain.from_iterable(asked) if kind == "quality" else asked)
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
        report=body.get("report", False),
        slices=body.get("slices"),
        uses=body.get("uses"),
        arguments=body.get("with", {}),
        label=_label(body),
        description=body.get("description", ""),
        checks=tuple(check for check, _ in found),
    )


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
    compares = kind in ("drift", "performance", "custom")
    on_model = kind in ("performance", "stability", "fairness", "custom")
    keys = {
        "kind": Key(Choice(tuple(_TARGETS)), "What it looks at.", required=True),
        "description": Key(Text(), "What it protects, for people."),
        "target": Key(_TARGETS[kind], "What is judged: it runs as soon as this exists.", required=True),
    }
    if on_model:
        keys["data"] = Key(_DATA, "The table the model is judged on.")
    if kind == "drift":
        keys["reference"] = Key(_WITH_CHAMPION, "What it is compared with.", required=True, example="champion")
    if kind == "custom":
        keys["uses"] = Key(
            Function(),
            "Your function, `validators/file.py:function`.",
            required=True,
            example="validators/file.py:check",
        )
        keys["reference"] = Key(_WITH_CHAMPION, "What it is compared with.")
        keys["with"] = Key(Named(Anything(), "argument", within=True), "Values for its parameters.")
    if on_model:
        keys["label"] = Key(Plain(), "The column that is the truth, when the contract does not say it.")
        keys["positive"] = Key(Anything(), "The value of the label that counts as positive.")
    if compares:
        keys["no_reference"] = Key(Choice(tuple(WhenAbsent)), "What holds while there is nothing to compare with.")
    if kind != "quality":
        keys["inconclusive"] = Key(Choice(tuple(WhenAbsent)), "What holds when it can't be decided.", default="hold")
    if kind == "fairness":
        keys["slices"] = Key(SLICES, "The groups that are compared.", required=True, example="{by: [plan]}")
    if kind in checks.SHAPES:
        keys["checks"] = Key(Many(checks.SHAPES[kind], "a check", least=1), "What is asked.", required=True)
    severity = "critical blocks what follows; warning and info are recorded."
    keys["severity"] = Key(Choice(tuple(GateSeverity)), severity, default="critical")
    keys["report"] = Key(Flag(), "Whether a page is drawn beside the verdict.", default=False)
    return keys


_WITH_CHAMPION = Reference(("datasets", "outputs"), _TABLE, (CHAMPION,))
GATE = Kinds("kind", {kind: Fields(_keys(kind), _gate(kind)) for kind in _TARGETS})
