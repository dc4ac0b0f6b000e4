"""Prediction drift: how far what a model says of a table lies from what it says of the reference; no label needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from modelsync.gates import drift
from modelsync.gates.question import Answer, GateError, Question, need_table
from modelsync.gates.scoring import Seen, Truth, positive_class, see
from modelsync.gates.target_drift import holds_classes, on_column

if TYPE_CHECKING:
    import pandas as pd

COLUMN = "prediction"  # what the checks, and a stored profile of predictions, call the column


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What a model says of each row of a table, and what that is."""

    values: Any
    kind: str  # a type of the contract: float for scores and regressions, category for classes
    what: str

    @property
    def frame(self) -> pd.DataFrame:
        """A table of one column."""
        import pandas as pd

        return pd.DataFrame({COLUMN: self.values})


def answer(question: Question) -> Answer:
    """The drift checks of the model's predictions on both tables."""
    now = said(question, need_table(question), "table")
    before = None
    if question.reference is not None:
        if not len(question.reference):
            raise GateError(f"gate `{question.gate}` has a reference without rows, with which nothing can be compared")
        before = said(question, question.reference, "reference").frame
    asked = replace(on_column(question, COLUMN, {"type": now.kind}), table=now.frame, reference=before, label=None)
    found = drift.answer(asked)
    return replace(found, params={**found.params, "predictions": now.what})


def said(question: Question, frame: pd.DataFrame, role: str) -> Said:
    """Scores of the positive class of two where the model gives probabilities, else its classes or numbers.

    GateError when the model says nothing of some rows, or something of more or fewer rows than there are.
    """
    seen = _seen(question, frame, role)
    classes = seen.classes
    if len(classes) == 2 and hasattr(question.model, "predict_proba"):
        place = _positive(question, classes)
        return Said(seen.probabilities[:, place], "float", f"probability of `{classes[place]}`")
    values = seen.predictions
    if classes or holds_classes(question) or values.dtype.kind not in "iuf":
        return Said(values.astype(object), "category", "classes")
    return Said(values.astype(float), "float", "numbers")


def _seen(question: Question, frame: pd.DataFrame, role: str) -> Seen:
    import numpy as np

    try:
        return see(question, Truth(frame, np.empty(0, dtype=object), "", None, 0), question.model, "model")
    except GateError as error:
        raise GateError(f"{error} (the {role})") from error


def _positive(question: Question, classes: list[Any]) -> int:
    """The place of the positive class; of two that nobody has named, the second, as scikit-learn takes it."""
    if question.label is None or question.label.positive is None:
        return 1
    return classes.index(positive_class(question.label.positive, classes, question.label.column))
