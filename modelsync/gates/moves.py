"""What a drift statistic can't show and is drift all the same: values that went missing, new levels, constants."""

from __future__ import annotations

from dataclasses import replace

from modelsync.core.verdict import Check, Outcome
from modelsync.gates import chance
from modelsync.gates.measuring import Measured
from modelsync.gates.question import first_line

MISSING_SHARE = 0.05  # how far the share of missing (or of infinite) values may move before that is drift by itself
NEW_SHARE = 0.05  # the share of rows that may have a level the reference never had
SHOWN = 5  # levels that are named


def kinds(found: Measured) -> tuple[str, ...]:
    """Which of these checks a column needs: each is one more thing that chance may show."""
    named = found.novelty is not None and found.novelty.n_new > 0 and not found.free_text
    return tuple(
        kind
        for kind, needed in (
            ("missing", found.n_missing > 0 or found.n_missing_reference > 0),
            ("infinite", found.n_infinite > 0 or found.n_infinite_reference > 0),
            ("new_levels", named and found.constant is None),
            ("constant", found.constant is not None and found.n > 0),
        )
        if needed
    )


def checks(found: Measured, level: float) -> tuple[Check, ...]:
    """One check for each of the kinds; `level` is what each may fail by chance."""
    return tuple(_one(kind, found, level) for kind in kinds(found))


def _one(kind: str, found: Measured, level: float) -> Check:
    try:
        return _BY_KIND[kind](found, level)
    except Exception as error:  # arithmetic at the edge of what a float holds: one column's fault is not all columns'
        note = f"it can't be judged: {first_line(error)}"
        return Check(f"{kind}.{found.name}", found.name, kind, Outcome.ERROR, note=note)


def constant(found: Measured, level: float) -> Outcome:
    """Whether a column that is constant in the reference still is."""
    return _constant(found, level).outcome


def _missing(found: Measured, level: float) -> Check:
    return _moved("missing", found, found.n_missing, found.n_missing_reference, level)


def _infinite(found: Measured, level: float) -> Check:
    return _moved("infinite", found, found.n_infinite, found.n_infinite_reference, level)


def _moved(what: str, found: Measured, count: int, before: int, level: float) -> Check:
    share, share_before = count / found.rows, before / found.rows_reference
    noise = chance.of_share(count, before, found.rows, found.rows_reference, level)
    note = f"{share_before:.1%} in the reference, {share:.1%} now"
    check = _check(what, found, f"change of the {what} share", abs(share - share_before), MISSING_SHARE, noise, note)
    return replace(check, n=found.rows, n_reference=found.rows_reference)


def _new_levels(found: Measured, level: float) -> Check:
    assert found.novelty is not None, "asked for columns with new levels only"
    noise = chance.of_new_levels(found.novelty.each, found.n_reference, found.n, level)
    share = found.novelty.n_new / found.n
    return _check("new_levels", found, "share of new levels", share, NEW_SHARE, noise, new_levels(found))


def _constant(found: Measured, level: float) -> Check:
    """By equality; only that what the reference happened not to show may be shown by so many rows more."""
    noise = chance.of_share(found.n_other, 0, found.n, found.n_reference, level) if found.n_other else 0.0
    note = f"constant {found.constant} in the reference"
    return _check("constant", found, "share of other values", found.n_other / found.n, 0.0, noise, note)


def new_levels(found: Measured) -> str:
    """How many levels are new, the share of their rows, and the most frequent of them; nothing when none is."""
    if found.novelty is None or not found.novelty.n_new:
        return ""
    count, share = found.novelty.n_new_levels, found.novelty.n_new / found.n
    return f"{_some(count, 'new level')} ({share:.1%}): {_named(found.novelty.new, count)}"


def vanished_levels(found: Measured) -> str:
    """How many levels the table lacks, and the most frequent of them; nothing when it has all."""
    if found.novelty is None or not found.novelty.n_vanished_levels:
        return ""
    count = found.novelty.n_vanished_levels
    return f"{_some(count, 'level')} vanished: {_named(found.novelty.vanished, count)}"


def _some(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _named(names: tuple[str, ...], count: int) -> str:
    return ", ".join(names[:SHOWN]) + (", ..." if count > SHOWN else "")


def _check(kind: str, found: Measured, statistic: str, value: float, most: float, noise: float, note: str) -> Check:
    threshold = max(most, noise)
    raised = f"; max {most:g} raised to what so few rows show by chance" if noise > most else ""
    return Check(
        id=f"{kind}.{found.name}",
        subject=found.name,
        statistic=statistic,
        outcome=Outcome.PASS if value <= threshold else Outcome.FAIL,
        value=value,
        threshold=threshold,
        direction="<=",
        note=note + raised,
        noise=noise,
        n=found.n,
        n_reference=found.n_reference,
        n_missing=found.n_missing,
    )


_BY_KIND = {"missing": _missing, "infinite": _infinite, "new_levels": _new_levels, "constant": _constant}
