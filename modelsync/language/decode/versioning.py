"""`versioning:` of datasets and models: the rules of a bump, and those that hold when none are written."""

from __future__ import annotations

from modelsync.core.expression import parse
from modelsync.core.rules import VersionRule
from modelsync.core.version import Bump, Version
from modelsync.language.decode.body import Body
from modelsync.language.shapes import Choice, Condition, Fields, Key, Many, Text

DATASET_RULES = (
    VersionRule(Bump.MAJOR, parse("contract.breaking")),
    VersionRule(Bump.MINOR, parse("contract.extended or rows.added")),
    VersionRule(Bump.PATCH, parse("content.changed")),
)
MODEL_RULES = (
    VersionRule(Bump.MAJOR, parse("signature.breaking or contract.breaking")),
    VersionRule(Bump.MINOR, parse("features.added")),
    VersionRule(Bump.PATCH, parse("data.changed or code.changed")),
)


def _rule(body: Body) -> VersionRule | None:
    bump, when = body.get("bump"), body.get("when")
    return None if bump is None or when is None else VersionRule(Bump[bump.upper()], when)


def rules(owner: str) -> Key:
    """The key `rules` for versions of a dataset or a model."""
    rule = Fields(
        {
            "bump": Key(Choice(("major", "minor", "patch")), "Which part of the version grows.", required=True),
            "when": Key(
                Condition(owner),
                "The condition, over what changed since the last version.",
                required=True,
                example="content.changed",
            ),
        },
        _rule,
    )
    doc = "Rules from top to bottom; the first that holds decides the bump, and its evidence is recorded."
    return Key(Many(rule, "a rule", least=1), doc)


DATASET = Fields({"rules": rules("dataset")})


def _start(body: Body) -> dict[str, object]:
    """The decoded keys, `start` as a Version."""
    found = dict(body.values)
    if (written := body.get("start")) is not None:
        try:
            found["start"] = Version.parse(written)
        except ValueError as error:
            message, _, help = str(error).partition("; ")
            body.fault("MS105", body.value_at("start"), f"{body.named('start')}: {message}", help)
            del found["start"]
    return found


MODEL = Fields(
    {
        "start": Key(Text(example="0.1.0"), "The version of the first model.", default="0.1.0"),
        "rules": rules("model"),
    },
    _start,
)
