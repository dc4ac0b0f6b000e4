"""What each word of a choice means, for people who pick one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from modelsync.language.shapes import Choice

THINGS = MappingProxyType(
    {
        "param": "A value that can be given on the command line: `-p name=value`.",
        "secret": "Where a secret lies, never what it is.",
        "remote": "Another place for data, which `push` and `pull` mean by this name.",
        "dataset": "Rows, where they come from and the shape they promise.",
        "column": "One column, and what its values promise.",
        "pipeline": "Steps from artifacts to artifacts.",
        "step": "One piece of work: artifacts in, artifacts out. It runs again only when something it uses changed.",
        "gate": "A question about a table or a model; a critical one that fails stops what comes after.",
        "model": "The output that is a model, and how its versions move.",
        "stage": "A place on the way to production, and what a version needs to enter.",
        "deploy": "Where a model runs, and how a new version takes over.",
        "schedule": "A time at which it runs by itself.",
        "monitor": "A gate that is asked again and again about live data.",
        "channel": "Somebody who is told about what happens.",
    }
)
"""What each thing is that a spec gives a name to."""

_WORDS: tuple[Mapping[str, str], ...] = (
    {
        "int": "Whole numbers.",
        "float": "Numbers.",
        "bool": "true or false.",
        "string": "Any text.",
        "enum": "One of some texts, those of `values`.",
    },
    {
        "string": "Any text.",
        "int": "Whole numbers.",
        "float": "Numbers.",
        "bool": "true or false.",
        "category": "A few values; `values` can list them.",
        "datetime": "Points in time.",
    },
    {
        "feature": "What the model may learn from.",
        "label": "The truth that the model learns.",
        "id": "What names a row; never a feature.",
    },
    {
        "major": "What used it may break: 1.4.2 becomes 2.0.0.",
        "minor": "More than before: 1.4.2 becomes 1.5.0.",
        "patch": "The same in kind: 1.4.2 becomes 1.4.3.",
    },
    {
        "table": "Rows and columns, stored as Parquet.",
        "model": "A model with its signature, in a format that is safe to load.",
        "metrics": "Numbers by name.",
        "json": "Anything that JSON holds.",
        "plot": "A picture or a page.",
        "text": "A text.",
        "file": "One file as it is.",
        "folder": "A folder with all that is in it.",
    },
    {"error": "When the step fails.", "timeout": "When the step takes too long."},
    {
        "thread": "Beside the other steps; it can't be stopped before it ends.",
        "process": "In a process of its own, which can be stopped.",
    },
    {
        "quality": "Expectations about the rows of a table.",
        "missing": "How many values of a column are missing.",
        "outliers": "How many numbers of a column lie far out.",
        "freshness": "How old the newest row is. It is judged again in every run.",
        "drift": "Whether a table still looks like the one it is compared with.",
        "target_drift": "Whether the label is still distributed like that of the table it is compared with.",
        "prediction_drift": "Whether what a model says of a table is distributed like what it says of another.",
        "performance": "Metrics of a model, alone or against the champion.",
        "champion": "Whether a model is better than the champion, or at least not worse, on the same rows.",
        "stability": "Whether a metric is much the same over several trainings.",
        "calibration": "Whether predicted probabilities are what happens.",
        "residuals": "What is left of a regression: truth minus prediction.",
        "fairness": "Whether a model serves groups of rows alike.",
        "custom": "A function of your own.",
    },
    {
        "critical": "Blocks what follows.",
        "warning": "Is told and recorded; all goes on.",
        "info": "Is recorded; all goes on.",
    },
    {
        "pass": "Go on as if it held.",
        "fail": "Stop as if it did not hold.",
        "hold": "Wait for a person to decide.",
    },
    {"champion": "The version that is in production when the run starts, on the same rows."},
    {
        "point": "Compare the two numbers as they are.",
        "paired_bootstrap": "Draw the rows anew many times; look at the interval of the difference. For every metric.",
        "delong": "DeLong's test of two ROC curves, for `roc_auc` only.",
        "mcnemar": "McNemar's test of right and wrong answers, for `accuracy` only.",
    },
    {
        "auto": "delong for `roc_auc`, mcnemar for `accuracy`, paired_bootstrap for the rest; with `folds` "
        "corrected_resampled_t.",
        "delong": "DeLong's test of two ROC curves, for `roc_auc` only.",
        "mcnemar": "McNemar's exact test of right and wrong answers, for `accuracy` only.",
        "paired_bootstrap": "Draw the rows anew many times; look at the interval of the difference. For every metric.",
        "corrected_resampled_t": "Nadeau and Bengio's test over `folds`, on which both models are trained anew.",
    },
    {
        "non_inferior": "Not worse by more than `margin`, for the whole interval of the difference.",
        "superior": "Better by more than `margin`, for the whole interval of the difference.",
    },
    {
        "point": "The number as it is.",
        "interval": "All of its interval.",
    },
    {
        "auto": "By what the rows are: group when there is a `group`, stratified_kfold for classes, else kfold.",
        "stratified_kfold": "Each fold has the same shares of the classes.",
        "kfold": "Rows at random.",
        "group": "All rows of one value of `group` in the same fold.",
        "time_series": "Each fold comes after those it is trained on, in the order of `group`.",
    },
    {
        "ece": "Expected calibration error: the mean distance over the bins, weighted by their rows.",
        "mce": "Maximum calibration error: the largest distance of a bin.",
        "brier": "The mean squared distance of probability and truth.",
    },
    {
        "bias": "The absolute mean, in standard deviations of the truth.",
        "skew": "The absolute skewness.",
        "heteroscedasticity": "Whether their size depends on the prediction: an R², 0 to 1 (Breusch and Pagan).",
        "autocorrelation": "Whether rows in their order depend on each other: 0 to 4, 2 for not (Durbin and Watson).",
    },
    {
        "iqr": "More than `factor` times the interquartile range beyond the quartiles (Tukey).",
        "zscore": "More than `factor` standard deviations from the mean.",
        "mad": "A modified z-score above `factor`: by median and median deviation (Iglewicz and Hoaglin).",
    },
    {
        "bh": "Benjamini and Hochberg: the share of false alarms among the alarms.",
        "bonferroni": "The chance of even one false alarm.",
        "none": "Each column by itself.",
    },
    {"mlflow": "MLflow's model registry."},
    {
        "local": "Processes on this machine, behind one port.",
        "docker": "Containers on this machine, behind one port.",
        "kubernetes": "A deployment in a cluster.",
        "endpoint": "A service of your own that is sent each version.",
    },
    {
        "recreate": "Stop the old version, then start the new one.",
        "blue_green": "Start the new version beside the old one and switch at once.",
        "canary": "Give the new version more of the traffic step by step.",
        "rolling": "Replace a few replicas at a time.",
        "shadow": "Send the new version a copy of the traffic; callers never see its answers.",
        "ab_test": "Give each version a fixed share of the traffic and compare.",
    },
    {"stable": "The version that runs beside the new one."},
    {"last_good": "The last version that was rolled out to the end."},
    {
        "latest": "Catch up on the latest one only.",
        "all": "Catch up on each of them.",
        "skip": "Catch up on none.",
    },
    {
        "forbid": "No other run starts beside it.",
        "allow": "Run beside it.",
        "replace": "Stop it and run.",
    },
    {
        "notify": "Tell the channels.",
        "retrain": "Start a run.",
        "rollback": "Bring the last good version back.",
    },
    {
        "run.started": "A run began.",
        "run.failed": "A run ended with a failed step.",
        "run.succeeded": "A run ended well.",
        "gate.failed": "A critical gate did not hold.",
        "gate.warned": "A gate that only warns did not hold.",
        "gate.inconclusive": "A gate could not be decided.",
        "model.registered": "A new version was made.",
        "model.promoted": "A version entered a stage.",
        "model.rolled_back": "A stage went back to an earlier version.",
        "approval.asked": "A version waits for people to agree.",
        "approval.granted": "Enough people agreed.",
        "approval.rejected": "Somebody said no.",
        "approval.expired": "Nobody answered in time.",
        "deploy.started": "A rollout began.",
        "deploy.succeeded": "A rollout reached its end.",
        "deploy.failed": "A rollout could not be carried out.",
        "deploy.held": "A rollout waits, for a person or for traffic.",
        "deploy.rolled_back": "A rollout was taken back.",
        "monitor.failed": "A gate did not hold on live data.",
        "schedule.missed": "A time came at which nothing could run.",
    },
    {
        "threads": "This machine.",
        "dask": "A Dask cluster.",
        "ray": "A Ray cluster.",
    },
)
TESTS = MappingProxyType(
    {
        "psi": "Population stability index over bins; 0.1 is little, above 0.2 is much.",
        "ks": "Kolmogorov-Smirnov: the largest distance of the two distribution functions, 0 to 1. For numbers.",
        "wasserstein": "How far the values must be moved, in standard deviations of the reference. For numbers.",
        "jensen_shannon": "Jensen-Shannon distance, 0 for equal shares to 1 for disjoint ones.",
        "tvd": "Total variation distance: half of what the shares differ by, 0 to 1.",
        "cramers_v": "Cramér's V of the two samples, 0 to 1. For categories.",
        "chi2": "The chi-square test, judged by the size of its effect, Cramér's V, 0 to 1. For categories.",
    }
)
"""What each statistic of a drift gate measures."""

REPORTS = MappingProxyType(
    {
        "evidently": "Our page, and one drawn by Evidently.",
        "data_docs": "Our page, and Great Expectations' Data Docs.",
    }
)
"""What the words of `report` draw; none of them decides."""

_MEANINGS = MappingProxyType({tuple(words): words for words in _WORDS})


def meanings(choice: Choice) -> Mapping[str, str]:
    """A sentence for each word of a choice, in its order; empty when none are written."""
    return _MEANINGS.get(tuple(str(word) for word in choice.words), {})
