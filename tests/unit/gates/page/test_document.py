"""The whole page: well-formed, alone in the world, of a bounded size, for every kind and every outcome."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import (
    CalibrationCheck,
    ChampionCheck,
    DriftCheck,
    Expectation,
    FairnessCheck,
    FreshnessCheck,
    Label,
    MissingCheck,
    OutlierCheck,
    PerformanceCheck,
    ResidualCheck,
    Slices,
    StabilityCheck,
)
from modelsync.core.verdict import GateSeverity, Outcome, Verdict
from modelsync.gates.judging import KINDS, judge
from modelsync.gates.page.about import About, Beside
from modelsync.gates.page.document import LARGEST, lead, page
from modelsync.gates.question import Question
from tests.unit.gates.page.conftest import check, tree, verdict, words
from tests.unit.gates.page.test_markup import HOSTILE

ABOUT = About(
    project="credit",
    target="datasets.x",
    run="credit #12",
    at="2026-11-21T10:31:07Z",
    description="looks like the champion's",
    stops=("fit", "promote: staging"),
    command="modelsync gate run input_drift --spec specs/credit/modelsync.yaml",
    beside=(Beside("input_drift.evidently.html", "evidently"),),
)
QUESTION = Question("input_drift", "drift")
LOADING = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "video", "audio", "source", "input"}


def _whole(text: str) -> None:
    """Well-formed, nothing loaded or run, and every heading, table and picture as it should be."""
    assert text.startswith("<!DOCTYPE html>")
    root = tree(text)
    tags = [element.tag for element in root.iter()]
    assert not LOADING & set(tags)
    for element in root.iter():
        for name, value in element.items():
            assert not name.startswith("on")
            assert name != "src"
            assert name != "href" or re.fullmatch(r"[\w.-]+", value)
            assert "url(" not in value
    (policy,) = [meta.get("content") for meta in root.iter("meta") if meta.get("http-equiv")]
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert all(head.get("scope") in ("col", "row") for head in root.iter("th"))
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in root.iter("svg"))
    assert len(text.encode("utf-8", "replace")) < LARGEST


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("severity", GateSeverity)
def test_every_outcome(outcome: Outcome, severity: GateSeverity) -> None:
    made = Verdict(
        "g", "drift", severity, outcome, "why so", (check(outcome=outcome), check("b", "b", outcome=outcome))
    )
    text = page(QUESTION, made, ABOUT)
    _whole(text)
    assert f'class="mark {outcome}"' in text


def test_the_verdict_comes_first_and_how_to_repeat_it_last() -> None:
    text = words(page(QUESTION, verdict([check(), check("b", "b", outcome=Outcome.PASS)], seconds=0.4), ABOUT))
    order = [
        "Fail",
        "input_drift",
        "psi of age is 0.4, must be ≤ 0.2",
        "critical: stops what comes after",
        "fit, promote: staging",
        "2026-11-21 10:31:07 UTC",
        "credit #12",
        "0.4 s",
        "Page by evidently : drawn after the verdict, decides nothing.",
        "What did not pass",
        "1 of 2",
        "What passed",
        "Everything computed",
        "What was asked",
        "What was looked at",
        "How to judge it again",
        "modelsync gate run input_drift --spec specs/credit/modelsync.yaml",
    ]
    places = [text.index(part, text.index("looks like") - 60 if place else 0) for place, part in enumerate(order)]
    assert places == sorted(places)


def test_a_page_of_nothing_but_a_reason() -> None:
    broken = Verdict("g", "quality", GateSeverity.CRITICAL, Outcome.ERROR, "`validators/x.py` can't be imported")
    text = page(Question("g", "quality"), broken, About())
    _whole(text)
    assert "`validators/x.py` can't be imported" in words(text)
    assert "Everything computed" not in text


def test_the_reason_in_one_sentence() -> None:
    note = "a note " * 100
    several = [check(f"psi.{number}", f"c{number}", note=note) for number in range(5)]
    assert lead(verdict(several)) == "psi of c0 is 0.4, must be ≤ 0.2; 4 more checks came out the same way"
    assert lead(verdict([check(), check("b", "b", decides=False)])) == "psi of age is 0.4, must be ≤ 0.2"
    few = check(outcome=Outcome.INCONCLUSIVE, value=None, note="fewer than 50 rows")
    assert lead(verdict([few], outcome=Outcome.INCONCLUSIVE)) == "undecided: psi of age: fewer than 50 rows"
    assert lead(verdict([check(outcome=Outcome.PASS)], outcome=Outcome.PASS, reason="1 of 1 checks hold")) == (
        "1 of 1 checks hold"
    )
    whole = page(QUESTION, verdict(several, reason="all of it " * 40), ABOUT)
    assert "The reason as it is recorded" in whole
    assert "all of it all of it" in whole


def test_hostile_names_values_and_parameters() -> None:
    rng = np.random.default_rng(0)
    names = [text for text in HOSTILE if "\ud800" not in text]
    numbers = pd.DataFrame({name: rng.normal(size=80) for name in names[:4]})
    levels = pd.DataFrame({name: rng.choice(names, 80) for name in names[4:]})
    before, now = (
        pd.concat([numbers, levels], axis=1),
        pd.concat([numbers + 3, levels.assign(**{names[-2]: "new"})], axis=1),
    )
    question = Question(names[0], "drift", table=now, reference=before, checks=(DriftCheck("psi", 0.01),))
    about = About(names[0], names[1], names[2], names[3], names[4], tuple(names), names[5])
    text = page(question, judge(question), about)
    _whole(text)
    assert text.count("<svg") > 10
    plain = [check(text, text, text, note=text) for text in HOSTILE]
    _whole(page(QUESTION, verdict(plain, params={text: [text, {text: text}] for text in HOSTILE}), ABOUT))


def test_thousands_of_columns_stay_below_the_largest_page() -> None:
    rng = np.random.default_rng(0)
    before = pd.DataFrame(rng.normal(size=(60, 3000)), columns=[f"feature {n} <of a wide table>" for n in range(3000)])
    question = Question("wide", "drift", table=before + 9, reference=before)
    outcomes = [Outcome.FAIL, Outcome.PASS]
    checks = [
        check(f"{test}.{name}", name, test, outcome=outcomes[place % 2], n=60, note="y" * 500)
        for place, name in enumerate(before.columns)
        for test in ("psi", "ks", "wasserstein", "jensen_shannon")
    ]
    text = page(question, verdict(checks, params={"checks": [{"columns": list(before.columns)}]}), ABOUT)
    _whole(text)
    said = words(text)
    assert re.search(r"1,\d{3} more did not pass either; their numbers are in the table below", said)
    assert re.search(r"\d+,\d{3} more checks, further from their limits than these, are left out here", said)
    assert "<svg" in text


def test_a_large_table_is_labelled_as_a_sample(monkeypatch: pytest.MonkeyPatch, before: pd.DataFrame) -> None:
    monkeypatch.setattr("modelsync.gates.page.scene.SAMPLE_ROWS", 100)
    question = Question("g", "drift", table=before, reference=before)
    assert "Pictures: a sample of 100 of 600 rows." in words(page(question, verdict([check()]), ABOUT))


def _questions(cancer: Any, diabetes: Any) -> dict[str, Question]:
    on_cancer = {"table": cancer.test, "model": cancer.model, "label": Label("diagnosis", "malignant")}
    tables = {"table": cancer.test[["mean area", "site"]], "reference": cancer.train[["mean area", "site"]]}
    times = pd.DataFrame({"at": pd.date_range("2026-01-01", periods=60)})
    drifting, by_site = (DriftCheck("psi", 0.1),), Slices(("site",), 20)
    not_null = Expectation("expect_column_values_to_not_be_null", {"column": "site"})
    made = {
        "quality": Question("g", "quality", table=cancer.test, checks=(not_null,)),
        "missing": Question("g", "missing", table=cancer.test, checks=(MissingCheck(0.1, ("site", "mean area")),)),
        "outliers": Question("g", "outliers", table=cancer.test, checks=(OutlierCheck(0.001, ("mean area",)),)),
        "freshness": Question("g", "freshness", table=times, checks=(FreshnessCheck("at", 60.0),)),
        "drift": Question(
            "g", "drift", checks=(DriftCheck("psi", 0.1), DriftCheck("ks", 0.1, ("mean area",))), **tables
        ),
        "target_drift": Question("g", "target_drift", reference=cancer.train, checks=drifting, **on_cancer),
        "prediction_drift": Question("g", "prediction_drift", reference=cancer.train, checks=drifting, **on_cancer),
        "performance": Question(
            "g", "performance", checks=(PerformanceCheck("roc_auc", min=0.999),), slices=by_site, **on_cancer
        ),
        "champion": Question("g", "champion", champion=cancer.champion, checks=(ChampionCheck("recall"),), **on_cancer),
        "stability": Question("g", "stability", checks=(StabilityCheck("f1", folds=3, max_std=1e-6),), **on_cancer),
        "fairness": Question("g", "fairness", checks=(FairnessCheck("recall", 0.999),), slices=by_site, **on_cancer),
        "calibration": Question("g", "calibration", checks=(CalibrationCheck("ece", 0.0),), **on_cancer),
        "residuals": Question(
            "g",
            "residuals",
            table=diabetes.test,
            model=diabetes.model,
            label=Label("progression"),
            checks=(ResidualCheck("bias", max=1e-6),),
        ),
        "custom": Question("g", "custom", table=times),
    }
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind(kind: str, cancer: Any, diabetes: Any) -> None:
    question = _questions(cancer, diabetes)[kind]
    text = page(question, judge(question), ABOUT)
    _whole(text)
    assert "There is no picture" not in text
    assert ("<svg" in text) == (kind != "custom")
