"""Wrong names and types, all of them, each between its columns."""

from __future__ import annotations

import pytest

from modelsync.core.expression import parse
from modelsync.core.expression_types import Scope, Type

SCOPE = Scope(
    {
        "metrics.*": Type.NUMBER,
        "champion.metrics.*": Type.NUMBER,
        "params.learner": Type.TEXT,
        "params.note": Type.TEXT,
        "params.deep": Type.BOOL,
        "features.added": Type.SET,
        "features.removed": Type.SET,
        "gate(fair)": Type.VERDICT,
        "changed(params.learner)": Type.BOOL,
        "signature.breaking": Type.BOOL,
    },
    {"params.learner": ("gbm", "logistic")},
)


@pytest.mark.parametrize(
    "text",
    [
        "features.added or changed(params.learner) or metrics.roc_auc - champion.metrics.roc_auc >= 0.01",
        "not features.added and signature.breaking == true",
        "0 < metrics.a <= 1",
        "params.learner == 'gbm' and 'gbm' == params.learner and params.learner == params.note",
        "params.note != 'anything'",
        "params.learner in ['gbm', 'logistic'] and params.learner not in ('gbm',)",
        "'x' in features.added and params.note in features.added",
        "gate(fair) == 'pass' or gate(fair) in ['pass', 'skipped'] or 'error' != gate(fair)",
        "len(features.added) + len(params.note) > 2 * -metrics.a / 3",
        "max(metrics.a, metrics.b, 1) > min(abs(metrics.a), round(metrics.b, 2), round(metrics.c))",
        "true",
        "metrics.a in [1, 2.5, -3]",
    ],
)
def test_what_is_right_has_no_fault(text: str) -> None:
    assert parse(text).check(SCOPE) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("metrics.a", ["metrics.a"]),
        ("params.learner and 1", ["params.learner", "1"]),
        ("not metrics.a", ["metrics.a"]),
        ("gate(fair)", ["gate(fair)"]),
        ("signature.breking or featres.added", ["signature.breking", "featres.added"]),
        ("gate(fiar) == 'pass'", ["gate(fiar)"]),
        ("changed(params.lerner)", ["changed(params.lerner)"]),
        ("metrics", ["metrics"]),
        ("metrics.a.b > 1", ["metrics.a.b"]),
        ("metrics.a + 'x' > params.learner", ["'x'", "params.learner"]),
        ("-params.deep > 1", ["params.deep"]),
        ("metrics.a == 'x'", ["'x'"]),
        ("metrics.a == true", ["true"]),
        ("features.added == features.removed", ["features.removed"]),
        ("features.added > 2", ["features.added"]),
        ("params.learner == 'gmb'", ["'gmb'"]),
        ("params.learner in ['gbm', 'zzz', 3]", ["'zzz'", "3"]),
        ("gate(fair) == 'passed'", ["'passed'"]),
        ("gate(fair) == params.deep", ["params.deep"]),
        ("params.note in params.learner", ["params.learner"]),
        ("metrics.a in features.added", ["metrics.a"]),
        ("[1] == metrics.a", ["[1]"]),
        ("len(metrics.a) > 1", ["metrics.a"]),
        ("len(features.added, 2) > 1", ["len(features.added, 2)"]),
        ("max(metrics.a) > 1", ["max(metrics.a)"]),
        ("abs('x') > 1", ["'x'"]),
        ("unknown + 1 > 'x'", ["unknown", "'x'"]),
        ("unknown in ['a'] and unknown == 1 and 'x' in unknown", ["unknown", "unknown", "unknown"]),
        ("max(metrics.a, 2)", ["max(metrics.a, 2)"]),
    ],
)
def test_what_is_wrong_is_marked(text: str, marked: list[str]) -> None:
    assert [text[fault.col : fault.end_col] for fault in parse(text).check(SCOPE)] == marked


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("gate(fair)", 'write `gate(fair) == "pass"`'),
        ("signature.breking", "did you mean `signature.breaking`?"),
        ("metric.roc_auc > 1", "did you mean `metrics.roc_auc`?"),
        ("gate(fiar) == 'pass'", "did you mean `gate(fair)`?"),
        ("params.learner == 'gmb'", 'did you mean `"gbm"`?'),
        ("params.learner == 'zzz'", "it is one of gbm, logistic"),
        ("features.added == 2", "ask `len(...)` or `in`"),
    ],
)
def test_the_way_out(text: str, help: str) -> None:
    assert parse(text).check(SCOPE)[0].help == help


def test_an_unknown_name_far_from_all_lists_them() -> None:
    assert parse("zzz").check(Scope({"b": Type.BOOL, "a": Type.BOOL}))[0].help == "names here: a, b"
    assert parse("zzz").check(Scope({}))[0].help == "names here: none"


def test_choices_bind_only_where_there_are_some() -> None:
    scope = Scope({"params.x": Type.TEXT}, {"params.x": ()})
    assert parse("params.x == 'anything'").check(scope) == []
