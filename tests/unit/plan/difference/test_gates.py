from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.plan.difference.conftest import Desk

Said = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("min: 0.5, max: 0.99", "min: 0.4, max: 0.99", "gate weakened: gate `good`: `roc_auc`: `min` 0.5 -> 0.4"),
        ("max: 0.99}", "max: 0.999}", "gate weakened: gate `good`: `roc_auc`: `max` 0.99 -> 0.999"),
        (
            "confidence: 0.95",
            "confidence: 0.9",
            "gate weakened: gate `good`: `roc_auc` against the champion: `confidence` 0.95 -> 0.9",
        ),
        ("columns: all", "columns: [x]", "gate weakened: gate `drifted`: test `psi`: `columns` none -> [x]"),
        ("min_rows: 40", "min_rows: 50", "gate weakened: gate `fair`: `min_rows` 40 -> 50"),
        ("by: [x, y]", "by: [x]", "gate weakened: gate `fair`: `by` [x, y] -> [x]"),
        (
            "mostly: 0.99",
            "mostly: 0.9",
            "gate weakened: gate `quality`: `expect_column_values_to_not_be_null` of x: `mostly` 0.99 -> 0.9",
        ),
        ("inconclusive: fail", "inconclusive: hold", "gate weakened: gate `drifted`: `inconclusive` fail -> hold"),
        ("no_reference: hold", "no_reference: pass", "gate weakened: gate `drifted`: `no_reference` hold -> pass"),
        (
            "    with: {floor: 0.5}",
            "    severity: warning\n    with: {floor: 0.5}",
            "gate weakened: gate `own`: `severity` critical -> warning",
        ),
        ("max_std: 0.01, ", "", "gate weakened: gate `steady`: `roc_auc` is asked no longer (max_std 0.01)"),
    ],
)
def test_a_weaker_question_and_its_reverse(desk: Desk, old: str, new: str, told: str) -> None:
    assert desk.said(old, new) == [told]
    text = desk.text.replace(old, new, 1)
    (change,) = desk.diff(desk.text, text).changes
    assert change.kind == "gate tightened"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "target: datasets.rows",
            "target: datasets.other",
            "look: gate `quality`: `target` datasets.rows -> datasets.other",
        ),
        (
            "reference: champion",
            "reference: datasets.rows",
            "look: gate `drifted`: `reference` champion -> datasets.rows",
        ),
        ("uses: flow.py:own", "uses: flow.py:other", "look: gate `own`: `uses` flow.py:own -> flow.py:other"),
        ("floor: 0.5", "floor: 0.4", "look: gate `own`: `with` {floor: 0.5} -> {floor: 0.4}"),
        (
            "method: paired_bootstrap",
            "method: delong",
            "look: gate `good`: `roc_auc` against the champion: `method` paired_bootstrap -> delong",
        ),
        (
            "    kind: stability\n",
            "    label: y\n    positive: p\n    kind: stability\n",
            "look: gate `steady`: `label` none -> [y, p]",
        ),
    ],
)
def test_another_question_has_to_be_looked_at(said: Said, old: str, new: str, told: str) -> None:
    assert said(old, new) == [f"{told}: which is stricter can't be told"]


def test_a_page_beside_the_verdict_guards_nothing(said: Said) -> None:
    assert said("    kind: stability\n", "    kind: stability\n    report: true\n") == [
        "changed: gate `steady`: `report` false -> true"
    ]


def test_neither_does_a_time_limit(said: Said) -> None:
    assert said("    with: {floor: 0.5}", "    with: {floor: 0.5}\n    timeout: 30s") == [
        "changed: gate `own`: `timeout` none -> 30s"
    ]


def test_groups_of_a_performance_gate_are_asked_besides(desk: Desk) -> None:
    old = "    no_reference: fail\n"
    new = f"{old}    slices: {{by: [x, y], min_rows: 20}}\n"
    assert desk.said(old, new) == [
        "changed: gate `good`: `min_rows` none -> 20",
        "gate tightened: gate `good`: `by` none -> [x, y]",
    ]
    text = desk.text.replace(old, new)
    back = [f"{change.kind}: {change}" for change in desk.diff(desk.text, text).changes]
    assert back == [
        "gate weakened: gate `good`: `by` [x, y] -> none",
        "changed: gate `good`: `min_rows` 20 -> none",
    ]


CHAMPION = """\
  better:
    kind: champion
    target: models.m
    data: pipelines.train.clean.table
    no_reference: fail
    checks: [{metric: roc_auc, rule: superior, margin: 0.01}]
    guardrails: {recall: 0.02}
models:
"""


@pytest.mark.parametrize(
    ("old", "new", "told", "marked"),
    [
        ("recall: 0.02", "recall: 0.03", "guardrail `recall`: `margin` 0.02 -> 0.03", "recall"),
        (", rule: superior", "", "`roc_auc` against the champion: `rule` superior -> non_inferior", "{"),
        ("margin: 0.01", "margin: 0.005", "`roc_auc` against the champion: `margin` 0.01 -> 0.005", "0.005"),
        ("    guardrails: {recall: 0.02}\n", "", "guardrail `recall` is asked no longer (margin 0.02)", ""),
    ],
)
def test_what_is_asked_of_a_challenger(desk: Desk, old: str, new: str, told: str, marked: str) -> None:
    before = desk.text.replace("models:\n", CHAMPION).replace("[own]", "[own, better]")
    after = before.replace(old, new)
    (change,) = desk.diff(after, before).changes
    assert (change.kind, str(change)) == ("gate weakened", f"gate `better`: {told}")
    if change.after is not None:
        assert after.splitlines()[change.after.line - 1][change.after.col - 1 :].startswith(marked)


def test_a_gate_that_is_gone_is_told_once_with_the_stages_that_asked_it(desk: Desk) -> None:
    text = desk.text.replace("  own:\n", "  gone:\n").replace("gates: [own]", "gates: []")
    start, end = text.index("  gone:"), text.index("models:")
    found = [str(change) for change in desk.diff(text[:start] + text[end:]).changes]
    assert found == ["gate `own`: was removed; stage `production` asked it"]
    back = [str(change) for change in desk.diff(desk.text, text[:start] + text[end:]).changes]
    assert back == ["gate `own`: was added; stage `production` asked it"]


def test_changes_have_the_places_of_the_words_that_changed(desk: Desk) -> None:
    text = desk.text.replace("min_delta: -0.1", "min_delta: -0.2")
    (change,) = desk.diff(text).changes
    assert change.before is not None
    assert change.after is not None
    for at, source in ((change.before, desk.text), (change.after, text)):
        line = source.splitlines()[at.line - 1]
        assert line[at.col - 1 : at.end_col - 1] in ("-0.1", "-0.2")
