"""Metrics of many resamples at once: rows carry weights, one row of weights for each resample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np

Array: TypeAlias = "np.ndarray[Any, Any]"
Generator: TypeAlias = "np.random.Generator"

Measured = Callable[["Array"], "Array"]
"""Weights of the rows (resamples by n) to one value for each resample."""

OfRows = Callable[["Array", "Array"], Measured]
"""Truth (n) and prediction (n, or n by classes) to what measures resamples: what is sorted is sorted once."""

OfConfusion = Callable[["Array"], "Array"]
"""Confusion counts (resamples by true by predicted class) to one value for each resample."""

OfClass = Callable[["Array"], "Array"]
"""Confusion counts (resamples by true by predicted class) to one value for each resample and class."""


class Resampled(Protocol):
    """Truth, the predictions of each model, strata, resamples and a generator to values (models by resamples).

    All models are measured on the same resamples, so that their differences are paired. `like` are rows, by a flag for
    each: as many are drawn as they are, of each stratum, instead of all.
    """

    def __call__(
        self,
        truth: Array,
        said: list[Array],
        strata: Array | None,
        resamples: int,
        generator: Generator,
        like: Array | None = None,
    ) -> Array: ...


_POOL = 2_000  # rows of a stratum from which those like a part are drawn: more tell no more of its chance
_ENTRIES = 100_000  # weights held at once, 0.8 MB: a piece that stays in the cache is drawn and summed faster


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

    def resampled(
        truth: Array,
        said: list[Array],
        strata: Array | None,
        resamples: int,
        generator: Generator,
        like: Array | None = None,
    ) -> Array:
        import numpy as np

        # Booleans keep their meaning: class 1 is true.
        parts = [truth, *said]
        codes = [part.astype(int) for part in parts] if truth.dtype == bool else encode(*parts)
        classes = max(2, max(int(part.max()) for part in codes) + 1)
        places, counts = np.unique(np.ravel_multi_index(codes, [classes] * len(codes)), return_counts=True)
        cells = np.unravel_index(places, [classes] * len(codes))
        drawn = np.empty((resamples, len(counts)))
        for group in _groups(cells[0] if strata is not None else np.zeros(len(counts))):
            take = int(counts[group].sum())
            if like is not None:
                take = int(like.sum()) if strata is None else int((codes[0][like] == cells[0][group[0]]).sum())
            drawn[:, group] = generator.multinomial(take, counts[group] / counts[group].sum(), resamples)
        return np.stack([of(_confusion(drawn, cells[0], cells[place], classes)) for place in range(1, len(cells))])

    return resampled


def by_rows(of: OfRows) -> Resampled:
    """Resample a metric by drawing rows, in pieces that fit into memory."""

    def resampled(
        truth: Array,
        said: list[Array],
        strata: Array | None,
        resamples: int,
        generator: Generator,
        like: Array | None = None,
    ) -> Array:
        import numpy as np

        places = _places(strata, len(truth))
        takes = [len(rows) if like is None else int(like[rows].sum()) for rows in places]
        if like is not None:
            places = [generator.permutation(rows)[:_POOL] for rows in places]
        # With the rows of a stratum side by side, weights are drawn into place.
        order, sizes = np.concatenate(places), [len(rows) for rows in places]
        measures = [of(truth[order], prediction[order]) for prediction in said]
        found = np.empty((len(said), resamples))
        piece = max(1, _ENTRIES // len(order))
        for start in range(0, resamples, piece):
            weights = _draw(sizes, takes, min(piece, resamples - start), generator)
            found[:, start : start + piece] = [measure(weights) for measure in measures]
        return found

    return resampled


def _places(strata: Array | None, n: int) -> list[Array]:
    """The rows of each stratum."""
    import numpy as np

    if strata is None:
        return [np.arange(n)]
    ends = np.cumsum(np.unique(strata, return_counts=True)[1])[:-1]
    return np.split(np.argsort(strata, kind="stable"), ends)


def _draw(sizes: list[int], takes: list[int], resamples: int, generator: Generator) -> Array:
    """How often each row is drawn in each resample, with replacement inside its stratum, stratum after stratum."""
    import numpy as np

    weights = np.empty((resamples, sum(sizes)))
    start = 0
    for size, take in zip(sizes, takes, strict=True):
        drawn = generator.integers(0, size, size=(resamples, take))
        drawn += np.arange(resamples)[:, None] * size
        weights[:, start : start + size] = np.bincount(drawn.ravel(), minlength=resamples * size).reshape(-1, size)
        start += size
    return weights


def _groups(strata: Array) -> Iterator[Array]:
    import numpy as np

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

    def prepared(truth: Array, said: Array) -> Measured:
        each = losses(truth, said)

        def mean(weights: Array) -> Array:
            found: Array = weights @ each / weights.sum(axis=1)
            return found

        return mean

    return prepared


def rmse(truth: Array, said: Array) -> Measured:
    """The root of the mean squared error."""
    import numpy as np

    squared = mean_of(lambda true, prediction: (true - prediction) ** 2)(truth, said)

    def root(weights: Array) -> Array:
        found: Array = np.sqrt(squared(weights))
        return found

    return root


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


def r2(truth: Array, said: Array) -> Measured:
    """One minus the squared error over that of the resample's own mean."""
    missed, spread = (truth - said) ** 2, _squares(truth)
    return lambda weights: 1 - _ratio(weights @ missed, spread(weights))


