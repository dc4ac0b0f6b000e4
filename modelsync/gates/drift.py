"""Drift: how far a table lies from its reference, column by column, decided on sizes of effect, never on p values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from modelsync.core.checks import DriftCheck
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import chance, correction, distances, measuring, moves, selection
from modelsync.gates.catalogue import CATEGORICAL_ONLY, DRIFT_TESTS, NUMERIC_ONLY
from modelsync.gates.measuring import Measured
from modelsync.gates.pairs import MIN_ROWS, Pair, Unfit, pair
from modelsync.gates.question import Answer, GateError, Question, first_line, need_table, numbered
from modelsync.gates.sketch import POINTS

_SHOWN = 5  # failing columns that are named
_WITH_P = CATEGORICAL_ONLY | {"ks"}  # tests whose p value is always shown


@dataclass(frozen=True, slots=True)
class _Family:
    """What was looked at together: how often each may err, and the corrected p values."""

    size: int
    p_adjusted: Mapping[str, Mapping[str, float]]  # by correction and column

    @property
    def level(self) -> float:
        """The chance of one check to fail on unchanged data; all of them together: 5 % (Bonferroni)."""
        return chance.NOISE / max(self.size, 1)


@dataclass(frozen=True, slots=True)
class _Ask:
    """One check on one column."""

    wanted: DriftCheck
    place: int
    id: str
    name: str


def answer(question: Question) -> Answer:
    """One check for each statistic and column, then those of values that no statistic shows; a share decides first."""
    table, reference = selection.tables(question)
    question = replace(question, table=table, reference=reference)
    every = _features(question, _reference_columns(question))
    asks = list(_asks(question, every))
    found = measuring.each(_loader(question), _tests(asks), len(asks) * len(table))
    family = _family(asks, found)
    judged = [_judged(ask, found[ask.name], family) for ask in asks]
    moved = {name: moves.checks(column, family.level) for name, column in found.items() if isinstance(column, Measured)}
    nothing = all(check.outcome is Outcome.SKIPPED for check in judged)
    checks: list[Check] = []
    for place, wanted in question.asked(DriftCheck):
        own = [check for check in judged if check.asked == place]
        if wanted.failing_share > 0 and own:
            prefix = next(ask.id for ask in asks if ask.place == place).split(".", 1)[0]
            fallen = {name for name, some in moved.items() if any(check.outcome is Outcome.FAIL for check in some)}
            checks.append(share(wanted, place, prefix, own, fallen))  # first, because it decides
            own = [replace(check, decides=check.outcome is Outcome.ERROR) for check in own]
        checks.extend(own)
    strict = {ask.name for ask in asks if not ask.wanted.failing_share}
    for name in sorted(moved):
        for check in moved[name]:  # that no value went missing is no word about drift when nothing else was measured
            decides = name in strict and not (nothing and check.outcome is Outcome.PASS)
            checks.append(replace(check, decides=decides))
    return Answer(tuple(checks), _params(question, family), _engine())


def _reference_columns(question: Question) -> tuple[str, ...]:
    """The columns of the reference, which is a table or a stored profile."""
    if question.reference is not None:
        rows, names = len(question.reference), tuple(question.reference.columns)
    elif question.reference_profile is not None:
        rows, names = question.reference_profile.rows, tuple(question.reference_profile.columns)
    else:
        raise GateError(f"gate `{question.gate}` was given no reference to compare with")
    if not rows:
        raise GateError(f"gate `{question.gate}` has a reference without rows, with which nothing can be compared")
    return names


def _features(question: Question, before: tuple[str, ...]) -> tuple[str, ...]:
    """What `columns: all` means: every feature that either side has."""
    if question.features is not None:
        return question.features
    both = dict.fromkeys([*before, *need_table(question).columns])
    return tuple(name for name in both if question.is_feature(name))


def _asks(question: Question, every: tuple[str, ...]) -> Iterator[_Ask]:
    asked = question.asked(DriftCheck)
    for (place, wanted), prefix in zip(asked, numbered(check.test for _, check in asked), strict=True):
        for name in every if wanted.columns is None else wanted.columns:
            yield _Ask(wanted, place, f"{prefix}.{name}", name)


def _tests(asks: list[_Ask]) -> dict[str, frozenset[str]]:
    """What is to be computed of each column; `p` where a p value is asked for or always shown."""
    found: dict[str, set[str]] = {}
    for ask in asks:
        tests = found.setdefault(ask.name, set())
        tests.update({ask.wanted.test} if ask.wanted.alpha is None else {ask.wanted.test, "p"})
    return {name: frozenset(tests) for name, tests in found.items()}


def _loader(question: Question) -> Callable[[str], Pair | Unfit]:
    table, reference, profile = question.table, question.reference, question.reference_profile
    assert table is not None, "looked at before"
    before: Mapping[str, Any] = {}
    if reference is None and profile is not None:
        before = profile.columns
    known = set(before if reference is None else reference.columns)

    def load(name: str) -> Pair | Unfit:
        here, there = name in table.columns, name in known
        if here and there:
            side = before[name] if reference is None else reference[name]
            return side if isinstance(side, Unfit) else pair(side, table[name], question.declared(name).get("type"))
        if here:
            return Unfit("the reference has no such column: it is new", broken=False)
        if there:
            return Unfit("the table has no such column, the reference has", broken=True)
        near = nearest(name, table.columns)
        return Unfit("neither table has such a column" + (f"; did you mean `{near}`?" if near else ""), broken=True)

    return load


def _family(asks: list[_Ask], found: Mapping[str, Measured | Unfit]) -> _Family:
    measured = {name: column for name, column in found.items() if isinstance(column, Measured)}
    statistics = sum(ask.name in measured and not _unmeasured(ask, measured[ask.name]) for ask in asks)
    shown = {
        ask.name
        for ask in asks
        if ask.name in measured and (ask.wanted.test in _WITH_P or ask.wanted.alpha is not None)
    }
    p_values = {
        name: column.p_value
        for name, column in measured.items()
        if name in shown and column.p_value is not None and min(column.n, column.n_reference) >= MIN_ROWS
    }
    adjusted = {way: correction.adjusted(p_values, way) for way in {ask.wanted.correction for ask in asks}}
    return _Family(statistics + sum(len(moves.kinds(column)) for column in measured.values()), adjusted)


def _judged(ask: _Ask, found: Measured | Unfit, family: _Family) -> Check:
    """As `_judge`; what breaks is the error of this column only."""
    try:
        return _judge(ask, found, family)
    except Exception as error:  # arithmetic at the edge of what a float holds: the other columns have their say
        return _said(ask, Outcome.ERROR, f"it can't be judged: {first_line(error)}")


def _judge(ask: _Ask, found: Measured | Unfit, family: _Family) -> Check:
    if isinstance(found, Unfit):
        broken = found.broken or ask.wanted.columns is not None
        return _said(ask, Outcome.ERROR if broken else Outcome.SKIPPED, found.why)
    stopped = _unmeasured(ask, found)
    if stopped is None:
        return _measure(ask, found, family)
    check = _said(ask, *stopped)
    if _inapplicable(ask, found):
        return check
    return replace(
        check,
        n=found.n,
        n_reference=found.n_reference,
        n_missing=found.n_missing,
        threshold=ask.wanted.max,
        direction="<=",
    )


def _said(ask: _Ask, outcome: Outcome, note: str) -> Check:
    return Check(ask.id, ask.name, ask.wanted.test, outcome, note=note, asked=ask.place, bound="max")


def _unmeasured(ask: _Ask, found: Measured) -> tuple[Outcome, str] | None:
    """Why there is no statistic, and what that means; None when there is one."""
    why = _inapplicable(ask, found)
    if why:
        return Outcome.ERROR if ask.wanted.columns is not None else Outcome.SKIPPED, why
    if not found.n or not found.n_reference:
        return Outcome.ERROR, f"the {'table' if not found.n else 'reference'} has no usable value here"
    if min(found.n, found.n_reference) < MIN_ROWS:
        return Outcome.INCONCLUSIVE, f"fewer than {MIN_ROWS} rows on one side, too few to tell drift from chance"
    return None


def _inapplicable(ask: _Ask, found: Measured) -> str:
    test = ask.wanted.test
    if test not in DRIFT_TESTS:
        near = nearest(test, DRIFT_TESTS)
        return f"`{test}` is no drift test" + (f"; did you mean `{near}`?" if near else "")
    if test in NUMERIC_ONLY and not found.numeric:
        return f"{test} compares numbers, and this column holds categories"
    if test in CATEGORICAL_ONLY and found.numeric:
        return f"{test} compares categories, and this column holds numbers"
    return found.free_text if ask.wanted.columns is None else ""


def _measure(ask: _Ask, found: Measured, family: _Family) -> Check:
    wanted = ask.wanted
    value, noise = found.value(wanted.test), found.noise(wanted.test, family.level)
    adjusted = family.p_adjusted[wanted.correction].get(ask.name)
    with_p = wanted.test in _WITH_P or wanted.alpha is not None
    threshold = max(wanted.max, noise or 0.0)
    if value is None and found.constant is not None:
        outcome, decided = moves.constant(found, family.level), "decided by equality"
    elif value is None:
        outcome, decided = Outcome.ERROR, "the standard deviation of the reference is too small to divide by"
    else:
        outcome, decided = _outcome(wanted, value, threshold, noise or 0.0, adjusted)
    on_counts = wanted.test not in NUMERIC_ONLY and found.cells is not None
    return Check(
        id=ask.id,
        subject=ask.name,
        statistic=wanted.test,
        outcome=outcome,
        value=value,
        threshold=threshold,
        direction="<=",
        note="; ".join(note for note in (*_remarks(wanted, found, threshold), decided) if note),
        interval=found.bounds(wanted.test),
        p_value=found.p_value if with_p else None,
        p_adjusted=adjusted if with_p else None,
        effect=found.effect if with_p and wanted.test not in _WITH_P else None,
        n=found.n,
        n_reference=found.n_reference,
        n_missing=found.n_missing,
        bins=len(found.cells.before) if on_counts and found.cells is not None else None,
        noise=noise,
        bound="max",
        asked=ask.place,
    )


def _outcome(wanted: DriftCheck, value: float, threshold: float, noise: float, p: float | None) -> tuple[Outcome, str]:
    """A statistic above its threshold fails, unless a p value was asked for and says that chance shows as much."""
    if wanted.max < value <= threshold and noise >= chance.LOUD[wanted.test]:
        return Outcome.INCONCLUSIVE, f"chance alone shows up to {noise:.3g} on so few rows: nothing could be found"
    if value <= threshold:
        return Outcome.PASS, ""
    if wanted.alpha is not None and (p is None or p >= wanted.alpha):
        shown = "unknown" if p is None else f"{p:.3g}"
        return Outcome.PASS, f"above its threshold, and p is {shown}, not below {wanted.alpha:g}"
    return Outcome.FAIL, ""


def _remarks(wanted: DriftCheck, found: Measured, threshold: float) -> Iterator[str]:
    if found.constant is not None:
        yield f"constant {found.constant} in the reference"
    yield moves.new_levels(found)
    yield moves.vanished_levels(found)
    if wanted.test == "wasserstein" and found.spread > 0:
        yield "in standard deviations of the reference"
    if wanted.test in CATEGORICAL_ONLY and found.contingency is not None:
        yield f"Cramér's V; chi-square {found.contingency.chi2:.4g}"
    if wanted.test not in NUMERIC_ONLY and found.cells is not None:
        yield f"{len(found.cells.before)} {'bins' if found.numeric else 'levels'}"
    if threshold > wanted.max:
        yield f"max {wanted.max:g} raised to what so few rows show by chance"
    yield from _of_sketch(wanted, found, threshold)


def _of_sketch(wanted: DriftCheck, found: Measured, threshold: float) -> Iterator[str]:
    """What a stored profile leaves open."""
    bounds = found.bounds(wanted.test)
    if bounds is not None:
        yield f"from a profile: {bounds[0]:.4g} to {bounds[1]:.4g}"
        if bounds[0] <= threshold < bounds[1]:
            yield "the threshold lies between them: all rows of the reference may say otherwise"
    if found.sketched and (wanted.test == "ks" or wanted.alpha is not None):
        yield "p is at most what is shown"


def share(wanted: DriftCheck, place: int, prefix: str, judged: list[Check], moved: set[str]) -> Check:
    """How many of the judged columns do not hold.

    A column in `moved` (values missing, new levels) does not either, even one that the statistic skips.
    """
    counted = [
        check
        for check in judged
        if check.outcome not in (Outcome.SKIPPED, Outcome.ERROR)
        or (check.outcome is Outcome.SKIPPED and check.subject in moved)
    ]
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
        bound="failing_share",
        asked=place,
    )


def _params(question: Question, family: _Family) -> dict[str, Any]:
    return {
        "checks": [_asked(check) for _, check in question.asked(DriftCheck)],
        "bins": distances.BINS,
        "epsilon": distances.EPSILON,
        "least_expected": distances.LEAST_EXPECTED,
        "min_rows": MIN_ROWS,
        "missing_share": moves.MISSING_SHARE,
        "new_levels": moves.NEW_SHARE,
        "noise": {"share_of_gates": chance.NOISE, "comparisons": family.size, "correction": "bonferroni"},
        **({"profile_error": 1 / POINTS} if question.reference is None else {}),
    }


def _asked(check: DriftCheck) -> dict[str, Any]:
    with_p = {} if check.alpha is None else {"alpha": check.alpha}
    return {
        "test": check.test,
        "max": check.max,
        "columns": "all" if check.columns is None else list(check.columns),
        "failing_share": check.failing_share,
        **({"correction": check.correction} if with_p or check.test in _WITH_P else {}),
        **with_p,
    }


def _engine() -> str:
    import numpy as np
    import scipy

    return f"numpy {np.__version__}, scipy {scipy.__version__}"
