"""Missing: the share of values that are not there, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelsync.core.checks import MissingCheck
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import selection
from modelsync.gates.question import Answer, Question, numbered

if TYPE_CHECKING:
    import pandas as pd

_STATISTIC = "missing share"


def answer(question: Question) -> Answer:
    """One check for each column; missing is what the table has no value for, an empty text is a value."""
    table, _ = selection.tables(question)
    wanted = [
        (place, check, name)
        for place, check in question.asked(MissingCheck)
        for name in (check.columns if check.columns is not None else table.columns)
    ]
    ids = numbered(f"missing.{name}" for _, _, name in wanted)
    counts = {name: int(table[name].isna().sum()) for _, _, name in wanted if name in table.columns}
    checks = tuple(
        _check(table, counts, id_, place, check, name) for id_, (place, check, name) in zip(ids, wanted, strict=True)
    )
    return Answer(checks, _params(question), _engine())


def _check(table: pd.DataFrame, counts: dict[str, int], id_: str, place: int, wanted: MissingCheck, name: str) -> Check:
    fault = selection.absent(table, name)
    if fault:
        return Check(id_, name, _STATISTIC, Outcome.ERROR, note=fault, asked=place)
    rows, count = len(table), counts[name]
    share = count / rows
    return Check(
        id=id_,
        subject=name,
        statistic=_STATISTIC,
        outcome=Outcome.PASS if share <= wanted.max_share else Outcome.FAIL,
        value=share,
        threshold=wanted.max_share,
        direction="<=",
        note=f"{count:,} of {rows:,} values",
        n=rows,
        n_missing=count,
        asked=place,
        bound="max_share",
    )


def _params(question: Question) -> dict[str, object]:
    return {
        "checks": [
            {"columns": "all" if check.columns is None else list(check.columns), "max_share": check.max_share}
            for _, check in question.asked(MissingCheck)
        ]
    }


def _engine() -> str:
    import pandas as pd

    return f"pandas {pd.__version__}"
