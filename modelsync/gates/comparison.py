"""Candidate against champion on the same rows: the difference, and how far chance alone could have moved it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from modelsync.gates.catalogue import METHODS
from modelsync.gates.intervals import RESAMPLES, percentiles, strata
from modelsync.gates.metrics import Metric
from modelsync.gates.question import GateError, first_line
from modelsync.gates.scoring import Array, Seen


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better the candidate is, in the unit of the metric and positive for better, whatever its direction.

    `of` are the values of the candidate and of the champion that it lies between.
    """

    value: float
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    note: str = ""
    of: tuple[float, float] | None = None


def compare(metric: Metric, candidate: Seen, champion: Seen, method: str, confidence: float, seed: int) -> Difference:
    """The difference by `point`, `paired_bootstrap`, `delong` or `mcnemar`; GateError where a method does not apply.

    `mcnemar_exact` has the same p value, and an interval that agrees with it about 0 and says less of other margins.
    """
    ours, theirs = metric.measure(candidate), _champion_value(metric, champion)
    found = _compared(metric, candidate, champion, metric.sign * (ours - theirs), method, confidence, seed)
    return replace(found, of=(ours, theirs))


def _compared(
    metric: Metric, candidate: Seen, champion: Seen, value: float, method: str, confidence: float, seed: int
) -> Difference:
    if method == "point":
        return Difference(value)
    if method == "paired_bootstrap":
        return _bootstrap(metric, candidate, champion, value, confidence, seed)
    if method == "delong":
        if metric.name != "roc_auc":
            raise GateError(f"delong compares roc_auc; for {metric.name} use paired_bootstrap")
        return _delong(candidate.truth.is_positive, candidate.scores, champion.scores, confidence)
    if method in ("mcnemar", "mcnemar_exact"):
        if metric.name != "accuracy":
            raise GateError(f"mcnemar compares accuracy; for {metric.name} use paired_bootstrap")
        return _mcnemar(candidate, champion, method, confidence)
    raise GateError(f"`{method}` is no method; expected {', '.join(METHODS)}")


def _bootstrap(
    metric: Metric, candidate: Seen, champion: Seen, value: float, confidence: float, seed: int
) -> Difference:
    """Percentiles of the difference over resamples of the rows, drawn within the classes (Efron 1979)."""
    import numpy as np

    # log_loss numbers the classes as each model does, so each model brings its own form of the truth.
    truth, other = metric.truth(candidate.truth, candidate), metric.truth(candidate.truth, champion)
    classes = strata(metric, candidate)
    said = [metric.said(candidate), metric.said(champion)]
    if truth is not other and not np.array_equal(truth, other):
        ours = metric.resampled(truth, said[:1], classes, RESAMPLES, np.random.default_rng(seed))
        theirs = metric.resampled(other, said[1:], classes, RESAMPLES, np.random.default_rng(seed))
        drawn = np.concatenate([ours, theirs])
    else:
        drawn = metric.resampled(truth, said, classes, RESAMPLES, np.random.default_rng(seed))
    interval = percentiles(metric.sign * (drawn[0] - drawn[1]), confidence)
    kind = "stratified resamples" if metric.stratified else "resamples"
    return Difference(value, interval, note=f"{RESAMPLES} {kind}, seed {seed}")


def _delong(truth: Array, candidate: Array, champion: Array, confidence: float) -> Difference:
    """The paired test of two areas under the ROC curve (DeLong 1988), by midranks as Sun and Xu (2014) do."""
    import numpy as np
    from scipy.special import erfc, ndtri

    positives, negatives = int(truth.sum()), int((~truth).sum())
    if min(positives, negatives) < 2:
        raise GateError("delong needs at least two rows of each class")
    of_positives, of_negatives = zip(*(_placed(truth, scores) for scores in (candidate, champion)), strict=True)
    covariance = np.cov(of_positives) / positives + np.cov(of_negatives) / negatives
    value = float(of_positives[0].mean() - of_positives[1].mean())
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    error = max(variance, 0.0) ** 0.5
    reach = float(ndtri((1 + confidence) / 2)) * error
    p_value = float(erfc(abs(value) / error / 2**0.5)) if error > 0 else (1.0 if value == 0 else 0.0)
    return Difference(value, (value - reach, value + reach), p_value, f"standard error {error:.3g}")


