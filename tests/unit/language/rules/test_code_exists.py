"""Files and functions of the user must be there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from modelsync.language.known import Known
from modelsync.language.load import Loaded, load

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


GATE = """\
modelsync: 1
project: churn
datasets:
  customers: {source: data/customers.csv}
gates:
  own: {kind: custom, uses: NAME, target: datasets.customers, with: {most: 3}}
"""


@pytest.mark.parametrize(
    ("name", "message", "help"),
    [
        ("credit_limit", "brings a validator `credit_limit`", "did you mean `credit_limits`?"),
        ("zzz", "brings a validator `zzz`", "install the package that brings it, or name a file"),
        ("own", "brings a validator `own`", "did you mean `validators/own.py:function`?"),
        ("twice", "acme and other both bring", "uninstall all but one of them"),
    ],
)
def test_validators_that_no_package_brings(
    load_text: Callable[..., Loaded], project: Path, name: str, message: str, help: str
) -> None:
    (project / "validators").mkdir()
    (project / "validators/own.py").write_text("")
    (found,) = load_text(GATE.replace("NAME", name)).diagnostics
    assert found.code == "MS401"
    assert found.message.startswith("gate `own`: ")
    assert message in found.message
    assert help in found.help
    assert (found.fix is not None) == (name == "credit_limit")


@pytest.mark.parametrize("name", ["credit_limits", "compiled"])
def test_validators_that_packages_bring(load_text: Callable[..., Loaded], name: str) -> None:
    assert load_text(GATE.replace("NAME", name)).diagnostics == ()


@pytest.mark.parametrize(
    ("given", "code"),
    [("{most: few}", "MS405"), ("{}", "MS402"), ("{most: 3, least: 1}", "MS403")],
)
def test_what_a_package_s_validator_is_given(load_text: Callable[..., Loaded], given: str, code: str) -> None:
    (found,) = load_text(GATE.replace("NAME", "credit_limits").replace("{most: 3}", given)).diagnostics
    assert (found.code, found.related) == (code, ()), found.message


def test_a_spec_that_names_no_package_asks_for_none(good: str, known: Known, project: Path) -> None:
    def never(name: str) -> None:
        raise AssertionError(name)

    spec = project / "modelsync.yaml"
    spec.write_text(good)
    assert load(spec, replace(known, validator=never)).spec is not None
