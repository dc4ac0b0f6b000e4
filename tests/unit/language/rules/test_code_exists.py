"""Files and functions of the user must be there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.language.load import Loaded

Spoil = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (["flows/churn.py:fit", "flows/chrun.py:fit"], ["MS401 flows/chrun.py:fit"]),
        (["flows/churn.py:fit", "flows/churn.py:fitt"], ["MS401 flows/churn.py:fitt"]),
        (["flows/churn.py:floor", "flows/churn.py:flor"], ["MS401 flows/churn.py:flor"]),
    ],
)
def test_the_good_spec_spoilt(spoil: Spoil, changes: list[str], found: list[str]) -> None:
    assert spoil(*changes) == found


def test_python_that_does_not_parse_is_shown_with_its_place(spoilt: Callable[..., Loaded], project: Path) -> None:
    (project / "flows/broken.py").write_text("def fit(train:\n    return train\n")
    (found,) = spoilt("flows/churn.py:fit", "flows/broken.py:fit").diagnostics
    assert found.code == "MS401"
    assert found.related[0].at.file == project / "flows/broken.py"
    assert str(project) not in found.message


def test_a_misspelt_function_can_be_mended(spoilt: Callable[..., Loaded]) -> None:
    (found,) = spoilt("flows/churn.py:fit", "flows/churn.py:fitt").diagnostics
    assert found.fix is not None
    assert found.fix.replacement == "flows/churn.py:fit"
