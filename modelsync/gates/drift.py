"""Drift: how far a table lies from its reference, column by column, decided on sizes of effect, never on p values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from modelsync.core.checks import DriftCheck, of_kind
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import distances
from modelsync.gates.catalogue import CATEGORICAL_ONLY, DRIFT_TESTS, NUMERIC_ONLY
from modelsync.gates.pairs import MIN_ROWS, CategoryPair, NumberPair, Pair, Unfit, pair
from modelsync.gates.question import Answer, GateError, Question, need_table, numbered

if TYPE_CHECKING:
    import pandas as pd

MISSING_SHARE = 0.05  # how far the share of missing (or of infinite) values may move before that is drift by itself
_SHOWN = 5  # new levels that are named


def answer(question: Question) -> Answer:
    """One check for each statistic and column, one for a share of missing values that moved, one for each share."""
    table, reference = need_table(question), question.reference
    if reference is None or not len(reference):
        raise GateError(f"gate `{question.gate}` has a reference without rows, with which nothing can be compared")
    every = _features(question, table, reference)
    names = {name for wanted in of_kind(question.checks, DriftCheck) for name in wanted.columns or every}
    pairs = {name: _pair(question, table, reference, name) for name in names}
    shifted = {name: tuple(_shares(found)) for name, found in pairs.items() if not isinstance(found, Unfit)}
    checks: list[Check] = []
    aside: set[str] = set()
    strict: set[str] = set()
    for wanted, prefix in zip(
        of_kind(question.checks, DriftCheck),
        numbered(check.test for check in of_kind(question.checks, DriftCheck)),
        strict=True,
    ):
        columns = wanted.columns or every
        judged = [_judge(wanted, f"{prefix}.{name}", name, pairs[name]) for name in columns]
        if wanted.failing_share > 0 and judged:
            checks.append(_share(wanted, prefix, judged, shifted))  # first, because it decides
            aside.update(check.id for check in judged if check.outcome is not Outcome.ERROR)
        else:
            strict.update(columns)
        checks.extend(judged)
    for name in sorted(shifted):
        checks.extend(shifted[name])
        if name not in strict:
            aside.update(check.id for check in shifted[name])
    return Answer(tuple(checks), _params(question), _engine(), frozenset(aside))


def _features(question: Question, table: pd.DataFrame, reference: pd.DataFrame) -> tuple[str, ...]:
    """What `columns: all` means: every feature that either table has."""
    if question.features is not None:
        return question.features
    both = dict.fromkeys([*reference.columns, *table.columns])
    return tuple(str(name) for name in both if question.is_feature(str(name)))


def _pair(question: Question, table: pd.DataFrame, reference: pd.DataFrame, name: str) -> Pair | Unfit:
    here, there = name in table.columns, name in reference.columns
    if here and there:
        return pair(reference[name], table[name], question.declared(name).get("type"))
    if here:
        return Unfit("the reference has no such column: it is new", broken=False)
    if there:
        return Unfit("the table has no such column, the reference has", broken=True)
    near = nearest(name, map(str, table.columns))
    return Unfit("neither table has such a column" + (f"; did you mean `{near}`?" if near else ""), broken=True)


def _judge(wanted: DriftCheck, id_: str, name: str, found: Pair | Unfit) -> Check:
    asked = wanted.columns is not None
    if isinstance(found, Unfit):
        broken = found.broken or asked
        return Check(id_, name, wanted.test, Outcome.ERROR if broken else Outcome.SKIPPED, note=found.why)
    fault = _inapplicable(wanted.test, found)
    if fault or (found.free_text and not asked):
        note = fault or found.free_text
        return Check(id_, name, wanted.test, Outcome.ERROR if asked else Outcome.SKIPPED, note=note)
    numbers: dict[str, Any] = {
        "n": found.n,
        "n_reference": found.n_reference,
        "n_missing": found.n_missing,
        "threshold": wanted.max,
        "direction": "<=",
    }
    if not found.n or not found.n_reference:
        where = "table" if not found.n else "reference"
        return Check(id_, name, wanted.test, Outcome.ERROR, note=f"the {where} has no usable value here", **numbers)
    if min(found.n, found.n_reference) < MIN_ROWS:
        note = f"fewer than {MIN_ROWS} rows on one side, too few to tell drift from chance"
        return Check(id_, name, wanted.test, Outcome.INCONCLUSIVE, note=note, **numbers)
    return _measure(wanted, id_, name, found, numbers)


def _inapplicable(test: str, found: Pair) -> str:
    if test not in DRIFT_TESTS:
        near = nearest(test, DRIFT_TESTS)
        return f"`{test}` is no drift test" + (f"; did you mean `{near}`?" if near else "")
    if test in NUMERIC_ONLY and not isinstance(found, NumberPair):
        return f"{test} compares numbers, and this column holds categories"
    if test in CATEGORICAL_ONLY and not isinstance(found, CategoryPair):
        return f"{test} compares categories, and this column holds numbers"
    return ""


def _measure(wanted: DriftCheck, id_: str, name: str, found: Pair, numbers: dict[str, Any]) -> Check:
    notes = list(_remarks(found))
    p_value = None
    value: float | None
    if wanted.test == "ks" and isinstance(found, NumberPair):
        value, p_value = found.distance.ks, found.distance.ks_p_value
    elif wanted.test == "wasserstein" and isinstance(found, NumberPair):
        value = _scaled(found)
        notes.append("in standard deviations of the reference" if value is not None else "constant in the reference")
    elif wanted.test in CATEGORICAL_ONLY:
        table = distances.contingency(*found.counts)
        value, p_value = table.v, table.p_value
        notes.append(f"Cramér's V; chi-square {table.chi2:.4g}")
    else:
        value = {"psi": distances.psi, "jensen_shannon": distances.jensen_shannon, "tvd": distances.tvd}[wanted.test](
            *found.counts
        )
    if wanted.test == "psi":
        floor = distances.psi_noise(len(found.counts[0]), found.n_reference, found.n)
        notes.append(f"{len(found.counts[0])} bins")
        if floor > wanted.max:
            numbers["threshold"] = floor
            notes.append(f"max {wanted.max:g} raised to what so few rows show by chance")
    held = value is not None and value <= numbers["threshold"]
    outcome = Outcome.PASS if held else Outcome.FAIL
    return Check(id_, name, wanted.test, outcome, value, note="; ".join(notes), p_value=p_value, **numbers)


def _scaled(found: NumberPair) -> float | None:
    """Wasserstein's distance in reference standard deviations; None when those are 0 and the values differ."""
    if found.distance.wasserstein == 0:
        return 0.0
    return found.distance.wasserstein / found.spread if found.spread > 0 else None


