"""Every rule of a bump can fire."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded


@pytest.fixture
def told(load_text: Callable[..., Loaded]) -> Callable[..., list[str]]:
    """What is said about the rules of a dataset: `told(major="contract.breaking", patch="true")`."""

    def telling(*rules: tuple[str, str]) -> list[str]:
        listed = "".join(f'        - {{bump: {bump}, when: "{when}"}}\n' for bump, when in rules)
        body = f"    source: data/customers.csv\n    versioning:\n      rules:\n{listed}"
        loaded = load_text(f"modelsync: 1\nproject: x\ndatasets:\n  d:\n{body}")
        return [f"{each.message} ({each.help})" for each in loaded.diagnostics if each.code == "MS517"]

    return telling


BEHIND = "put it before the rules that take its cases"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([("major", "contract.breaking"), ("patch", "content.changed")], []),
        (
            [("major", "true"), ("patch", "content.changed")],
            [f"the rule `patch` of dataset `d` can never fire ({BEHIND})"],
        ),
        (
            [("major", "contract.breaking or rows.added"), ("minor", "rows.added"), ("patch", "true")],
            [f"the rule `minor` of dataset `d` can never fire ({BEHIND})"],
        ),
        (
            [("major", "contract.breaking"), ("minor", "rows.added and contract.breaking"), ("patch", "true")],
            [f"the rule `minor` of dataset `d` can never fire ({BEHIND})"],
        ),
        (
            [("major", "contract.breaking"), ("minor", "not contract.breaking"), ("patch", "content.changed")],
            [f"the rule `patch` of dataset `d` can never fire ({BEHIND})"],
        ),
        (
            [("major", "contract.breaking"), ("minor", "rows.added and not rows.added")],
            ["the rule `minor` of dataset `d` can never fire (its condition is never true)"],
        ),
        (
            [("major", "false"), ("patch", "true")],
            ["the rule `major` of dataset `d` can never fire (its condition is never true)"],
        ),
        (
            [("major", "contract.breaking"), ("minor", "not contract.breaking")],
            [
                "the rules of dataset `d` leave nothing for patch: one of them always fires"
                " (narrow a condition, so that small changes make a patch)"
            ],
        ),
        ([("patch", "true")], []),
        ([("major", "contract.breaking"), ("major", "contract.breaking == true")], None),
        (
            [
                ("major", "rows.added"),
                ("minor", "rows.removed"),
                ("patch", "rows.added or rows.removed or content.changed"),
            ],
            [],
        ),
    ],
)
def test_rules(told: Callable[..., list[str]], rules: list[tuple[str, str]], found: list[str] | None) -> None:
    if found is not None:
        assert told(*rules) == found
    else:
        assert told(*rules) == []  # comparisons are taken as they stand, so that no rule is accused wrongly


def test_the_rules_that_take_its_cases_are_shown_and_no_others(load_text: Callable[..., Loaded]) -> None:
    rules = [
        ("minor", "rows.removed and not rows.added"),
        ("major", "rows.added"),
        ("patch", "rows.added and content.changed"),
    ]
    listed = "".join(f'        - {{bump: {bump}, when: "{when}"}}\n' for bump, when in rules)
    body = f"    source: data/customers.csv\n    versioning:\n      rules:\n{listed}"
    loaded = load_text(f"modelsync: 1\nproject: x\ndatasets:\n  d:\n{body}")
    (found,) = [each for each in loaded.diagnostics if each.code == "MS517"]
    assert [each.at.line for each in found.related] == [9]
    assert found.at.line == 10


def test_the_good_spec_and_the_defaults_have_none(
    spoilt: Callable[..., Loaded], altered: Callable[..., Loaded]
) -> None:
    assert spoilt().diagnostics == altered().diagnostics == ()


def test_many_names_are_not_looked_through(told: Callable[..., list[str]]) -> None:
    names = [f"rows.{name}" for name in ("added", "removed")] + [
        "contract.breaking",
        "contract.extended",
        "content.changed",
    ]
    start = time.perf_counter()
    assert told(*[("major", " and ".join(names))] * 60)
    assert time.perf_counter() - start < 5


def test_a_hostile_spec_buys_no_time(spoilt: Callable[..., Loaded], good: str) -> None:
    atoms = " or ".join(f"metrics.m{n} > {n}" for n in range(12))
    old = good[good.index("        - {bump: major, when: signature") : good.index("stages:")]
    rules = "".join(f"        - {{bump: minor, when: {atoms}}}\n" for _ in range(300))
    start = time.perf_counter()
    assert [each.code for each in spoilt(old, rules).diagnostics if each.code == "MS517"] == []
    rules = "".join(f"        - {{bump: minor, when: {atoms}}}\n" for _ in range(20))
    assert len([each for each in spoilt(old, rules).diagnostics if each.code == "MS517"]) == 19
    assert time.perf_counter() - start < 10
