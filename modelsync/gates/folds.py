"""Clones of a model, trained anew on parts of a table by scikit-learn's own interface and measured on the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelsync.gates.groups import need_column
from modelsync.gates.metrics import Metric
from modelsync.gates.question import GateError, first_line
from modelsync.gates.scoring import Array, Seen, Truth

HELD_OUT = 0.25  # the share of the one split on which trainings with several seeds are compared
SPLITTERS = ("auto", "stratified_kfold", "kfold", "group", "time_series")


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The rows, by position, that are trained on and those that are held out."""

    name: str
    train: Array
    test: Array


def cross_validation(
    rows: Truth, metric: Metric, folds: int, repeats: int, splitter: str = "auto", group: str = "", seed: int = 0
) -> list[Split]:
    """`folds` times `repeats` splits, shuffled as scikit-learn does with this seed.

    `auto` keeps the shares of the classes where the metric is one of classes. `group` keeps rows with one value of the
    column together; `time_series` trains on the times before, and holds as many different times out in each fold.
    GateError where the rows don't allow it.
    """
    if splitter not in SPLITTERS:
        raise GateError(f"`{splitter}` is no splitter; expected {', '.join(SPLITTERS)}")
    if splitter == "auto":
        splitter = "stratified_kfold" if metric.stratified else "kfold"
    if splitter in ("group", "time_series"):
        if not group:
            raise GateError(f"`splitter: {splitter}` needs `group`, the column to {_USE[splitter]} by")
        need_column(rows.frame, group)
    if splitter == "time_series":
        return _in_order(rows, folds, repeats, group)
    pieces = (
        _by_group(rows, folds, repeats, group, seed)
        if splitter == "group"
        else _drawn(rows, folds, repeats, splitter, seed)
    )
    found = []
    for place, (train, test) in enumerate(pieces):
        fold, repeat = place % folds + 1, place // folds + 1
        found.append(Split(f"fold {fold}" if repeats == 1 else f"fold {fold} of repeat {repeat}", train, test))
    return found


_USE = {"group": "split", "time_series": "sort"}
_Pieces = Iterator[tuple[Array, Array]]


def _drawn(rows: Truth, folds: int, repeats: int, splitter: str, seed: int) -> _Pieces:
    import numpy as np
    import pandas as pd
    from sklearn.model_selection import RepeatedKFold, RepeatedStratifiedKFold

    places = np.zeros(rows.n)
    if splitter == "kfold":
        if rows.n < folds:
            raise GateError(f"{rows.n} rows are too few for {folds} folds")
        return iter(RepeatedKFold(n_splits=folds, n_repeats=repeats, random_state=seed).split(places))
    codes = pd.factorize(rows.label, sort=False)[0]
    least = int(np.bincount(codes).min())
    if least < folds:
        raise GateError(f"a class of `{rows.column}` has {least} rows, too few for {folds} folds")
    return iter(RepeatedStratifiedKFold(n_splits=folds, n_repeats=repeats, random_state=seed).split(places, codes))


def _by_group(rows: Truth, folds: int, repeats: int, column: str, seed: int) -> _Pieces:
    import numpy as np
    import pandas as pd
    from sklearn.model_selection import GroupKFold

    codes = pd.factorize(rows.frame[column])[0]
    known = codes[codes >= 0]
    if len(known) < rows.n:
        raise GateError(f"{rows.n - len(known):,} rows have no `{column}`, so they belong to no group")
    if len(set(known)) < folds:
        raise GateError(f"`{column}` has {len(set(known))} values, too few for {folds} folds")
    for repeat in range(repeats):
        yield from GroupKFold(folds, shuffle=True, random_state=seed + repeat).split(np.zeros(rows.n), groups=codes)


