"""What is shown beside a word."""

from __future__ import annotations

import pytest

from modelsync.api.editing import Desk


@pytest.mark.parametrize(
    ("line", "word", "said"),
    [
        ("        retries: {limit", "retries", "How stubbornly it is tried again."),
        ("        retries: {limit", "limit", "from 0 to 20"),
        ("    kind: drift", "kind", "`quality` or `missing`"),
        ("    source: data", "source", "Required."),
        ("    report: true", "report", "Default: `false`."),
        ("run: flows/churn.py:fit", "fit", "def fit(train: Any, learner: str = ..., seed: int = ...)"),
        ("{train: steps.features.train}", "features", "step **features**: `flows/churn.py:features`"),
        ("{train: steps.features.train}", "train}", "output **train** of step `features`, of type table"),
        ("target: datasets.customers", "customers", "columns: customer_id, plan"),
        ("params.learner }}", "learner", "param **learner** (enum) = `gbm`"),
        ("    target: models.churn", "churn", "model **churn**: `pipelines.train.fit.model`"),
        ("gates: [data_quality]", "data_quality", "quality gate **data_quality** on `datasets.customers`, warning"),
        ("- expect_column_values", "expect", "needs: column"),
        ("mostly: 0.99", "mostly", "an argument of `expect_column_values_to_not_be_null`"),
        ("deploy: live", "live", "deployment **live** of model `churn`"),
    ],
)
def test_a_word_is_explained(desk: Desk, good: str, line: str, word: str, said: str) -> None:
    lines = good.split("\n")
    number = next(index for index, each in enumerate(lines) if line in each)
    start = lines[number].index(word, lines[number].index(line))
    found = desk.hover(number + 1, start + 2)
    assert found is not None
    assert said in found.markdown
    assert (found.at.line, found.at.end_line) == (number + 1, number + 1)


def test_where_nothing_is_known_nothing_is_said(desk: Desk) -> None:
    assert desk.hover(1, 1) is None
