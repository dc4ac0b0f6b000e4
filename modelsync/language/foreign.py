"""Words that people bring along from other tools, and what they are called here: for "did you mean" only.

Only words that mean the same are here. What is merely written in another way (`minValue`, `blue-green`) needs no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from modelsync.core.nearest import folded, nearest

# Our word -> the words of others: GitHub Actions, DVC, dbt, MLflow, Airflow, Prefect, Kubernetes, Argo, scikit-learn,
# Great Expectations, pandas. A word may stand in several rows: what is allowed at a place decides which one is meant.
_OURS: Mapping[str, str] = {
    # sections of the spec
    "access": "rbac permissions users",
    "datasets": "sources data tables",
    "deploy": "deployments serving endpoints services",
    "engine": "executor cluster runtime",
    "gates": "tests validations validators expectations quality_gates",
    "include": "imports extends",
    "modelsync": "version",
    "notify": "notifications alerts webhooks",
    "params": "variables vars parameters hyperparameters config",
    "pipelines": "jobs workflows dags flows",
    "project": "name",
    "remotes": "storage remote",
    "schedules": "triggers cron",
    "secrets": "credentials",
    "stages": "environments",
    # keys
    "across": "over",
    "alpha": "significance significance_level p_value",
    "after": "depends_on needs requires upstream",
    "approval": "reviewers approvers manual_approval",
    "artifact": "model_path output",
    "backoff": "factor multiplier",
    "by": "columns group_by",
    "checks": "tests expectations rules validations",
    "columns": "fields",
    "command": "cmd script shell entrypoint",
    "concurrency": "max_workers workers parallelism n_jobs",
    "contract": "schema",
    "cpu": "cpus cores",
    "cron": "schedule crontab",
    "data": "dataset test_data",
    "default": "value",
    "delay": "wait interval",
    "description": "doc docs summary help",
    "env": "environment env_vars variables",
    "events": "on when triggers",
    "every": "interval period",
    "expires": "timeout",
    "factor": "multiplier k whisker",
    "folds": "cv n_splits n_folds k k_folds",
    "for": "duration hold pause_for",
    "freeze": "cooldown",
    "freshness": "ttl recency staleness",
    "gpu": "gpus",
    "group": "groups group_by",
    "guardrails": "guards non_regressions",
    "image": "container",
    "inputs": "deps dependencies args inputs_from",
    "key": "primary_key unique_key",
    "limit": "attempts max_attempts max_retries count times",
    "margin": "min_delta delta tolerance",
    "matrix": "strategy foreach",
    "max": "maximum max_value le lte upper threshold",
    "max_age": "older_than max_staleness",
    "max_share": "max_missing max_fraction max_ratio share",
    "memory": "mem ram",
    "min": "minimum min_value ge gte lower threshold",
    "missed": "catchup catch_up",
    "no_reference": "if_missing on_missing",
    "outputs": "outs artifacts returns",
    "overlap": "concurrency_policy",
    "positive": "pos_label",
    "reference": "baseline",
    "repeats": "n_repeats repetitions",
    "resources": "requests limits",
    "rollback": "on_failure",
    "roles": "reviewers approvers",
    "run": "function callable entry_point",
    "slices": "segments groups",
    "source": "path file url uri location",
    "target": "input dataset",
    "timezone": "tz",
    "traffic": "weight set_weight percent",
    "type": "dtype data_type",
    "url": "webhook hook endpoint",
    "values": "choices options enum allowed accepted_values categories",
    "versus": "against baseline compare_to",
    "watch": "analysis metrics monitor",
    "when": "if condition only_if",
    "with": "params parameters args kwargs arguments hyperparameters",
    "within": "timeout",
    # types, kinds, strategies, tests and metrics
    "bool": "boolean",
    "category": "categorical enum",
    "datetime": "timestamp date",
    "enum": "choice select categorical",
    "file": "path pdf html binary",
    "float": "double float64 float32 number numeric decimal",
    "folder": "directory dir",
    "int": "integer int64 int32 bigint long",
    "json": "dict object",
    "kind": "type",
    "label": "target y",
    "model": "estimator pickle pkl onnx",
    "plot": "figure image png chart",
    "string": "str text varchar object",
    "table": "dataframe dataset csv parquet data",
    "custom": "python function",
    "drift": "shift",
    "calibration": "reliability",
    "champion": "challenger champion_challenger",
    "missing": "nulls completeness",
    "outliers": "anomalies outlier_detection",
    "prediction_drift": "score_drift output_drift",
    "stability": "cross_validation",
    "target_drift": "label_drift",
    "fairness": "bias",
    "performance": "metric metrics",
    "quality": "great_expectations schema validation",
    "kubernetes": "k8s",
    "local": "localhost process",
    "endpoint": "http rest sagemaker vertex",
    "recreate": "all_at_once replace",
    "rolling": "rolling_update ramped",
    "critical": "error blocker block fatal",
    "fail": "block",
    "pass": "skip ignore allow",
    "hold": "manual",
    "major": "breaking",
    "minor": "feature feat",
    "patch": "fix bugfix",
    "latest": "once run_once catchup catch_up",
    "threads": "thread local",
    "chi2": "chisquare chi_square chi_squared",
    "autocorrelation": "durbin_watson",
    "heteroscedasticity": "breusch_pagan homoscedasticity",
    "skew": "skewness",
    "brier": "brier_score brier_score_loss",
    "ece": "expected_calibration_error",
    "mce": "maximum_calibration_error",
    "iqr": "tukey boxplot",
    "mad": "modified_zscore",
    "zscore": "z_score",
    "bh": "benjamini_hochberg fdr",
    "jensen_shannon": "js jsd",
    "ks": "kolmogorov_smirnov kolmogorov kstest ks_2samp",
    "psi": "population_stability_index",
    "tvd": "total_variation",
    "wasserstein": "emd earth_mover",
    "split": "train_test_split",
    "accuracy": "acc",
    "average_precision": "pr_auc auprc ap",
    "fnr": "false_negative_rate",
    "fpr": "false_positive_rate",
    "log_loss": "cross_entropy",
    "mae": "neg_mean_absolute_error",
    "matthews_corrcoef": "mcc",
    "mse": "neg_mean_squared_error",
    "r2": "r_squared",
    "recall": "tpr sensitivity true_positive_rate",
    "rmse": "neg_root_mean_squared_error",
    "roc_auc": "auc roc auroc rocauc",
    "demographic_parity": "statistical_parity",
    "selection_rate": "positive_rate acceptance_rate",
    # expectations and arguments
    "expect_column_to_exist": "column_exists",
    "expect_column_values_to_be_between": "between in_range",
    "expect_column_values_to_be_in_set": "accepted_values isin",
    "expect_column_values_to_be_unique": "unique no_duplicates",
    "expect_column_values_to_match_regex": "regex matches",
    "expect_column_values_to_not_be_null": "not_null no_nulls null_rate",
    "expect_table_row_count_to_be_between": "row_count",
    "column": "col column_name field",
    "max_value": "max maximum le lte",
    "min_value": "min minimum ge gte",
    "regex": "pattern",
    "seed": "random_state random_seed",
    "value_set": "values accepted_values allowed",
    # events, and measures of a rollout
    "deploy.succeeded": "deploy.finished deploy.done",
    "run.succeeded": "run.finished run.completed run.done",
    "error_rate": "errors failure_rate 5xx",
    "latency_p95_ms": "p95 latency",
    "latency_p99_ms": "p99",
    "requests_per_second": "rps qps throughput",
}

# What a file of another tool has at its top, and what it is.
_FILES: Mapping[tuple[str, ...], str] = {
    ("apiVersion", "kind"): "a file for Kubernetes",
    ("on", "jobs"): "a workflow of GitHub Actions",
}
_AT_THE_TOP: Mapping[str, str] = {
    "metrics": "a step gives them as an output of type `metrics`, and its model names that: "
    "`metrics: pipelines.pipeline.step.output`",
    "on": 'when it runs is written under `schedules:`, such as `nightly: {cron: "15 2 * * *", missed: latest}`',
}


def file_of_another_tool(keys: Iterable[str]) -> str:
    """What a file with these keys at its top is, empty when it may be a spec."""
    there = set(keys)
    return next((what for marks, what in _FILES.items() if there.issuperset(marks)), "")


def instead_at_the_top(written: str) -> str:
    """The way out for a section that no one word of ours stands for."""
    return _AT_THE_TOP.get(written, "")


def either(written: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Our words for one of another tool that says less than they do; empty unless several are allowed."""
    there = set(allowed)
    found = tuple(word for word in _UNCLEAR.get(folded(written), ()) if word in there)
    return found if len(found) > 1 else ()


_UNCLEAR = {"threshold": ("min", "max")}


def ours(written: str, allowed: Iterable[str]) -> str:
    """Our word for one of another tool, among those allowed at a place; empty when there is none."""
    there = set(allowed)
    return next((word for word in theirs(written) if word in there), "")


def theirs(written: str) -> tuple[str, ...]:
    """What a word of another tool can be called here, wherever; empty when it is no such word."""
    return _theirs().get(folded(written), ())


def meant(written: str, allowed: Iterable[str]) -> str:
    """The word that was probably meant among those allowed, empty when none is: one of another tool, or a slip."""
    allowed = tuple(allowed)
    return ours(written, allowed) or nearest(written, allowed)


@cache
def _theirs() -> dict[str, tuple[str, ...]]:
    """Each word of others with ours, in the order of the table."""
    found: dict[str, tuple[str, ...]] = {}
    for word, others in _OURS.items():
        for each in others.split():
            found[each] = (*found.get(each, ()), word)
    return found
