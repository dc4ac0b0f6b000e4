"""A file of decision tests: the table of its keys, and the cases they make."""

from __future__ import annotations

from typing import Any

from modelsync.core.cases import Case, Expected, Numbers, Past
from modelsync.core.verdict import Outcome
from modelsync.core.version import Bump, Version
from modelsync.language.decode.body import Body
from modelsync.language.shapes import Anything, Choice, Either, Fields, Key, Many, Named, Number, Plain, Text

_OUTCOMES = tuple(str(each) for each in Outcome)


def _numbers(body: Body) -> Numbers | None:
    value, interval = body.get("value"), body.get("interval")
    if interval is not None and (len(interval) != 2 or interval[0] > interval[1]):
        message = f"{body.named('interval')} is its lower and its upper end"
        body.fault("MS104", body.value_at("interval"), message, "write `[0.01, 0.03]`")
        return None
    return None if value is None else Numbers(value, interval, body.get("p_adjusted"), body.get("noise"))


def _past(body: Body) -> Past | None:
    version = _version(body)
    return None if version is None else Past(version, body.get("metrics", {}))


def _version(body: Body) -> Version | None:
    written = body.get("version")
    try:
        return None if written is None else Version.parse(written)
    except ValueError as error:
        message, _, help = str(error).partition("; ")
        body.fault("MS105", body.value_at("version"), f"{body.named('version')}: {message}", help)
        return None


def _expected(body: Body) -> Expected:
    if not body.node.items:
        body.fault("MS102", body.node.at, f"{body.what} expects nothing", "name `gates`, `bump`, `version` or `stages`")
    bump = body.get("bump")
    return Expected(
        gates={name: Outcome(word) for name, word in body.get("gates", {}).items()},
        bump=None if bump is None else Bump[bump.upper()],
        version=_version(body),
        rule=body.get("rule", ""),
        stages=body.get("stages", {}),
    )


def _case(body: Body) -> Case | None:
    expected = body.get("expect")
    if expected is None:
        return None
    gates: dict[str, Any] = body.get("gates", {})
    return Case(
        name=body.name,
        at=body.at,
        model=body.get("model", ""),
        base=body.get("base"),
        champion=body.get("champion"),
        metrics=body.get("metrics", {}),
        params=body.get("params", {}),
        facts=body.get("facts", {}),
        gates={name: _given(given) for name, given in gates.items()},
        expected=expected,
    )


def _given(said: Any) -> Outcome | dict[str, Numbers]:
    if isinstance(said, str):
        return Outcome(said)
    return {id_: each if isinstance(each, Numbers) else Numbers(float(each)) for id_, each in said.items()}


_METRICS = Named(Number(), "metric", "any")
_PAST = Fields(
    {
        "version": Key(Text(), "Its version.", required=True, example="1.3.0"),
        "metrics": Key(_METRICS, "Its metrics."),
    },
    _past,
)
_CHECK = Either(
    Number(),
    Fields(
        {
            "value": Key(Number(), "What was measured.", required=True, example="0.31"),
            "interval": Key(Many(Number(), repeats=True), "The ends of its interval."),
            "p_adjusted": Key(Number(0, 1), "Its p value, corrected."),
            "noise": Key(Number(0), "What chance alone shows on so few rows."),
        },
        _numbers,
    ),
)
_EXPECT = Fields(
    {
        "gates": Key(Named(Choice(_OUTCOMES), "gate", "any"), "The outcome of gates."),
        "bump": Key(Choice(("none", "patch", "minor", "major")), "Which part of the version grows."),
        "version": Key(Text(), "The version that follows."),
        "rule": Key(Plain(), "The rule that fires, as `modelsync plan` prints it."),
        "stages": Key(Named(Choice(("allowed", "held", "blocked")), "stage", "any"), "Whether it may enter a stage."),
    },
    _expected,
)
_CASE = Fields(
    {
        "model": Key(Plain("models"), "The model that is versioned, when the spec has several."),
        "base": Key(_PAST, "The latest version on the branch; without it this is the first."),
        "champion": Key(_PAST, "The version in production; without it there is none."),
        "metrics": Key(_METRICS, "The metrics of the candidate."),
        "params": Key(Named(Anything(), "param"), "Params, over those of the spec."),
        "facts": Key(Named(Anything(), "fact", "any"), "Facts of version rules, such as `features.added: [age]`."),
        "gates": Key(
            Named(Either(Choice(_OUTCOMES), Named(_CHECK, "check", "any")), "gate", "any"),
            "What gates measured, by the ids of their checks, or their outcome. A gate that is not named passes.",
        ),
        "expect": Key(_EXPECT, "The decisions that must follow.", required=True, example="{bump: minor}"),
    },
    _case,
)
CASES = Fields(
    {
        "spec": Key(Plain(), "The spec that decides, from the folder of this file.", default="modelsync.yaml"),
        "cases": Key(Named(_CASE, "case", "any", least=1), "The cases by their names.", required=True),
    }
)
"""The whole file."""
