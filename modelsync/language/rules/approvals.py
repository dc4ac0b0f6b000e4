"""An approval can be given: enough people are in its roles."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.language.model import Stage
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping, Node

CODE = "MS515"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each approval that asks for more people than there are."""
    tree = subject.context.tree
    if isinstance(tree, Mapping) and subject.is_spoilt(tree.get("access")):
        return  # somebody was lost to a fault
    for stage in subject.spec.stages.values():
        if stage.approval is None or not stage.approval.roles:
            continue
        people = _people(subject, stage.approval.roles)
        wanted = stage.approval.count + (1 if stage.approval.not_author else 0)
        if people is None or len(people) >= stage.approval.count:
            continue
        at = _node(subject, stage)
        asked = "1 person" if stage.approval.count == 1 else f"{stage.approval.count} people"
        message = f"stage `{stage.name}` asks {asked} to agree, and its roles have {len(people) or 'nobody'}"
        if stage.approval.not_author:
            message += f"; with `not_author` {wanted} are needed"
        listed = ", ".join(stage.approval.roles)
        yield Diagnostic(CODE, stage.at if at is None else at.at, message, f"add people to {listed}, or lower `count`")


def _people(subject: Subject, roles: tuple[str, ...]) -> set[str] | None:
    """Everybody in some roles; None when that can't be counted: a pattern, or a role that is assigned elsewhere."""
    declared = subject.spec.access.roles
    found = {person for role in roles for person in declared.get(role, ("*",))}
    return None if any("*" in person for person in found) else found


def _node(subject: Subject, stage: Stage) -> Node | None:
    approval = subject.context.nodes["stages", stage.name].get("approval")
    return (approval.get("count") or approval) if isinstance(approval, Mapping) else None
