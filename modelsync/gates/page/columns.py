"""One column before and now as pictures need it: sorted numbers, or the share of each level, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelsync.gates import prediction_drift, sides
from modelsync.gates.page.scene import Floats, Scene, Side
from modelsync.gates.question import Question
from modelsync.gates.sides import LevelSide, NumberSide
from modelsync.gates.sketch import Sketch
from modelsync.gates.target_drift import holds_classes

if TYPE_CHECKING:
    import pandas as pd

_POINTS = 20_000  # rows that a stored profile is drawn as


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The finite numbers of both sides, sorted, and the share of each that is missing."""

    before: Floats
    now: Floats
    missing: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The share of each level among the values that are there, on both sides, and the share that is missing."""

    before: dict[str, float]
    now: dict[str, float]
    missing: tuple[float, float]


def column(scene: Scene, kind: str, name: str) -> Numbers | Levels | None:
    """The column that a drift gate compared under a name; None when one side does not have it."""
    question = scene.question
    if kind == "prediction_drift":
        before, now = (_said(question, side) for side in (scene.before, scene.now))
    else:
        before, now = scene.before.column(name), scene.now.column(name)
    profile = question.reference_profile
    kept = profile.columns.get(name) if before is None and profile is not None else None
    if now is None or (before is None and not isinstance(kept, NumberSide | LevelSide)):
        return None
    values = [now] if before is None else [now, before]
    as_numbers = isinstance(kept, NumberSide) if before is None else _are_numbers(question, kind, name, values)
    measured = [sides.numbers(one) if as_numbers else sides.levels(one) for one in values]
    pair = (measured[1] if before is not None else kept, measured[0])
    return _together(pair)


def _together(pair: tuple[object, object]) -> Numbers | Levels | None:
    before, now = pair
    if isinstance(before, NumberSide) and isinstance(now, NumberSide):
        return Numbers(_sorted(before), _sorted(now), (_missing(before), _missing(now)))
    if isinstance(before, LevelSide) and isinstance(now, LevelSide):
        return Levels(_shares(before), _shares(now), (_missing(before), _missing(now)))
    return None


def _said(question: Question, side: Side) -> pd.Series | None:
    """What the model says of the drawn rows."""
    rows = side.part()
    if rows is None:
        return None
    values: pd.Series = prediction_drift.said(question, rows, "table").frame[prediction_drift.COLUMN]
    return values


def _are_numbers(question: Question, kind: str, name: str, values: list[pd.Series]) -> bool:
    if kind == "target_drift" and holds_classes(question):
        return False
    declared = question.declared(name).get("type")
    if declared is not None and kind != "prediction_drift":
        return declared in ("int", "float")
    return all(sides.kind(one) == sides.NUMBER for one in values)


def _sorted(side: NumberSide) -> Floats:
    """The sorted values; of a sketch its points, each as often as rows lie up to it."""
    import numpy as np

    if not isinstance(side.values, Sketch):
        return side.values
    rows = np.diff(side.values.at_most, prepend=0) / max(side.values.n, 1)
    return np.repeat(side.values.points, np.maximum(np.round(rows * _POINTS), 1).astype(int))


def _shares(side: LevelSide) -> dict[str, float]:
    total = max(int(side.counts.sum()) + side.n_others, 1)
    return {level: int(count) / total for level, count in zip(side.levels.to_pylist(), side.counts, strict=True)}


def _missing(side: NumberSide | LevelSide) -> float:
    return side.n_missing / side.rows if side.rows else 0.0
