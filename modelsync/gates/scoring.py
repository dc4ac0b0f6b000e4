"""A model on a table: the true values, and what the model says of the same rows, in the form a metric needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from modelsync.gates.question import GateError, Question, need_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Array: TypeAlias = "np.ndarray[Any, Any]"

_OF_ROWS = {"labels", "is_positive", "numbers", "predictions", "probabilities", "positive_probability", "scores"}
_SHOWN = 5  # columns or classes that a message names


@dataclass(frozen=True, eq=False)
class Truth:
    """The rows whose label is known, and that label as Python objects.

    `among` are the classes of the whole table when these rows are a part of it: which class is positive does not depend
    on the part.
    """

    frame: pd.DataFrame
    label: Array
    column: str
    positive: Any
    n_missing: int
    among: frozenset[Any] | None = None

    @property
    def n(self) -> int:
        """Rows with a label."""
        return len(self.label)

    @cached_property
    def classes(self) -> frozenset[Any]:
        """The values of the label."""
        return frozenset(self.label) if self.among is None else self.among

    @cached_property
    def positive_class(self) -> Any:
        """The positive one of the classes; GateError when nobody says which it is."""
        return positive_class(self.positive, self.classes, self.column)

    @cached_property
    def is_positive(self) -> Array:
        """One truth value for each row."""
        found: Array = self.label == self.positive_class
        return found

    @cached_property
    def numbers(self) -> Array:
        """The label as floats, for regression."""
        import numpy as np

        try:
            found: Array = self.label.astype(float)
        except (TypeError, ValueError) as error:
            raise GateError(f"the label `{self.column}` holds no numbers, which this metric compares") from error
        if not np.isfinite(found).all():
            raise GateError(f"the label `{self.column}` is infinite in {(~np.isfinite(found)).sum()} rows")
        return found

    def part(self, rows: Array) -> Truth:
        """Some of the rows, by position or by a flag for each."""
        frame = self.frame[rows] if rows.dtype == bool else self.frame.iloc[rows]
        return Truth(frame, self.label[rows], self.column, self.positive, 0, self.classes)


@dataclass(frozen=True, eq=False)
class Seen:
    """What one model says of these rows; `who` is `model` or `champion`, for messages."""

    truth: Truth
    model: Any
    inputs: pd.DataFrame
    who: str

    @cached_property
    def labels(self) -> Array:
        """The predicted class of each row, as Python objects."""
        import numpy as np

        found = self._of_each_row(np.asarray(self.model.predict(self.inputs), dtype=object).reshape(-1))
        known, said = set(self.truth.classes), set(found)
        if not known & said:
            raise GateError(
                f"the {self.who} predicts {_some(said)} and the label `{self.truth.column}` holds {_some(known)}: "
                "no value of one occurs in the other"
            )
        return found

    @cached_property
    def is_positive(self) -> Array:
        """Whether the positive class is predicted."""
        found: Array = self.labels == self.truth.positive_class
        return found

    @cached_property
    def numbers(self) -> Array:
        """The predictions as floats, for regression."""
        import numpy as np

        try:
            found = np.asarray(self.model.predict(self.inputs), dtype=float).reshape(-1)
        except (TypeError, ValueError) as error:
            raise GateError(f"the {self.who} predicts no numbers, which this metric compares: {error}") from error
        self._count(found)
        if not np.isfinite(found).all():
            raise GateError(
                f"the {self.who} predicts missing or infinite numbers for {(~np.isfinite(found)).sum()} rows"
            )
        return found

    @cached_property
    def predictions(self) -> Array:
        """What is predicted for each row in the type the model has it in, whether or not there is a label."""
        import numpy as np

        return self._of_each_row(np.asarray(self.model.predict(self.inputs)).reshape(-1))

    @cached_property
    def classes(self) -> list[Any]:
        """The classes in the order of the columns of `probabilities`."""
        return list(getattr(self.model, "classes_", ()))

    @cached_property
    def probabilities(self) -> Array:
        """One row for each row, one column for each class."""
        import numpy as np

        if not hasattr(self.model, "predict_proba"):
            raise GateError(f"the {self.who} ({type(self.model).__name__}) gives no probabilities (`predict_proba`)")
        found = np.asarray(self.model.predict_proba(self.inputs), dtype=float)
        if found.ndim != 2:
            raise GateError(f"the {self.who} gives probabilities of shape {found.shape}; expected a column a class")
        return self._of_each_row(found, "gives no probability for")

    @cached_property
    def positive_probability(self) -> Array:
        """The probability of the positive class."""
        found: Array = self.probabilities[:, self._place]
        return found

    @cached_property
    def scores(self) -> Array:
        """What ranks the rows: the probability of the positive class, else the decision function towards it."""
        import numpy as np

        if hasattr(self.model, "predict_proba"):
            return self.positive_probability
        if not hasattr(self.model, "decision_function"):
            raise GateError(
                f"the {self.who} ({type(self.model).__name__}) gives no scores (`predict_proba` or `decision_function`)"
            )
        found = np.asarray(self.model.decision_function(self.inputs), dtype=float)
        found = self._of_each_row(found, "gives no score for")
        if found.ndim > 1:
            place: Array = found[:, self._place]
            return place
        return found if self._place == 1 else -found

    def part(self, rows: Array) -> Seen:
        """The same on some of the rows; what the model has said of them already, it is not asked again."""
        inputs = self.inputs[rows] if rows.dtype == bool else self.inputs.iloc[rows]
        found = Seen(self.truth.part(rows), self.model, inputs, self.who)
        for name in _OF_ROWS & self.__dict__.keys():
            found.__dict__[name] = self.__dict__[name][rows]  # where a cached property keeps its value
        return found

    def part_for(self, model: Any, rows: Array) -> Seen:
        """Some of the rows, by position, for another model of the same kind."""
        return Seen(self.truth.part(rows), model, self.inputs.iloc[rows], self.who)

    def _of_each_row(self, found: Array, lacks: str = "predicts nothing for") -> Array:
        """The same; GateError when it has more or fewer rows than were asked, or nothing in some of them."""
        import pandas as pd

        self._count(found)
        missing = pd.isna(found).reshape(len(found), -1).any(axis=1) if len(found) else found
        if missing.any():
            raise GateError(
                f"the {self.who} {lacks} {int(missing.sum()):,} of {len(found):,} rows; "
                "make it answer for each of them, or leave these rows out in a step before"
            )
        return found

    def _count(self, found: Array) -> None:
        """What is broadcast or cut off would be compared with other rows than it was said of."""
        given, rows = (len(found) if found.ndim else 1), len(self.inputs)
        if given != rows:
            raise GateError(f"the {self.who} predicts {given:,} values for {rows:,} rows; expected one for each row")

    @cached_property
    def _place(self) -> int:
        positive = self.truth.positive_class
        for place, value in enumerate(self.classes):
            if value == positive:
                return place
        raise GateError(f"the {self.who} knows the classes {_some(self.classes)}, of which none is {positive!r}")


def truth(question: Question) -> Truth:
    """The rows with a label; GateError when no label is known or no row has one."""
    import numpy as np

    frame = need_table(question)
    if question.label is None:
        raise GateError(f"gate `{question.gate}` knows no label; give a column of the contract `role: label`")
    column = question.label.column
    if column not in frame.columns:
        raise GateError(f"the table has no column `{column}`, the label of gate `{question.gate}`")
    known = frame[column].notna()
    kept = frame[known]
    if not len(kept):
        raise GateError(f"every value of the label `{column}` is missing")
    label = np.asarray(kept[column].astype(object), dtype=object)
    return Truth(kept, label, column, question.label.positive, int((~known).sum()))


def see(question: Question, rows: Truth, model: Any, who: str) -> Seen:
    """One model on these rows, with the columns it was trained on; GateError when the table lacks one of them."""
    if model is None:
        raise GateError(f"gate `{question.gate}` was given no {who}")
    names = _inputs(question, rows.frame, model)
    lacking = [name for name in names if name not in rows.frame.columns]
    if lacking:
        raise GateError(f"the {who} needs {_some(lacking)}, which the table does not have as columns")
    return Seen(rows, model, rows.frame[names], who)


def positive_class(positive: Any, present: Collection[Any], column: str) -> Any:
    """The positive class as the data have it: as named, else 1 or true of two such classes as scikit-learn takes it."""
    present = set(present)
    if positive is None:
        if present <= {0, 1}:
            return 1
        raise GateError(f"which class of `{column}` is positive? Name it in the contract, such as `positive: true`")
    for value in present:
        if value == positive:
            return value
    by_text = [value for value in present if _text(value) == _text(positive)]
    if by_text:
        return by_text[0]
    way_out = "".join(f"; write `positive: {value!r}`" for value in present if _same_number(positive, value))
    raise GateError(f"no row of `{column}` is {positive!r}, the positive class; there are {_some(present)}{way_out}")


def label_of(question: Question) -> dict[str, Any] | None:
    """The label of a gate for the params of its verdict."""
    label = question.label
    return {"column": label.column, "positive": label.positive} if label else None


def _inputs(question: Question, frame: pd.DataFrame, model: Any) -> list[str]:
    own = getattr(model, "feature_names_in_", None)
    if own is not None:
        return [str(name) for name in own]
    if question.features is not None:
        return list(question.features)
    return [str(name) for name in frame.columns if question.is_feature(str(name))]


def _some(values: Any) -> str:
    shown = sorted(map(repr, values)) if isinstance(values, set) else [repr(value) for value in values]
    return ", ".join(shown[:_SHOWN]) + (", ..." if len(shown) > _SHOWN else "")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _same_number(positive: Any, value: Any) -> bool:
    """Whether both are one number, written as text and as a number: a column with gaps turns 1 into 1.0."""
    try:
        return float(positive) == float(value)
    except (TypeError, ValueError):
        return False
