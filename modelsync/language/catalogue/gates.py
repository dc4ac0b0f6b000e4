"""MS501 to MS508: gates that could not be judged."""

from __future__ import annotations

from modelsync.language.catalogue.entry import Entry

_QUALITY = "gates:\n  quality:\n    kind: quality\n    target: datasets.customers\n    checks:\n      - "
_GOOD = """\
gates:
  good:
    kind: performance
    target: models.churn
    data: pipelines.train.split.test
    checks: [{metric: roc_auc, min: 0.8}]
stages:
  production: {gates: [good]}
"""
_DRIFT = """\
gates:
  drift:
    kind: drift
    target: pipelines.train.split.train
    reference: champion
    no_reference: pass
    checks: [{test: psi, max: 0.2}]
"""
_SPLIT = """\
pipelines:
  train:
    steps:
      split: {uses: builtin/split, inputs: {data: datasets.customers}, outputs: {train: table, test: table}}
"""

ENTRIES = (
    Entry(
        "MS501",
        "an expectation that does not exist",
        "Checks of a quality gate are expectations by their own names of Great Expectations, in snake case. Names of "
        "classes (`ExpectColumnToExist`) and of dbt's tests (`not_null`) are answered with the expectation they mean.",
        "A check that is not made always passes.",
        _QUALITY + "ExpectColumnValuesToNotBeNull: {column: plan}\n",
        _QUALITY + "expect_column_values_to_not_be_null: {column: plan}\n",
        ("MS502", "MS211"),
    ),
    Entry(
        "MS502",
        "wrong arguments of an expectation",
        "An expectation is given an argument that it does not have, or lacks one that it needs.",
        "The library would refuse it in the middle of a run.",
        _QUALITY + "expect_column_values_to_be_between: {column: tenure_days, min: 0}\n",
        _QUALITY + "expect_column_values_to_be_between: {column: tenure_days, min_value: 0}\n",
        ("MS501",),
    ),
    Entry(
        "MS503",
        "a column that is not in the contract",
        "A gate on a dataset, or the `key` of a contract, names a column that the contract does not have, or one of a "
        "type that the check can't look at: `freshness` looks at times, `outliers` at numbers. What steps make has no "
        "contract, so its columns are not looked at.",
        "The contract is what the columns are; a slip in a name would make the gate an error at run time.",
        _QUALITY + "expect_column_values_to_not_be_null: {column: tenure}\n",
        _QUALITY + "expect_column_values_to_not_be_null: {column: tenure_days}\n",
    ),
    Entry(
        "MS504",
        "a drift test that does not exist",
        "The tests of the drift gates of all three kinds are psi, ks, wasserstein, jensen_shannon, tvd, cramers_v and "
        "chi2.",
        "A test that is not made always passes.",
        _DRIFT.replace("psi", "kolmogorov_smirnov"),
        _DRIFT.replace("psi", "ks"),
        ("MS505",),
    ),
    Entry(
        "MS505",
        "a metric that does not exist",
        "Metrics of performance, champion and stability gates have scikit-learn's names (`roc_auc`, `f1`, "
        "`neg_mean_squared_error` is `mse`), but for those over the members of a matrix, which their step names. "
        "Fairness compares accuracy, fnr, fpr, precision, recall, roc_auc, selection_rate, demographic_parity, "
        "equal_opportunity and equalized_odds.",
        "There is nothing to measure. A metric of your own is a custom gate.",
        _GOOD.replace("roc_auc", "auc"),
        _GOOD,
        ("MS504", "MS514"),
    ),
    Entry(
        "MS506",
        "silent about the first release",
        "A gate compares with the champion (`reference: champion`, `versus: champion`, `kind: champion`) and does not "
        "say what holds while there is none: `no_reference: pass`, `fail` or `hold`.",
        "The first release has no champion. A default would let it through or block it without anybody having decided.",
        _DRIFT.replace("    no_reference: pass\n", ""),
        _DRIFT,
        ("MS508",),
    ),
    Entry(
        "MS507",
        "a model that can't be measured",
        "A gate that measures or trains a model has no `data`, or nobody says which column is the truth: no dataset "
        "above its data marks one with `role: label`, and the gate has no `label`. `target_drift` needs one in its "
        "target.",
        "Without rows and their truth there is nothing to measure.",
        _GOOD.replace("    data: pipelines.train.split.test\n", ""),
        _GOOD,
        ("MS503", "MS518"),
    ),
    Entry(
        "MS508",
        "whose champion?",
        "A gate on data compares with the champion, and no model comes from that data, or several do.",
        "The champion is that of the one model that the target leads to; otherwise it would be a guess.",
        _SPLIT + _DRIFT,
        _SPLIT
        + """\
      fit: {run: flows/churn.py:fit, inputs: {train: steps.split.train}, outputs: {model: model}}
models:
  churn: {artifact: pipelines.train.fit.model}
"""
        + _DRIFT,
        ("MS506",),
    ),
)
