"""Metrics of many resamples at once: rows carry weights, one row of weights for each resample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"
Generator: TypeAlias = "np.random.Generator"

OfRows = Callable[["Array", "Array", "Array"], "Array"]
"""Truth (n), prediction (n, or n by classes) and weights (resamples by n) to one value for each resample."""

OfConfusion = Callable[["Array"], "Array"]
"""Confusion counts (resamples by true by predicted class) to one value for each resample."""

OfClass = Callable[["Array"], "Array"]
"""Confusion counts (resamples by true by predicted class) to one value for each resample and class."""

Resampled = Callable[["Array", "list[Array]", "Array | None", int, "Generator"], "Array"]
"""Truth, the predictions of each model, strata, resamples and a generator to values (models by resamples).

All models are measured on the same resamples, so that their differences are paired.
"""

_ENTRIES = 4_000_000  # weights held at once: 32 MB


def encode(*values: Array) -> list[Array]:
    """Any values as the codes of one common list of classes."""
    import numpy as np
    import pandas as pd

    codes, _ = pd.factorize(np.concatenate([np.asarray(part, dtype=object) for part in values]))
    return np.split(codes, np.cumsum([len(part) for part in values])[:-1])


def by_cells(of: OfConfusion) -> Resampled:
    """Resample a metric of predicted classes by its cells: rows with the same truth and predictions are alike.

    Drawing the counts of the cells is the same bootstrap as drawing the rows, at a cost that does not grow with them.
    """

    def resampled(truth: Array, said: list[Array], strata: Array | None, resamples: int, generator: Generator) -> Array:
        import numpy as np

        # Booleans keep their meaning: class 1 is true.
        parts = [truth, *said]
        codes = [part.astype(int) for part in parts] if truth.dtype == bool else encode(*parts)
        classes = max(2, max(int(part.max()) for part in codes) + 1)
        cells, counts = np.unique(np.stack(codes), axis=1, return_counts=True)
        drawn = np.empty((resamples, len(counts)))
        for group in _groups(cells[0] if strata is not None else None, len(counts)):
            drawn[:, group] = generator.multinomial(counts[group].sum(), counts[group] / counts[group].sum(), resamples)
        return np.stack([of(_confusion(drawn, cells[0], cells[place], classes)) for place in range(1, len(cells))])

    return resampled


def by_rows(of: OfRows) -> Resampled:
    """Resample a metric by drawing rows, in pieces that fit into memory."""

    def resampled(truth: Array, said: list[Array], strata: Array | None, resamples: int, generator: Generator) -> Array:
        import numpy as np

        piece = max(1, _ENTRIES // len(truth))
        found = []
        for start in range(0, resamples, piece):
            weights = _draw(len(truth), strata, min(piece, resamples - start), generator)
            found.append(np.stack([of(truth, prediction, weights) for prediction in said]))
        return np.concatenate(found, axis=1)

    return resampled


def _draw(rows: int, strata: Array | None, resamples: int, generator: Generator) -> Array:
    """How often each row is drawn in each resample, with replacement inside its stratum."""
    import numpy as np

    weights = np.empty((resamples, rows))
    for group in _groups(strata, rows):
        size = len(group)
        drawn = generator.integers(0, size, size=(resamples, size)) + np.arange(resamples)[:, None] * size
        weights[:, group] = np.bincount(drawn.ravel(), minlength=resamples * size).reshape(resamples, size)
    return weights


def _groups(strata: Array | None, rows: int) -> Iterator[Array]:
    import numpy as np

    if strata is None:
        yield np.arange(rows)
        return
    for value in np.unique(strata):
        yield np.flatnonzero(strata == value)


def _confusion(counts: Array, truth: Array, said: Array, classes: int) -> Array:
    import numpy as np

    place = np.zeros((len(truth), classes * classes))
    place[np.arange(len(truth)), truth * classes + said] = 1
    found: Array = (counts @ place).reshape(-1, classes, classes)
    return found


def _ratio(top: Array, bottom: Array) -> Array:
    """A share, 0 where there is nothing to divide by: scikit-learn's `zero_division=0`."""
    import numpy as np

    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom != 0)


def _hits(confusion: Array) -> Array:
    import numpy as np

    return np.diagonal(confusion, axis1=-2, axis2=-1)


def precision(confusion: Array) -> Array:
    """Of the rows said to be of a class, those that are."""
    return _ratio(_hits(confusion), confusion.sum(axis=-2))


def recall(confusion: Array) -> Array:
    """Of the rows of a class, those found."""
    return _ratio(_hits(confusion), confusion.sum(axis=-1))


def f1(confusion: Array) -> Array:
    """The harmonic mean of the two."""
    return _ratio(2 * _hits(confusion), confusion.sum(axis=-2) + confusion.sum(axis=-1))


def accuracy(confusion: Array) -> Array:
    """The share of rows that are right."""
    return _ratio(_hits(confusion).sum(axis=-1), confusion.sum(axis=(-2, -1)))


def balanced_accuracy(confusion: Array) -> Array:
    """The mean recall of the classes that occur."""
    return _ratio(recall(confusion).sum(axis=-1), (confusion.sum(axis=-1) > 0).sum(axis=-1).astype(float))


