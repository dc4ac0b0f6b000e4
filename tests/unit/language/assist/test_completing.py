"""What is offered where the cursor stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Offered = Callable[[str, str], list[str]]
CHAMPION = "  new:\n    kind: champion\n    target: models.churn\n"


@pytest.mark.parametrize(
    ("old", "new", "some", "none"),
    [
        ("datasets:\n", "da|\ndatasets:\n", ["schedules", "notify"], ["datasets", "tags"]),
        ("    tags: [training, v1]", "    tags: [training, v1]\n    |", ["freshness"], ["source", "tags"]),
        ("isolate: process", "isola|", ["isolate", "timeout", "matrix"], ["run", "inputs"]),
        ("isolate: process", "isolate: |", ["thread", "process"], ["true"]),
        ("{limit: 2, delay: 10s", "{limit: 2, de|", ["delay"], ["limit"]),
        ("kind: quality", "kind: |", ["quality", "drift", "custom"], ["kind"]),
        ("    severity: warning", "    |", ["severity"], ["slices", "data"]),
        ("    severity: warning", "    severity: w|", ["critical", "warning", "info"], []),
        ("    report: true", "    report: |", ["true", "false"], []),
        ("    target: datasets.customers", "    target: |", ["datasets.customers"], ["models.churn"]),
        ("reference: champion", "reference: |", ["champion", "datasets.customers"], ["pipelines.train.fit.model"]),
        ("{train: steps.features.train}", "{train: steps.|}", ["steps.split.test", "datasets.customers"], []),
        ("{train: steps.features.train}", "{|}", ["train"], ["learner", "seed"]),
        ('with: {learner: "${{ params.learner }}", seed: 7}', "with: {|}", ["learner", "seed"], ["train"]),
        ('"${{ params.horizon }}"', '"${{ par|', ["params.horizon", "params.learner"], []),
        ("after: [steps.split]", "after: [|]", ["split", "features", "fit"], ["evaluate"]),
        ("run: flows/churn.py:fit", "run: |", ["flows/churn.py:fit"], []),
        ("uses: builtin/split", "uses: |", ["builtin/split", "builtin/select"], []),
        ("      - expect_column_values_to_not_be_null: {column: tenure_days, mostly: 0.99}", "      - |",
         ["expect_column_to_exist"], ["test"]),
        ("{column: tenure_days, mostly: 0.99}", "{column: tenure_days, mo|}", ["mostly"], ["column"]),
        ("{test: psi, columns", "{test: |, columns", ["psi", "ks"], ["roc_auc"]),
        ("{test: ks, columns: [tenure_days]", "{test: ks, columns: [|]", ["tenure_days", "plan"], []),
        ("{metric: roc_auc, min: 0.80", "{metric: |, min: 0.80", ["roc_auc", "recall"], ["psi"]),
        ("kind: quality", "kind: |", ["champion", "freshness", "prediction_drift"], []),
        ("    report: true", "    report: |", ["evidently", "data_docs"], []),
        ("max: 0.2, failing_share: 0.1}", "max: 0.2, alpha: 0.05, correction: |}", ["bh", "none"], []),
        ("kind: fairness", "report: |\n    kind: fairness", ["evidently"], ["data_docs"]),
        ("models:\n", f"{CHAMPION}    checks: [{{metric: |}}]\nmodels:\n", ["roc_auc"], ["ece"]),
        ("models:\n", f"{CHAMPION}    checks: [{{|}}]\nmodels:\n", ["margin", "rule", "folds"], ["min"]),
        ("models:\n", f"{CHAMPION}    guardrails: {{recall: 0.1, |}}\nmodels:\n", ["log_loss"], ["recall"]),
        ("models:\n", "  new:\n    kind: residuals\n    checks: [{test: |}]\nmodels:\n", ["skew"], ["psi"]),
        ("models:\n", "  new:\n    kind: freshness\n    checks: [{column: |}]\nmodels:\n", ["plan"], []),
        ("{by: [plan]", "{by: [|]", ["plan", "churned"], []),
        ("artifact: pipelines.train.fit.model", "artifact: |", ["pipelines.train.fit.model"], ["datasets.customers"]),
        ("{bump: major, when: contract.breaking}", "{bump: |, when: contract.breaking}", ["major", "patch"], []),
        ("{bump: patch, when: content.changed}", "{bump: patch, when: |}", ["content.changed"], ["metrics."]),
    ],
)  # fmt: skip
def test_what_may_stand_there_is_offered(
    offered: Offered, old: str, new: str, some: list[str], none: list[str]
) -> None:
    found = offered(old, new)
    assert [each for each in some if each not in found] == []
    assert [each for each in none if each in found] == []


def test_what_is_required_comes_first(offered: Offered) -> None:
    found = offered(
        "  floor:\n    kind: custom\n    uses: flows/churn.py:floor\n", "  floor:\n    kind: custom\n    |\n"
    )
    assert found[0] == "uses"
    assert found[-1] == "description"


def test_a_text_that_nobody_can_read_offers_nothing(offered: Offered) -> None:
    assert offered("modelsync: 1\n", "{ [ }\n: |\n") == []
