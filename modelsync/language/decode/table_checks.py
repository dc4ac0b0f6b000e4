"""The entries of `checks:` about the rows of a table: missing values, outliers, age and drift."""

from __future__ import annotations

from modelsync.core.checks import DriftCheck, FreshnessCheck, MissingCheck, OutlierCheck
from modelsync.language.decode.body import Body
from modelsync.language.shapes import Choice, Duration, Fields, Key, Many, Number, Plain
from modelsync.language.text import nodes

ALL = "all"
OUTLIER_METHODS = ("iqr", "zscore", "mad")
CORRECTIONS = ("bh", "bonferroni", "none")

Found = tuple[object, nodes.Mapping]


def _missing(body: Body) -> Found | None:
    share = body.get("max_share")
    return None if share is None else (MissingCheck(share, _columns(body)), body.node)


def _outliers(body: Body) -> Found | None:
    factor = body.get("factor")
    if factor == 0:
        help = "leave it out for the usual one: 1.5 for iqr, 3 for zscore, 3.5 for mad"
        body.fault("MS104", body.value_at("factor"), f"`factor` of {body.what} must be more than 0", help)
        return None
    share = body.get("max_share")
    if share is None:
        return None
    return OutlierCheck(share, _columns(body), body.get("method", "iqr"), factor), body.node


def _freshness(body: Body) -> Found | None:
    column, age = body.get("column"), body.get("max_age")
    return None if column is None or age is None else (FreshnessCheck(column, age), body.node)


def _drift(body: Body) -> Found | None:
    if body.has("max") and body.has("max_statistic"):
        message = f"{body.what} has both `max` and `max_statistic`"
        body.fault("MS109", body.key_at("max_statistic"), message, "they mean the same; keep one")
    if not body.has("max") and not body.has("max_statistic"):
        body.fault("MS102", body.node.at, f"{body.what} has no `max`", "add `max:`, the largest statistic that passes")
    return _drifting(body, body.get("max", body.get("max_statistic")))


def _value_drift(body: Body) -> Found | None:
    return _drifting(body, body.get("max"))


def _drifting(body: Body, limit: float | None) -> Found | None:
    help = "add `alpha:`, below which a corrected p value must be as well"
    body.only_with(("correction",), body.has("alpha"), "only goes with `alpha`", help)
    test = body.get("test")
    if test is None or limit is None:
        return None
    share, alpha = body.get("failing_share", 0.0), body.get("alpha")
    return DriftCheck(test, limit, _columns(body), share, alpha, body.get("correction", CORRECTIONS[0])), body.node


def _columns(body: Body) -> tuple[str, ...] | None:
    """The columns that are named; None for all."""
    columns: tuple[str, ...] | None = body.get("columns")
    return None if columns is None or columns == (ALL,) else columns


def _looked_at(doc: str) -> Key:
    return Key(Many(Plain(), least=1, one=True), doc, default=ALL)


_TEST = Key(
    Plain(),
    "The statistic: psi, ks, wasserstein, jensen_shannon, tvd, cramers_v, chi2.",
    required=True,
    example="psi",
)
_P_VALUES = {
    "alpha": Key(Number(0, 1), "It fails only when, besides, its corrected p value is below this."),
    "correction": Key(
        Choice(CORRECTIONS), "How p values are corrected over the columns of the gate.", default=CORRECTIONS[0]
    ),
}
MISSING = Fields(
    {
        "columns": _looked_at("The columns to look at."),
        "max_share": Key(
            Number(0, 1), "The share of a column's values that may be missing.", required=True, example="0.05"
        ),
    },
    _missing,
)
OUTLIERS = Fields(
    {
        "columns": _looked_at("The columns to look at; of all, those that hold numbers."),
        "method": Key(Choice(OUTLIER_METHODS), "What an outlier is.", default="iqr"),
        "factor": Key(Number(0), "How far out it lies; without it 1.5 for iqr, 3 for zscore, 3.5 for mad."),
        "max_share": Key(
            Number(0, 1), "The share of a column's values that may lie out.", required=True, example="0.01"
        ),
    },
    _outliers,
)
FRESHNESS = Fields(
    {
        "column": Key(Plain(), "The column with the times of the rows.", required=True, example="updated_at"),
        "max_age": Key(
            Duration(positive=True, unit="d"),
            "How old the newest row may be when the gate is judged.",
            required=True,
            example="2d",
        ),
    },
    _freshness,
)
DRIFT = Fields(
    {
        "test": _TEST,
        "columns": _looked_at("The columns to compare."),
        "max": Key(Number(0), "The largest statistic of a column that passes."),
        "max_statistic": Key(Number(0), "The same as `max`."),
        "failing_share": Key(Number(0, 1), "The share of columns that may be above it.", default=0),
        **_P_VALUES,
    },
    _drift,
)
VALUE_DRIFT = Fields(
    {
        "test": _TEST,
        "max": Key(Number(0), "The largest statistic that passes.", required=True, example="0.1"),
        **_P_VALUES,
    },
    _value_drift,
)