def matthews_corrcoef(confusion: Array) -> Array:
    """The correlation of truth and prediction for any number of classes (Gorodkin 2004)."""
    import numpy as np

    true, said = confusion.sum(axis=-1), confusion.sum(axis=-2)
    total = confusion.sum(axis=(-2, -1))
    covariance = _hits(confusion).sum(axis=-1) * total - (true * said).sum(axis=-1)
    spread = np.sqrt((total**2 - (said**2).sum(axis=-1)) * (total**2 - (true**2).sum(axis=-1)))
    return _ratio(covariance, spread)


def averaged(of: OfClass, average: str) -> OfConfusion:
    """The mean over the classes: alike (`macro`), by their rows (`weighted`), or over all decisions (`micro`)."""
    if average == "micro":
        return accuracy  # with one label a row, micro precision, recall and f1 all are the accuracy

    def mean(confusion: Array) -> Array:
        rows = confusion.sum(axis=-1)
        occurring = ((rows + confusion.sum(axis=-2)) > 0).astype(float)
        weights = rows if average == "weighted" else occurring
        return _ratio((of(confusion) * weights).sum(axis=-1), weights.sum(axis=-1))

    return mean


def mean_of(losses: Callable[[Array, Array], Array]) -> OfRows:
    """A metric that is the mean of one loss for each row."""

    def mean(truth: Array, said: Array, weights: Array) -> Array:
        found: Array = weights @ losses(truth, said) / weights.sum(axis=1)
        return found

    return mean


def rmse(truth: Array, said: Array, weights: Array) -> Array:
    """The root of the mean squared error."""
    import numpy as np

    found: Array = np.sqrt(mean_of(lambda true, prediction: (true - prediction) ** 2)(truth, said, weights))
    return found


def log_losses(truth: Array, said: Array) -> Array:
    """Minus the logarithm of the probability given to the class that was right, kept away from 0 as sklearn does."""
    import numpy as np

    shares = said / said.sum(axis=1, keepdims=True)
    found: Array = -np.log(np.clip(shares[np.arange(len(truth)), truth], np.finfo(float).eps, None))
    return found


def relative_errors(truth: Array, said: Array) -> Array:
    """The error in parts of the true value, which is kept away from 0 as scikit-learn does."""
    import numpy as np

    found: Array = np.abs(truth - said) / np.maximum(np.abs(truth), np.finfo(float).eps)
    return found


def r2(truth: Array, said: Array, weights: Array) -> Array:
    """One minus the squared error over that of the resample's own mean."""
    return 1 - _ratio(weights @ (truth - said) ** 2, _squares(truth, weights))


def explained_variance(truth: Array, said: Array, weights: Array) -> Array:
    """One minus the variance of the error over that of the truth."""
    return 1 - _ratio(_squares(truth - said, weights), _squares(truth, weights))


def _squares(values: Array, weights: Array) -> Array:
    """The weighted sum of squares around the weighted mean; centred first, so that large numbers lose no digits."""
    centred = values - values.mean()
    found: Array = weights @ centred**2 - (weights @ centred) ** 2 / weights.sum(axis=1)
    return found


def max_error(truth: Array, said: Array, weights: Array) -> Array:
    """The largest error of a resample."""
    import numpy as np

    found: Array = np.where(weights > 0, np.abs(truth - said), 0.0).max(axis=1)
    return found


def median_absolute_error(truth: Array, said: Array, weights: Array) -> Array:
    """The median error of a resample: the middle one, or the mean of the two in the middle."""
    import numpy as np

    errors = np.abs(truth - said)
    order = np.argsort(errors)
    reached = np.cumsum(weights[:, order], axis=1)
    total = reached[:, -1:]
    low = (reached >= np.floor((total + 1) / 2)).argmax(axis=1)
    high = (reached >= np.floor(total / 2) + 1).argmax(axis=1)
    ordered = errors[order]
    found: Array = (ordered[low] + ordered[high]) / 2
    return found


def roc_auc(truth: Array, said: Array, weights: Array) -> Array:
    """The share of pairs of a positive and a negative row that are ranked right; a tie counts half."""
    import numpy as np

    positive, negative = _by_score(truth, said, weights)
    below = np.cumsum(negative, axis=1) - negative
    right = (positive * (below + negative / 2)).sum(axis=1)
    share: Array = right / (positive.sum(axis=1) * negative.sum(axis=1))
    return share


def average_precision(truth: Array, said: Array, weights: Array) -> Array:
    """The precision at every threshold, weighted by the recall it adds."""
    import numpy as np

    positive, negative = _by_score(truth, said, weights)
    positive, negative = positive[:, ::-1], negative[:, ::-1]
    found = np.cumsum(positive, axis=1)
    share = _ratio(found, found + np.cumsum(negative, axis=1))
    mean: Array = (positive * share).sum(axis=1) / positive.sum(axis=1)
    return mean


def _by_score(truth: Array, said: Array, weights: Array) -> tuple[Array, Array]:
    """The weight of positive and of negative rows at each different score, lowest first."""
    import numpy as np

    order = np.argsort(said, kind="stable")
    ordered = said[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    positive = truth[order].astype(float)
    drawn = weights[:, order]
    return np.add.reduceat(drawn * positive, starts, axis=1), np.add.reduceat(drawn * (1 - positive), starts, axis=1)
