"""A stored reference says what the table it was made of says, within the error that it states."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.core.checks import DriftCheck
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates import profile as profiles
from modelsync.gates.judging import judge
from modelsync.gates.profile import Profile, ProfileError
from modelsync.gates.question import Question
from modelsync.gates.sides import LevelSide
from modelsync.gates.sketch import POINTS

CHECKS = tuple(
    DriftCheck(test, most)
    for test, most in (
        ("psi", 0.2),
        ("ks", 0.1),
        ("wasserstein", 0.1),
        ("jensen_shannon", 0.1),
        ("tvd", 0.1),
        ("chi2", 0.1),
    )
)


def _table(seed: int, rows: int = 30_000, shift: float = 0.0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "normal": random.normal(shift, 1, size=rows),
            "skewed": random.lognormal(size=rows),
            "codes": random.integers(0, 30, rows),
            "holes": np.where(random.random(rows) < 0.1, np.nan, random.normal(size=rows)),
            "endless": np.where(random.random(rows) < 0.01, np.inf, 1.0),
            "word": random.choice(["a", "b", "c"], rows),
            "truth": random.random(rows) < 0.3,
            "when": pd.date_range("2026-01-01", periods=rows, freq="min"),
            "text": [f"row {row}" for row in range(rows)],
        }
    )


def _stored(frame: pd.DataFrame, columns: Any = None) -> Profile:
    return Profile.from_json(json.loads(json.dumps(Profile.of_table(frame, columns).to_json())))


def _judge(reference: pd.DataFrame | Profile, current: pd.DataFrame, *checks: DriftCheck, **more: Any) -> Verdict:
    side = {"reference_profile": reference} if isinstance(reference, Profile) else {"reference": reference}
    return judge(Question("d", "drift", table=current, checks=checks or CHECKS, **side, **more))


def _by_id(verdict: Verdict) -> dict[str, Check]:
    return {check.id: check for check in verdict.checks}


@pytest.mark.parametrize("shift", [0.0, 0.3, 3.0])
def test_table_and_profile_agree(shift: float) -> None:
    before, now = _table(1), _table(2, 7_000, shift)
    of_table, of_profile = _by_id(_judge(before, now)), _by_id(_judge(_stored(before), now))
    assert list(of_table) == list(of_profile)
    for id_, check in of_profile.items():
        expected = of_table[id_]
        assert check.outcome is expected.outcome, id_
        assert (check.n, check.n_reference, check.n_missing) == (expected.n, expected.n_reference, expected.n_missing)
        if check.value is None or expected.value is None:
            assert check.value is expected.value
        elif check.interval is None:
            assert check.value == pytest.approx(expected.value, rel=1e-9, abs=1e-12), id_
        else:
            low, high = check.interval
            assert low - 1e-12 <= expected.value <= high + 1e-12, id_


def test_p_is_never_below_that_of_all_rows() -> None:
    before, now = _table(3), _table(4, 5_000, 0.03)
    profile = _stored(before)
    for id_ in ("ks.normal", "ks.skewed", "ks.codes", "chi2.word"):
        by_table, by_profile = _by_id(_judge(before, now))[id_], _by_id(_judge(profile, now))[id_]
        assert by_table.p_value is not None
        assert by_profile.p_value is not None
        assert by_profile.p_value >= by_table.p_value * (1 - 1e-9)
        assert ("p is at most" in by_profile.note) == (id_ in ("ks.normal", "ks.skewed"))


def test_a_threshold_within_the_error_is_told() -> None:
    before, now = _table(5)[["normal"]], _table(6, shift=0.5)[["normal"]]
    low, high = _by_id(_judge(_stored(before), now, DriftCheck("ks", 0.1)))["ks.normal"].interval or (0.0, 0.0)
    assert 0 < high - low <= 1 / POINTS + 1e-9
    near = _by_id(_judge(_stored(before), now, DriftCheck("ks", (low + high) / 2)))["ks.normal"]
    assert "all rows of the reference may say otherwise" in near.note


def test_the_error_is_among_the_parameters() -> None:
    before = _table(7, 500)
    assert _judge(_stored(before), before).params["profile_error"] == 1 / POINTS
    assert "profile_error" not in _judge(before, before).params


def test_it_is_small() -> None:
    assert len(json.dumps(Profile.of_table(_table(8)).to_json())) < 250_000


def test_of_many_levels_the_most_frequent_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "LEVELS", 3)
    frame = pd.DataFrame({"x": ["a"] * 300 + ["b"] * 200 + ["c"] * 150 + ["d"] * 60 + ["e"] * 40})
    side = _stored(frame).columns["x"]
    assert isinstance(side, LevelSide)
    assert (side.levels.to_pylist(), side.n_others, side.other_levels) == (["a", "b", "c"], 100, 2)
    found = _by_id(_judge(_stored(frame), frame, DriftCheck("tvd", 0.1)))
    assert found["tvd.x"].value == 0
    assert "new_levels.x" not in found, "d may be one of those that were not kept"


def test_free_text_is_not_kept() -> None:
    frame = pd.DataFrame({"x": [f"person {row}" for row in range(500)]})
    profile = Profile.of_table(frame)
    assert "person" not in json.dumps(profile.to_json())
    assert _by_id(_judge(profile, frame, DriftCheck("tvd", 0.1)))["tvd.x"].outcome is Outcome.SKIPPED
    named = _by_id(_judge(profile, frame, DriftCheck("tvd", 0.1, ("x",))))["tvd.x"]
    assert named.outcome is Outcome.ERROR
    assert "keeps no levels" in named.note


def test_types_come_from_the_contract() -> None:
    frame = pd.DataFrame({"x": [1, 2, 3] * 100})
    columns = {"x": {"type": "category"}}
    assert _judge(_stored(frame, columns), frame, DriftCheck("chi2", 0.1), columns=columns).outcome is Outcome.PASS
    other = _judge(_stored(frame), frame, DriftCheck("chi2", 0.1), columns=columns)
    assert other.outcome is Outcome.ERROR
    assert "make the profile anew" in other.reason
    other = _judge(_stored(frame, columns), frame, DriftCheck("ks", 0.1), columns={"x": {"type": "int"}})
    assert other.outcome is Outcome.ERROR


def test_a_column_without_values_and_one_that_is_not_there() -> None:
    before = pd.DataFrame({"x": [np.nan] * 100, "y": [1.0, 2.0] * 50, "z": [None] * 100})
    now = pd.DataFrame({"x": [1.0, 2.0] * 50, "z": ["a", "b"] * 50, "new": [1, 2] * 50})
    outcomes = {
        id_: check.outcome for id_, check in _by_id(_judge(_stored(before), now, DriftCheck("psi", 0.2))).items()
    }
    assert outcomes["psi.x"] is Outcome.ERROR
    assert outcomes["psi.y"] is Outcome.ERROR
    assert outcomes["psi.z"] is Outcome.ERROR
    assert outcomes["psi.new"] is Outcome.SKIPPED


def test_a_profile_without_rows_is_no_reference() -> None:
    verdict = _judge(Profile.of_table(pd.DataFrame({"x": []})), pd.DataFrame({"x": [1.0]}))
    assert verdict.outcome is Outcome.ERROR
    assert "without rows" in verdict.reason


@pytest.mark.parametrize("damage", ["version", "points", "columns"])
def test_a_damaged_profile_is_refused(damage: str) -> None:
    value = Profile.of_table(pd.DataFrame({"x": [1.0, 2.0]})).to_json()
    if damage == "points":
        value["columns"]["x"]["points"] = value["columns"]["x"]["counts"]
    else:
        value[damage] = None if damage == "columns" else 99
    with pytest.raises(ProfileError, match="make it anew"):
        Profile.from_json(value)