def _in_order(rows: Truth, folds: int, repeats: int, column: str) -> list[Split]:
    import numpy as np
    import pandas as pd
    from sklearn.model_selection import TimeSeriesSplit

    if repeats > 1:
        raise GateError("`splitter: time_series` has one order; leave `repeats` out")
    if rows.frame[column].isna().any():
        raise GateError(f"{rows.frame[column].isna().sum():,} rows have no `{column}`, so they have no place in time")
    at, times = pd.factorize(rows.frame[column], sort=True)
    if len(times) <= folds:
        raise GateError(f"`{column}` has {len(times)} different times, too few for {folds} folds")
    order = np.argsort(at, kind="stable")
    # Whole times are held out: rows of one time on both sides would tell the training what it is asked.
    pieces = TimeSeriesSplit(folds).split(times)
    return [
        Split(f"fold {fold}", order[at[order] < test[0]], order[np.isin(at[order], test)])
        for fold, (_, test) in enumerate(pieces, start=1)
    ]


def one_split(rows: Truth, metric: Metric, seed: int) -> Split:
    """Three quarters to train on and a quarter held out, with the same shares of the classes in both."""
    import numpy as np
    import pandas as pd
    from sklearn.model_selection import train_test_split

    codes = pd.factorize(rows.label)[0] if metric.stratified else None
    if rows.n < 4 or (codes is not None and np.bincount(codes).min() < 2):
        raise GateError(f"too few rows with a value of `{rows.column}` to hold a quarter of them out")
    train, test = train_test_split(np.arange(rows.n), test_size=HELD_OUT, random_state=seed, stratify=codes)
    return Split("the split", train, test)


def trained(seen: Seen, metric: Metric, split: Split, seed: int) -> tuple[Seen, Seen]:
    """A clone trained on the rows of the split: what it says of the held-out rows, and of those it was trained on.

    Every estimator inside whose `random_state` is free gets the seed, so that the same question has the same answer.
    """
    clone = seeded(seen, {name: seed for name, value in _random_states(seen.model).items() if value is None})
    train, test = seen.part_for(clone, split.train), seen.part_for(clone, split.test)
    try:
        clone.fit(train.inputs, _targets(train.truth, metric))
    except Exception as error:  # whatever the team's own estimator raises
        raise GateError(f"the {seen.who} can't be trained on {split.name}: {first_line(error)}") from error
    return test, train


def reseeded(seen: Seen, seed: int) -> Seen:
    """The same model, not trained, with this seed in every estimator inside that takes one."""
    clone = seeded(seen, dict.fromkeys(_random_states(seen.model), seed))
    return Seen(seen.truth, clone, seen.inputs, seen.who)


def takes_a_seed(seen: Seen) -> bool:
    """Whether any estimator inside has a `random_state`."""
    return bool(_random_states(seen.model))


def seeded(seen: Seen, states: dict[str, int]) -> Any:
    """A clone with these parameters; GateError for what scikit-learn can't clone and fit."""
    from sklearn.base import clone

    if not hasattr(seen.model, "fit"):
        raise GateError(_UNTRAINABLE.format(seen.who, type(seen.model).__name__, "has no `fit`"))
    try:
        made = clone(seen.model)
        return made.set_params(**states) if states else made
    except (TypeError, ValueError, RuntimeError) as error:
        reason = f"can't be cloned ({first_line(error)})"
        raise GateError(_UNTRAINABLE.format(seen.who, type(seen.model).__name__, reason)) from error


_UNTRAINABLE = (
    "the {} ({}) {}: training anew needs an estimator of scikit-learn's kind; compare on the rows as they are instead"
)


def _random_states(model: Any) -> dict[str, Any]:
    if not hasattr(model, "get_params"):
        return {}
    found = model.get_params(deep=True)
    return {name: value for name, value in found.items() if name.rsplit("__", 1)[-1] == "random_state"}


def _targets(rows: Truth, metric: Metric) -> Any:
    """The label in the form in which scikit-learn takes it: of its own type, not as objects."""
    import numpy as np

    return np.asarray(rows.label.tolist()) if metric.stratified else rows.numbers
