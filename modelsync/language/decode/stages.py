"""`stages:`: what must hold before a version may enter each stage."""

from __future__ import annotations

from modelsync.language.decode.body import Body
from modelsync.language.delivery import Approval
from modelsync.language.model import Stage
from modelsync.language.shapes import Condition, Duration, Fields, Flag, Key, Many, Number, Plain, Text

MOST_APPROVERS = 20


def _stage(body: Body) -> Stage:
    body.context.nodes["stages", body.name] = body.node
    return Stage(
        name=body.name,
        after=body.get("after"),
        gates=body.get("gates", ()),
        when=body.get("when"),
        deploy=body.get("deploy"),
        at=body.at,
        approval=body.get("approval"),
        description=body.get("description", ""),
    )


def _approval(body: Body) -> Approval | None:
    roles, expires = body.get("roles"), body.get("expires")
    if roles is None or expires is None:
        return None
    return Approval(roles, expires, body.get("count", 1), body.get("not_author", False))


APPROVAL = Fields(
    {
        "roles": Key(
            Many(Plain("roles"), least=1, one=True),
            "Who may agree: roles of `access`.",
            required=True,
            example="ml-lead",
        ),
        "count": Key(Number(1, MOST_APPROVERS, whole=True), "How many people must agree.", default=1),
        "not_author": Key(Flag(), "Whether whoever started the run may not be one of them.", default=False),
        "expires": Key(
            Duration(True, "h"), "How long the question stands, such as `48h`.", required=True, example="48h"
        ),
    },
    _approval,
)
STAGE = Fields(
    {
        "description": Key(Text(), "What it is for."),
        "after": Key(Plain("stages"), "The stage before this one; the first has none."),
        "gates": Key(Many(Plain("gates"), one=True), "Gates that a version must pass to enter."),
        "when": Key(Condition("stage"), "A condition on metrics; false holds the version before the stage."),
        "approval": Key(APPROVAL, "People who must agree."),
        "deploy": Key(Plain("deploy"), "The deployment that a version gets when it enters."),
    },
    _stage,
)
