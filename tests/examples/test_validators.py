"""The validators that the repository shows do what their README says, in a process of their own, on the credit data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from modelsync.core.artifacts import OutputType
from modelsync.core.verdict import Outcome, Verdict
from modelsync.gates.judging import judge
from modelsync.gates.question import Question
from modelsync.usercode import codecs, load
from modelsync.usercode.examination import Examination
from modelsync.usercode.validator import Validator

ROOT = Path(__file__).parents[2]
NUMBERS = ["duration_months", "credit_amount", "age_years", "installment_rate"]
LABEL = {"label": "risk", "positive": "bad"}


@dataclass(frozen=True)
class Lent:
    """The credit table and two models on it, as files."""

    table: Path
    model: Path
    champion: Path


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory) -> Lent:
    folder = tmp_path_factory.mktemp("lent")
    table = pd.read_csv(ROOT / "specs/credit/data/credit.csv")

    def stored(name: str, columns: list[str]) -> Path:
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(table[columns], table["risk"])
        return codecs.encode(model, OutputType.MODEL, folder, name, label=name, seen=[table]).path

    data = codecs.encode(table, OutputType.TABLE, folder, "data", label="data").path
    return Lent(data, stored("model", NUMBERS), stored("champion", NUMBERS[:2]))


Ask = Callable[..., Verdict]


@pytest.fixture
def ask(lent: Lent) -> Ask:
    def judged(file: str, models: dict[str, Path] | None = None, **given: Any) -> Verdict:
        asked = Examination(
            ROOT, Path("validators", file), "check", {"data": lent.table}, models or {}, dict(LABEL), given
        )
        return judge(Question("g", "custom", function=Validator(asked), arguments=given, timeout=120))

    return judged


def test_a_truth_value_on_data_alone(ask: Ask) -> None:
    assert ask("one_row_each.py", columns=["applicant"]).outcome is Outcome.PASS
    verdict = ask("one_row_each.py", columns=["purpose", "job"])
    assert verdict.outcome is Outcome.FAIL
    assert verdict.engine == "validators/one_row_each.py:check"


def test_a_map_on_a_model(ask: Ask, lent: Lent) -> None:
    models = {"model": lent.model}
    verdict = ask("recall_floor.py", models, floor=0.5, cutoff=0.3)
    (check,) = verdict.checks
    assert (check.outcome, check.threshold, check.direction) == (Outcome.PASS, 0.5, ">=")
    assert check.note == "300 bad risks, score cut at 0.3"
    assert "missing a required argument: 'cutoff'" in ask("recall_floor.py", models, floor=0.5).reason


def test_a_list_of_findings(ask: Ask) -> None:
    verdict = ask("enough_of_each.py", columns=["housing", "job"], least=150)
    assert verdict.outcome is Outcome.FAIL
    found = {check.id: check for check in verdict.checks}
    assert len(found) == 7
    assert found["rows with housing.own"].value == 713
    assert [check.value for check in found.values() if check.outcome is Outcome.FAIL] == [108, 148, 22]
    assert "rows with housing of free is 108, must be >= 150" in verdict.reason


def test_with_the_champion(ask: Ask, lent: Lent) -> None:
    both = {"model": lent.model, "champion": lent.champion}
    (check,) = ask("few_flips.py", both, most=0.5).checks
    assert check.outcome is Outcome.PASS
    assert 0 < (check.value or 0.0) < 0.5
    assert check.note.endswith("of 1000 rows")


def test_without_a_champion_nobody_was_decided_about() -> None:
    check = load.function(ROOT, Path("validators/few_flips.py"), "check")
    assert check(None, None, None, most=0.0) == {
        "passed": True, "note": "no champion yet, so nobody was decided about before"
    }  # fmt: skip


def test_the_readme_names_every_one_of_them() -> None:
    text = (ROOT / "validators/README.md").read_text()
    assert [path.name for path in sorted((ROOT / "validators").glob("*.py")) if f"]({path.name})" not in text] == []