def _placed(truth: Array, scores: Array) -> tuple[Array, Array]:
    """For each positive row the share of negative rows below it, and for each negative the share of positives above."""
    import numpy as np

    positives, negatives = np.sort(scores[truth]), np.sort(scores[~truth])
    below = np.searchsorted(negatives, scores[truth], "left") + np.searchsorted(negatives, scores[truth], "right")
    not_above = np.searchsorted(positives, scores[~truth], "left") + np.searchsorted(positives, scores[~truth], "right")
    return below / 2 / len(negatives), 1 - not_above / 2 / len(positives)


def _mcnemar(candidate: Seen, champion: Seen, method: str, confidence: float) -> Difference:
    """The exact test of the rows on which only one is right, which is McNemar's (1947) without an approximation."""
    from scipy.stats import binomtest

    ours = candidate.labels == candidate.truth.label
    theirs = champion.labels == champion.truth.label
    won, lost, n = int((ours & ~theirs).sum()), int((theirs & ~ours).sum()), len(ours)
    p_value = float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
    conditional = method == "mcnemar_exact" and won + lost
    interval = _exact(won, lost, n, confidence) if conditional else _unconditional(won, lost, n, confidence)
    note = f"only the candidate is right on {won} rows, only the champion on {lost}"
    return Difference((won - lost) / n, interval, p_value, note)


def _exact(won: int, lost: int, n: int, confidence: float) -> tuple[float, float]:
    """The interval that leaves 0 out just when the exact test says so: Clopper and Pearson (1934), given won + lost."""
    from scipy.special import betaincinv

    tail, decided = (1 - confidence) / 2, won + lost
    low = float(betaincinv(won, lost + 1, tail)) if won else 0.0
    high = float(betaincinv(won + 1, lost, 1 - tail)) if lost else 1.0
    return (2 * low - 1) * decided / n, (2 * high - 1) * decided / n


def _unconditional(won: int, lost: int, n: int, confidence: float) -> tuple[float, float]:
    """The interval of Bonett and Price (2012), which keeps some doubt where no row tells the two apart."""
    from scipy.special import ndtri

    better, worse = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    reach = float(ndtri((1 + confidence) / 2)) * ((better + worse - (better - worse) ** 2) / (n + 2)) ** 0.5
    return max(better - worse - reach, -1.0), min(better - worse + reach, 1.0)


def corrected_resampled_t(differences: Array, test_to_train: float, confidence: float) -> Difference:
    """The mean difference over repeated cross-validation, with the variance of Nadeau and Bengio (2003).

    The trainings share most of their rows, so their scores are no independent draws; 1/J + n_test/n_train takes the
    place of 1/J in the variance of a mean of J differences. `differences` are positive for better.
    """
    from scipy.special import stdtr, stdtrit

    trainings = len(differences)
    value = float(differences.mean())
    error = float(((1 / trainings + test_to_train) * differences.var(ddof=1)) ** 0.5)
    reach = float(stdtrit(trainings - 1, (1 + confidence) / 2)) * error
    p_value = float(value == 0) if error == 0 else float(2 * stdtr(trainings - 1, -abs(value) / error))
    note = f"standard error {error:.3g} over {trainings} trainings"
    return Difference(value, (value - reach, value + reach), p_value, note)


def _champion_value(metric: Metric, champion: Seen) -> float:
    """The champion's value on the candidate's rows; GateError when it can't predict on them."""
    try:
        return metric.measure(champion)
    except GateError:
        raise
    except Exception as error:  # the champion was trained on other rows, by other code
        raise GateError(f"the champion can't predict on these rows: {first_line(error)}") from error


def finite_interval(found: Difference) -> tuple[float, float]:
    """The interval, or the value as both its ends; GateError where an end is no number."""
    low, high = found.interval or (found.value, found.value)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise GateError("the difference has no finite interval on these rows")
    return low, high


def difference_of(metric: Metric) -> str:
    """What is positive for better, in words: where less is better, the candidate is taken from the champion."""
    return f"{metric.name} minus the champion's" if metric.greater else f"the champion's {metric.name} minus ours"


def in_words(found: Difference) -> str:
    """The two values that the difference lies between."""
    return "" if found.of is None else f"model {found.of[0]:.4f}, champion {found.of[1]:.4f}"
