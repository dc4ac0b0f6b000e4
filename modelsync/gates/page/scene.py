"""The rows that pictures are drawn from: all of them, or always the same sample of a large table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from modelsync.gates import scoring
from modelsync.gates.question import Question

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float64]]"

SAMPLE_ROWS = 50_000  # pictures of more rows look the same


@dataclass(frozen=True, eq=False)
class Side:
    """One table of a gate; only the columns that are drawn are ever taken from it."""

    table: pd.DataFrame | None
    seed: int

    @cached_property
    def positions(self) -> np.ndarray[Any, Any] | None:
        """The rows that are drawn, in their order; None when that is all of them."""
        import numpy as np

        if self.table is None or len(self.table) <= SAMPLE_ROWS:
            return None
        chosen = np.random.default_rng(self.seed).choice(len(self.table), SAMPLE_ROWS, replace=False, shuffle=False)
        return np.sort(chosen)

    @property
    def rows(self) -> int:
        """How many rows there are, drawn or not."""
        return 0 if self.table is None else len(self.table)

    def column(self, name: str) -> pd.Series | None:
        """The drawn values of a column, None when the table has no such column."""
        if self.table is None or name not in self.table.columns:
            return None
        values: pd.Series = self.table[name]
        return values if self.positions is None else values.iloc[self.positions]

    def part(self) -> pd.DataFrame | None:
        """The drawn rows with all columns."""
        if self.table is None or self.positions is None:
            return self.table
        return self.table.iloc[self.positions]


@dataclass(frozen=True, eq=False)
class Scene:
    """A question with the rows of it that are drawn."""

    question: Question

    @cached_property
    def now(self) -> Side:
        """The table that was judged."""
        return Side(self.question.table, self.question.seed)

    @cached_property
    def before(self) -> Side:
        """The reference."""
        return Side(self.question.reference, self.question.seed)

    @property
    def drawn(self) -> str:
        """What the pictures were drawn from, for people."""
        most = max(self.now.rows, self.before.rows)
        return f"a sample of {SAMPLE_ROWS:,} of {most:,} rows" if most > SAMPLE_ROWS else "all rows"

    @property
    def is_sample(self) -> bool:
        """Whether some rows are left out of the pictures."""
        return max(self.now.rows, self.before.rows) > SAMPLE_ROWS

    @cached_property
    def seen(self) -> scoring.Seen:
        """What the model says of the drawn rows; GateError when it can't be asked."""
        rows = scoring.truth(replace(self.question, table=self.now.part()))
        return scoring.see(self.question, rows, self.question.model, "model")
