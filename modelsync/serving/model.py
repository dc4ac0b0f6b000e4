"""A loaded model as the server needs it: columns in, plain values out, and how long a prediction takes."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Protocol

from modelsync.serving.rows import Column, Columns

_ROUNDS = 5  # predictions of the warm-up; the best one is the model's own time
_NUMBERS = frozenset({"int", "float"})


class Predictor(Protocol):
    """What a model must have; `predict_proba` is used when it is there."""

    def predict(self, table: Any) -> Any:
        """One value per row."""
        ...


@dataclass(frozen=True, slots=True)
class Predictions:
    """One value per row, and for a classifier the probability of each class per row."""

    values: list[Any]
    probabilities: list[dict[str, float | None]] | None


@dataclass(slots=True)
class ServedModel:
    """A model with its name, version, inputs and one example row."""

    name: str
    version: str
    model: Predictor
    columns: tuple[Column, ...]
    classes: Sequence[Any] | None
    example: Mapping[str, Any]
    _transform: Any = field(init=False, default=None)  # the steps of a pipeline before its last one
    _last: Any = field(init=False)
    _bare: bool = field(init=False)  # bare arrays give the same answers as tables

    def __post_init__(self) -> None:
        self._bare = self._is_numeric() and _is_fitted_without_names(self.model)
        self._last = self.model
        steps = getattr(self.model, "steps", None)
        if isinstance(steps, list) and len(steps) > 1:
            # A pipeline would transform the rows once for `predict` and again for `predict_proba`.
            self._transform, self._last = self.model[:-1], self.model[-1]  # type: ignore[index]

    def predict(self, columns: Columns) -> Predictions:
        """Predictions for checked columns; raises whatever the model raises."""
        return self._ask(self._array(columns) if self._bare else self._table(columns))

    def try_out(self, columns: Columns) -> float:
        """Find the fastest way that gives the same answers, and the seconds it takes; raises what the model raises."""
        self._bare = self._bare or (self._is_numeric() and self._takes_arrays(columns))
        return min(self._timed(columns) for _ in range(_ROUNDS))

    def _timed(self, columns: Columns) -> float:
        began = time.perf_counter()
        self.predict(columns)
        return time.perf_counter() - began

    def _is_numeric(self) -> bool:
        return all(column.type in _NUMBERS for column in self.columns)

    def _takes_arrays(self, columns: Columns) -> bool:
        """Whether numbers may be handed over bare; building a table and taking it apart costs more than most models."""
        # scikit-learn would say on every request that names are missing; that they do not matter is tried right here.
        warnings.filterwarnings("ignore", message="X does not have valid feature names", category=UserWarning)
        expected = self._ask(self._table(columns))
        try:
            return self._ask(self._array(columns)) == expected
        except Exception:
            return False  # whatever it raises: this model wants its columns by name

    def _ask(self, rows: Any) -> Predictions:
        ready = rows if self._transform is None else self._transform.transform(rows)
        values = _plain(self._last.predict(ready))
        proba = getattr(self._last, "predict_proba", None)
        if self.classes is None or proba is None:
            return Predictions(values, None)
        names = [_key(each) for each in self.classes]
        return Predictions(values, [dict(zip(names, row, strict=True)) for row in _plain(proba(ready))])

    def _array(self, columns: Columns) -> Any:
        import numpy as np

        return np.array([columns[column.name] for column in self.columns]).T

    def _table(self, columns: Columns) -> Any:
        import pandas as pd

        return pd.DataFrame({column.name: columns[column.name] for column in self.columns})


def _is_fitted_without_names(model: Any) -> bool:
    return hasattr(model, "n_features_in_") and not hasattr(model, "feature_names_in_")


def _plain(values: Any) -> list[Any]:
    listed = values.tolist() if hasattr(values, "tolist") else list(values)
    return [_cell(value) for value in listed]


def _key(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)  # as JSON writes it


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return [_cell(part) for part in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value if isinstance(value, str | int | bool) or value is None else str(value)
