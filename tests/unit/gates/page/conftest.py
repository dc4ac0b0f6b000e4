"""Pages read back as the trees that they are, and the checks and rows that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import numpy as np
import pandas as pd
import pytest

from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict


def tree(page: str) -> Element:
    """The elements of a page or of a piece of one; ParseError when it is not well-formed."""
    return fromstring(page.removeprefix("<!DOCTYPE html>"))


def words(page: str) -> str:
    """What a reader sees, and what is said to one who can't."""
    root = tree(f"<div>{page.removeprefix('<!DOCTYPE html>').replace('<wbr/>', '')}</div>")
    labels = [str(element.get("aria-label")) for element in root.iter() if element.get("aria-label")]
    return " ".join(" ".join([*root.itertext(), *labels]).split())


def check(id: str = "psi.age", subject: str = "age", statistic: str = "psi", **more: Any) -> Check:
    """A check that fails by as much again as is allowed, unless something else is said."""
    given = {"outcome": Outcome.FAIL, "value": 0.4, "threshold": 0.2, "direction": "<=", **more}
    return Check(id, subject, statistic, **given)


def verdict(checks: Sequence[Check] = (), kind: str = "drift", **more: Any) -> Verdict:
    """A verdict with these checks."""
    given = {"outcome": Outcome.FAIL, "reason": "psi of age is 0.4, must be <= 0.2", **more}
    return Verdict("input_drift", kind, GateSeverity.CRITICAL, checks=tuple(checks), **given)


@pytest.fixture(scope="session")
def before() -> pd.DataFrame:
    """Rows as they were."""
    rng = np.random.default_rng(1)
    return pd.DataFrame({"age": rng.normal(40, 10, 600), "job": rng.choice(["clerk", "cook"], 600)})


@pytest.fixture(scope="session")
def now(before: pd.DataFrame) -> pd.DataFrame:
    """The same, older, some of them without an age, with a job that was never seen."""
    changed = pd.DataFrame({"age": before["age"] + 8, "job": before["job"].where(before["job"] == "clerk", "pilot")})
    changed.loc[::10, "age"] = np.nan
    return changed