def _remarks(found: Pair) -> Iterable[str]:
    if found.constant is not None:
        yield f"constant {found.constant} in the reference"
    if isinstance(found, CategoryPair) and found.new_levels:
        share = found.n_new / found.n if found.n else 0.0
        shown = ", ".join(found.new_levels[:_SHOWN]) + (", ..." if len(found.new_levels) > _SHOWN else "")
        yield f"{len(found.new_levels)} new level{'s' if len(found.new_levels) > 1 else ''} ({share:.1%}): {shown}"


def _shares(found: Pair) -> Iterable[Check]:
    """Values that a statistic has to leave out: when their share moves, that is drift that no statistic shows."""
    yield from _moved("missing", found, found.n_missing, found.n_missing_reference)
    yield from _moved("infinite", found, found.n_infinite, found.n_infinite_reference)


def _moved(what: str, found: Pair, count: int, count_reference: int) -> Iterable[Check]:
    if not count and not count_reference:
        return
    rows, name = found.rows, found.name
    share, before = count / rows, count_reference / found.rows_reference
    pooled = (count + count_reference) / (rows + found.rows_reference)
    # 1.96 standard errors of a difference of two shares: below that it is chance in 95 of 100 tables.
    noise = 1.96 * (pooled * (1 - pooled) * (1 / rows + 1 / found.rows_reference)) ** 0.5
    threshold = max(MISSING_SHARE, noise)
    value = abs(share - before)
    yield Check(
        id=f"{what}.{name}",
        subject=name,
        statistic=f"change of the {what} share",
        outcome=Outcome.PASS if value <= threshold else Outcome.FAIL,
        value=value,
        threshold=threshold,
        direction="<=",
        note=f"{before:.1%} in the reference, {share:.1%} now",
        n=rows,
        n_reference=found.rows_reference,
        n_missing=found.n_missing,
    )


def _share(wanted: DriftCheck, prefix: str, judged: list[Check], shifted: dict[str, tuple[Check, ...]]) -> Check:
    """How many of the judged columns do not hold; a column whose missing share moved does not hold either."""
    counted = [check for check in judged if check.outcome not in (Outcome.SKIPPED, Outcome.ERROR)]
    moved = {name for name, checks in shifted.items() if any(check.outcome is Outcome.FAIL for check in checks)}
    failing = [check.subject for check in counted if check.outcome is Outcome.FAIL or check.subject in moved]
    open_ = [check for check in counted if check.outcome is Outcome.INCONCLUSIVE and check.subject not in failing]
    of = max(len(counted), 1)
    outcome = Outcome.PASS
    if len(failing) / of > wanted.failing_share:
        outcome = Outcome.FAIL
    elif (len(failing) + len(open_)) / of > wanted.failing_share or not counted:
        outcome = Outcome.INCONCLUSIVE
    worst = f": {', '.join(failing[:_SHOWN])}" if failing else ""
    undecided = f"; {len(open_)} undecided" if open_ else ""
    return Check(
        id=f"{prefix}.share",
        subject="",
        statistic=f"share of columns with {wanted.test} above {wanted.max:g}",
        outcome=outcome,
        value=len(failing) / of,
        threshold=wanted.failing_share,
        direction="<=",
        note=f"{len(failing)} of {len(counted)}{worst}{undecided}",
        n=len(counted),
    )


def _params(question: Question) -> dict[str, Any]:
    return {
        "checks": [
            {
                "test": check.test,
                "max": check.max,
                "columns": "all" if check.columns is None else list(check.columns),
                "failing_share": check.failing_share,
            }
            for check in of_kind(question.checks, DriftCheck)
        ],
        "bins": distances.BINS,
        "epsilon": distances.EPSILON,
        "min_rows": MIN_ROWS,
        "missing_share": MISSING_SHARE,
    }


def _engine() -> str:
    import numpy as np
    import scipy

    return f"numpy {np.__version__}, scipy {scipy.__version__}"
