"""Rules of a bump."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{bump: patch, when: content.changed}", "{bump: tiny, when: content.changed}"], ["MS105 tiny"]),
        (["{bump: patch, when: content.changed}", "{bump: patch}"], ["MS102 {"]),
        (["{bump: patch, when: content.changed}", "{when: content.changed}"], ["MS102 {"]),
        (["{bump: patch, when: content.changed}", "{bump: patch, when: }"], ["MS103 when"]),
        (["{bump: patch, when: content.changed}", "{bump: patch, when: [a]}"], ["MS103 ["]),
        (["{bump: patch, when: content.changed}", "{bump: patch, when: content.changed = true}"], ["MS301 ="]),
        (["{bump: patch, when: content.changed}", '{bump: patch, when: "${{ params.deep }}"}'], ["MS111 ${{"]),
        (["{bump: patch, when: content.changed}", "content.changed"], ["MS103 content.changed"]),
        (["{bump: patch, when: content.changed}", "{bump: ptch, when: content.changed}"], ["MS105 ptch"]),
        (["{bump: patch, when: content.changed}", "{bump: Patch, when: content.changed}"], ["MS105 Patch"]),
        (["{bump: patch, when: content.changed}", "{bump: patch, if: content.changed}"], ["MS101 if"]),
        (["      start: 1.0.0\n      rules:", "      start: v1.0.0\n      rules:"], ["MS105 v1.0.0"]),
        (
            ["      start: 1.0.0\n      rules:", "      start: '${{ params.label }}'\n      rules:"],
            ["MS105 '${{ params.label }}'"],
        ),
        (["      start: 1.0.0\n      rules:", "      start: '1.${{ params.label }}'\n      rules:"], []),
        (["      start: 1.0.0\n      rules:", "      start: true\n      rules:"], ["MS103 true"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_rules_that_are_written_are_not_empty(load_text: Callable[..., Loaded]) -> None:
    dataset = "{source: data/customers.csv, versioning: {rules: []}}"
    loaded = load_text(f"modelsync: 1\nproject: x\ndatasets:\n  a: {dataset}\n")
    assert [each.code for each in loaded.diagnostics] == ["MS104"]


def test_without_rules_the_default_rules_of_models_hold(load_text: Callable[..., Loaded], good: str) -> None:
    start, end = good.index("    versioning:\n      start"), good.index("stages:")
    spec = load_text(good[:start] + good[end:]).spec
    assert spec is not None
    assert [(str(rule.bump), rule.when.text) for rule in spec.models["churn"].rules] == [
        ("major", "signature.breaking or contract.breaking"),
        ("minor", "features.added"),
        ("patch", "data.changed or code.changed"),
    ]
