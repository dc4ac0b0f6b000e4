"""The entries of `checks` about tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modelsync.core.checks import DriftCheck, FreshnessCheck, MissingCheck, OutlierCheck
from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["{test: psi, columns", "{columns"], ["MS102 {"]),
        (["max: 0.2, failing", "failing"], ["MS102 {"]),
        (["max_statistic: 0.1}", "max_statistic: 0.1, max: 0.1}"], ["MS109 max_statistic"]),
        (["failing_share: 0.1", "failing_share: 10"], ["MS104 10"]),
        (["columns: [tenure_days]", "columns: []"], ["MS104 ["]),
        (["columns: [tenure_days]", "columns: tenure_days"], []),
        (["- {test: psi, columns: all, max: 0.2, failing_share: 0.1}", "- psi"], ["MS103 psi"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


GATE = """\
  looked:
    kind: {kind}
    target: datasets.customers
{more}    checks: [{check}]
models:
"""
MISSING, OUTLIERS, FRESHNESS, DRIFT = "missing", "outliers", "freshness", "target_drift"


def written(kind: str, check: str) -> tuple[str, str]:
    more = "    reference: datasets.customers\n" if kind == DRIFT else ""
    return "models:\n", GATE.format(kind=kind, check=check, more=more)


@pytest.mark.parametrize(
    ("kind", "check", "found"),
    [
        (MISSING, "{max_share: 0}", MissingCheck(0)),
        (MISSING, "{columns: all, max_share: 0.05}", MissingCheck(0.05)),
        (MISSING, "{columns: [plan, churned], max_share: 1}", MissingCheck(1, ("plan", "churned"))),
        (OUTLIERS, "{max_share: 0.01}", OutlierCheck(0.01, None, "iqr", None)),
        (
            OUTLIERS,
            "{columns: tenure_days, method: mad, factor: 3, max_share: 0.01}",
            OutlierCheck(0.01, ("tenure_days",), "mad", 3),
        ),
        (FRESHNESS, "{column: seen_at, max_age: 1d12h}", FreshnessCheck("seen_at", 129_600.0)),
        (DRIFT, "{test: psi, max: 0.1}", DriftCheck("psi", 0.1)),
        (DRIFT, "{test: ks, max: 0.1, alpha: 0.05}", DriftCheck("ks", 0.1, None, 0.0, 0.05, "bh")),
        (
            DRIFT,
            "{test: ks, max: 0.1, alpha: 0.05, correction: none}",
            DriftCheck("ks", 0.1, None, 0.0, 0.05, "none"),
        ),
    ],
)
def test_a_check_as_decoded(spoilt: Callable[..., Loaded], kind: str, check: str, found: object) -> None:
    spec = spoilt(*written(kind, check), "        tenure_days:", "        seen_at: datetime\n        tenure_days:").spec
    assert spec is not None
    assert spec.gates["looked"].checks == (found,)


@pytest.mark.parametrize(
    ("kind", "check", "found"),
    [
        (MISSING, "{columns: all}", ["MS102 {"]),
        (MISSING, "{max_share: 1.5}", ["MS104 1.5"]),
        (MISSING, "{columns: [], max_share: 0.5}", ["MS104 ["]),
        (MISSING, "{columns: [plan, plan], max_share: 0.5}", ["MS109 plan"]),
        (OUTLIERS, "{method: iqr}", ["MS102 {"]),
        (OUTLIERS, "{factor: 0, max_share: 0.5}", ["MS104 0"]),
        (OUTLIERS, "{factor: -1, max_share: 0.5}", ["MS104 -1"]),
        (OUTLIERS, "{method: z_score, max_share: 0.5}", ["MS105 z_score"]),
        (FRESHNESS, "{max_age: 2d}", ["MS102 {"]),
        (FRESHNESS, "{column: plan}", ["MS102 {"]),
        (FRESHNESS, "{column: seen, max_age: 2}", ["MS106 2"]),
        (FRESHNESS, "{column: seen, max_age: 0s}", ["MS104 0s"]),
        (DRIFT, "{test: psi}", ["MS102 {"]),
        (DRIFT, "{test: psi, max: 0.1, columns: [plan]}", ["MS101 columns"]),
        (DRIFT, "{test: psi, max: 0.1, correction: bh}", ["MS109 correction"]),
        (DRIFT, "{test: psi, max: 0.1, alpha: 5}", ["MS104 5"]),
        (DRIFT, "{test: psi, max: 0.1, alpha: 0.05, correction: holm}", ["MS105 holm"]),
    ],
)
def test_what_is_wrong_with_a_check(spoil: Spoil, kind: str, check: str, found: list[str]) -> None:
    said = spoil(*written(kind, check))
    assert said == found


def test_a_bare_age_is_probably_in_days(spoilt: Callable[..., Loaded]) -> None:
    (told,) = spoilt(*written(FRESHNESS, "{column: seen, max_age: 2}")).diagnostics
    assert told.help.startswith("did you mean `2d`?")
