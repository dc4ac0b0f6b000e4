"""An approval can be given."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]
OLD = "{roles: ml-lead, count: 1, not_author: true, expires: 48h}"


@pytest.mark.parametrize(
    ("approval", "found"),
    [
        ("{roles: ml-lead, count: 2, expires: 1h}", []),
        ("{roles: ml-lead, count: 3, expires: 1h}", ["MS515 3"]),
        ("{roles: [ml-lead, contributor], count: 20, expires: 1h}", []),
        ("{roles: [ml-lead, admin], count: 20, expires: 1h}", []),
        ("{roles: [ml-lead, ml-led], count: 20, expires: 1h}", ["MS208 ml-led"]),
    ],
)
def test_enough_people_are_in_the_roles(alter: Spoil, approval: str, found: list[str]) -> None:
    assert alter(OLD, approval) == found


def test_nobody_in_a_role(altered: Callable[..., Loaded]) -> None:
    (found,) = altered("ml-lead: [ana@example.org, bo@example.org]", "ml-lead: []").diagnostics
    assert found.message.startswith("stage `production` asks 1 person to agree, and its roles have nobody")
    assert found.help == "add people to ml-lead, or lower `count`"


def test_a_person_in_two_roles_is_one(alter: Spoil) -> None:
    roles = [
        "roles: {ml-lead: [ana@example.org, bo@example.org]",
        "roles: {other: bo@example.org, ml-lead: [ana@example.org, bo@example.org]",
    ]
    assert alter(*roles, OLD, "{roles: [ml-lead, other], count: 3, expires: 1h}") == ["MS515 3"]


def test_a_pattern_and_a_broken_section_can_not_be_counted(alter: Spoil) -> None:
    assert alter(OLD, "{roles: contributor, count: 20, expires: 1h}") == []
    people = "  roles: {ml-lead: [ana@example.org, bo@example.org]"
    assert alter(people, "  roles: [a]\n  old: {x: [a]", OLD, "{roles: ml-lead, count: 9, expires: 1h}") == [
        "MS103 [",
        "MS101 old",
    ]
