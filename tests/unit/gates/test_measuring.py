"""All statistics of a column, measured once and small enough to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from modelsync.gates import measuring
from modelsync.gates.measuring import Measured, each, measure
from modelsync.gates.pairs import Pair, Unfit, pair

EVERY = frozenset({"psi", "ks", "wasserstein", "jensen_shannon", "tvd", "p"})


def _pair(reference: Any, current: Any) -> Pair:
    found = pair(pd.Series(reference, name="x"), pd.Series(current, name="x"))
    assert not isinstance(found, Unfit)
    return found


def test_numbers() -> None:
    random = np.random.default_rng(0)
    one, two = random.normal(size=4000), random.normal(0.5, 1, size=3000)
    found = measure(_pair(one, two), EVERY)
    assert found.value("ks") == pytest.approx(0.197, abs=0.03)
    assert found.value("wasserstein") == pytest.approx(0.5, abs=0.06)
    assert found.value("psi") == pytest.approx(0.25, abs=0.06)
    assert found.value("tvd") == pytest.approx(0.19, abs=0.03)
    assert found.effect == found.value("ks")
    assert found.bounds("ks") is None
    for test in ("psi", "ks", "wasserstein", "jensen_shannon", "tvd"):
        noise = found.noise(test, 0.05)
        assert noise is not None
        assert 0 < noise < (found.value(test) or 0)
    assert found.ground is not None
    assert found.ground.deviation == pytest.approx(np.concatenate([one, two]).std(), rel=1e-6)
    both = np.sort(np.concatenate([one, two]))
    share = np.arange(1, 7000) / 7000
    width = float((np.sqrt(share * (1 - share)) * np.diff(both)).sum())
    assert width <= found.ground.width <= 1.05 * width


def test_levels() -> None:
    found = measure(_pair(["a", "b"] * 500, ["a", "b", "b", "c"] * 250), frozenset({"tvd"}))
    assert found.value("tvd") == pytest.approx(0.25)
    assert found.value("chi2") == found.value("cramers_v") == found.effect
    assert found.novelty is not None
    assert (found.novelty.n_new, found.novelty.new) == (250, ("c",))


def test_only_what_is_needed_is_computed() -> None:
    found = measure(_pair([1.0, 2.0] * 50, [1.0, 2.0] * 50), frozenset({"psi"}))
    assert (found.distance, found.p_value, found.ground) == (None, None, None)


def test_no_value_on_one_side() -> None:
    found = measure(_pair([1.0, 2.0], [np.nan, np.nan]), EVERY)
    assert (found.n, found.cells, found.distance) == (0, None, None)


def test_columns_are_measured_in_their_order_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> Pair | Unfit:
        return Unfit("no", broken=True) if name == "b" else _pair([1.0, 2.0] * 60, [1.0, 3.0] * 60)

    wanted = dict.fromkeys("cab", frozenset({"ks"}))
    for many in (0, 10**9):
        monkeypatch.setattr(measuring, "_MANY", many)
        found = each(load, wanted, 360)
        assert list(found) == ["c", "a", "b"]
        assert isinstance(found["b"], Unfit)
        assert isinstance(found["a"], Measured)
        assert found["a"].value("ks") == 0.5


def test_what_one_column_raises_is_its_own_fault() -> None:
    def load(name: str) -> Pair | Unfit:
        if name == "a":
            raise TypeError("unhashable")
        return _pair([1.0, 2.0] * 60, [1.0, 3.0] * 60)

    found = each(load, dict.fromkeys("ab", frozenset({"ks"})), 240)
    assert found["a"] == Unfit("it can't be compared: TypeError: unhashable", broken=True)
    assert isinstance(found["b"], Measured)
