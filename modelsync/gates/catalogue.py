"""The names that a spec may use in its gates, known without importing any of the libraries that know them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

DRIFT_TESTS = ("psi", "ks", "wasserstein", "jensen_shannon", "tvd", "cramers_v", "chi2")
"""Statistics of a drift gate; each must be at most the check's `max`."""

NUMERIC_ONLY = frozenset({"ks", "wasserstein"})
CATEGORICAL_ONLY = frozenset({"cramers_v", "chi2"})

CLASSIFICATION_METRICS = (
    "accuracy",
    "average_precision",
    "balanced_accuracy",
    "brier_score_loss",
    "f1",
    "f1_macro",
    "f1_micro",
    "f1_weighted",
    "log_loss",
    "matthews_corrcoef",
    "precision",
    "precision_macro",
    "precision_micro",
    "precision_weighted",
    "recall",
    "recall_macro",
    "recall_micro",
    "recall_weighted",
    "roc_auc",
)
REGRESSION_METRICS = ("explained_variance", "mae", "mape", "max_error", "median_absolute_error", "mse", "r2", "rmse")
OTHER_NAMES = {
    "average_precision_score": "average_precision",
    "accuracy_score": "accuracy",
    "balanced_accuracy_score": "balanced_accuracy",
    "brier_score": "brier_score_loss",
    "explained_variance_score": "explained_variance",
    "f1_score": "f1",
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_error": "mse",
    "precision_score": "precision",
    "r2_score": "r2",
    "recall_score": "recall",
    "roc_auc_score": "roc_auc",
    "root_mean_squared_error": "rmse",
}
"""scikit-learn names one metric differently as a scorer and as a function; both are understood."""

METRICS = CLASSIFICATION_METRICS + REGRESSION_METRICS + tuple(OTHER_NAMES)
"""Metrics of a performance gate, by scikit-learn's names and the usual short forms of its regression errors."""

FAIRNESS_METRICS = (
    "accuracy",
    "demographic_parity",
    "equal_opportunity",
    "equalized_odds",
    "fnr",
    "fpr",
    "precision",
    "recall",
    "roc_auc",
    "selection_rate",
)
"""Metrics that a fairness gate compares between groups; demographic parity is about the selection rate, equal
opportunity about recall, equalized odds about recall and fpr, of which the worse decides."""

METHODS = ("point", "paired_bootstrap", "delong", "mcnemar")
"""How a candidate is compared with the champion; `delong` is for roc_auc, `mcnemar` for accuracy."""

CHAMPION_METHODS = ("auto", "delong", "mcnemar", "paired_bootstrap", "corrected_resampled_t")
"""The same in a champion gate, which never decides by a point but as a guardrail and may train both models anew."""

EXPECTATIONS_FILE = Path(__file__).parent / "expectations.json"

# Of every expectation, what belongs to the library's own bookkeeping and not into a spec.
_BOOKKEEPING = frozenset(
    {
        "batch_id", "catch_exceptions", "description", "id", "meta", "notes", "rendered_content", "result_format",
        "severity", "windows",
    }
)  # fmt: skip


@cache
def expectation_shapes() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every Great Expectations core expectation: the arguments it takes, and those of them it needs."""
    table = json.loads(EXPECTATIONS_FILE.read_text(encoding="utf-8"))["expectations"]
    return {name: (tuple(entry["arguments"]), tuple(entry["required"])) for name, entry in table.items()}


def generate() -> dict[str, Any]:
    """The content of `expectations.json`, asked of the installed library (slow); a test compares the two."""
    from modelsync.gates import libraries

    gx, registry = libraries.great_expectations()
    return {
        "great_expectations": gx.__version__,
        "expectations": {
            name: _shape(registry.get_expectation_impl(name).__fields__)
            for name in sorted(registry.list_registered_expectation_implementations())
        },
    }


def _shape(fields: dict[str, Any]) -> dict[str, list[str]]:
    own = {name: field for name, field in fields.items() if name not in _BOOKKEEPING}
    return {"arguments": sorted(own), "required": sorted(name for name, field in own.items() if field.required)}