def explained_variance(truth: Array, said: Array) -> Measured:
    """One minus the variance of the error over that of the truth."""
    missed, spread = _squares(truth - said), _squares(truth)
    return lambda weights: 1 - _ratio(missed(weights), spread(weights))


def _squares(values: Array) -> Measured:
    """The weighted sum of squares around the weighted mean; centred first, so that large numbers lose no digits."""
    centred = values - values.mean()
    squared = centred**2

    def around(weights: Array) -> Array:
        found: Array = weights @ squared - (weights @ centred) ** 2 / weights.sum(axis=1)
        return found

    return around


def max_error(truth: Array, said: Array) -> Measured:
    """The largest error of a resample."""
    import numpy as np

    errors = np.abs(truth - said)
    order = np.argsort(-errors)

    def largest(weights: Array) -> Array:
        found: Array = errors[order[(weights[:, order] > 0).argmax(axis=1)]]
        return found

    return largest


def median_absolute_error(truth: Array, said: Array) -> Measured:
    """The median error of a resample: the middle one, or the mean of the two in the middle."""
    import numpy as np

    errors = np.abs(truth - said)
    order = np.argsort(errors)
    ordered = errors[order]

    def middle(weights: Array) -> Array:
        reached = np.cumsum(weights[:, order], axis=1)
        total = reached[:, -1:]
        low = (reached >= np.floor((total + 1) / 2)).argmax(axis=1)
        high = (reached >= np.floor(total / 2) + 1).argmax(axis=1)
        found: Array = (ordered[low] + ordered[high]) / 2
        return found

    return middle


def roc_auc(truth: Array, said: Array) -> Measured:
    """The share of pairs of a positive and a negative row that are ranked right; a tie counts half."""
    import numpy as np

    positives, negatives = _by_score(truth, said)
    below = np.searchsorted(said[negatives], said[positives], "left")
    not_above = np.searchsorted(said[negatives], said[positives], "right")
    tied = bool((below != not_above).any())

    def area(weights: Array) -> Array:
        sums = _sums(weights, negatives)
        ranked = np.take(sums, below, axis=1)
        if tied:
            ranked = (ranked + np.take(sums, not_above, axis=1)) / 2
        drawn = np.take(weights, positives, axis=1)
        share: Array = np.einsum("ij,ij->i", drawn, ranked) / (drawn.sum(axis=1) * sums[:, -1])
        return share

    return area


def average_precision(truth: Array, said: Array) -> Measured:
    """The precision at every threshold, weighted by the recall it adds."""
    import numpy as np

    positives, negatives = _by_score(truth, -said)
    # The threshold at a positive row takes in all rows with its score or a higher one.
    hits = np.searchsorted(-said[positives], -said[positives], "right")
    alarms = np.searchsorted(-said[negatives], -said[positives], "right")

    def mean(weights: Array) -> Array:
        found = _sums(weights, positives)
        reached = np.take(found, hits, axis=1)
        taken = reached + np.take(_sums(weights, negatives), alarms, axis=1)
        share = reached / np.maximum(taken, 1)  # weights are whole: where nothing is taken, nothing is found
        value: Array = np.einsum("ij,ij->i", np.take(weights, positives, axis=1), share) / found[:, -1]
        return value

    return mean


def _by_score(truth: Array, said: Array) -> tuple[Array, Array]:
    """Where the positive and the negative rows are, lowest score first: looked up in order, sums are walked once."""
    import numpy as np

    positives, negatives = np.flatnonzero(truth), np.flatnonzero(~truth.astype(bool))
    return positives[np.argsort(said[positives])], negatives[np.argsort(said[negatives])]


def _sums(weights: Array, rows: Array) -> Array:
    """The weight of the first 0, 1, 2 ... of these rows."""
    import numpy as np

    sums = np.zeros((len(weights), len(rows) + 1))
    np.cumsum(np.take(weights, rows, axis=1), axis=1, out=sums[:, 1:])
    return sums
