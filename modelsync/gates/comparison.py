"""Candidate against champion on the same rows: the difference, and how far chance alone could have moved it."""

from __future__ import annotations

from dataclasses import dataclass

from modelsync.gates.metrics import Metric
from modelsync.gates.question import GateError
from modelsync.gates.scoring import Array, Seen

RESAMPLES = 1000  # the ends of a 95 % interval then rest on 25 resamples each


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better the candidate is, in the unit of the metric and positive for better, whatever its direction."""

    value: float
    interval: tuple[float, float] | None = None
    p_value: float | None = None
    note: str = ""


def compare(metric: Metric, candidate: Seen, champion: Seen, method: str, confidence: float, seed: int) -> Difference:
    """The difference by `point`, `paired_bootstrap`, `delong` or `mcnemar`; GateError where a method does not apply."""
    sign = 1 if metric.greater else -1
    value = sign * (metric.measure(candidate) - metric.measure(champion))
    if method == "point":
        return Difference(value)
    if method == "paired_bootstrap":
        return _bootstrap(metric, candidate, champion, value, confidence, seed)
    if method == "delong":
        if metric.name != "roc_auc":
            raise GateError(f"delong compares roc_auc; for {metric.name} use paired_bootstrap")
        return _delong(candidate.truth.is_positive, candidate.scores, champion.scores, confidence)
    if method == "mcnemar":
        if metric.name != "accuracy":
            raise GateError(f"mcnemar compares accuracy; for {metric.name} use paired_bootstrap")
        return _mcnemar(candidate, champion, confidence)
    raise GateError(f"`{method}` is no method; expected point, paired_bootstrap, delong or mcnemar")


def _bootstrap(
    metric: Metric, candidate: Seen, champion: Seen, value: float, confidence: float, seed: int
) -> Difference:
    """Percentiles of the difference over resamples of the rows, drawn within the classes (Efron 1979)."""
    import numpy as np

    from modelsync.gates import weighted

    sign = 1 if metric.greater else -1
    rows = candidate.truth
    # log_loss numbers the classes as each model does, so each model brings its own form of the truth.
    truth, other = metric.truth(rows, candidate), metric.truth(rows, champion)
    strata = weighted.encode(rows.label)[0] if metric.stratified else None
    said = [metric.said(candidate), metric.said(champion)]
    if truth is not other and not np.array_equal(truth, other):
        ours = metric.resampled(truth, said[:1], strata, RESAMPLES, np.random.default_rng(seed))
        theirs = metric.resampled(other, said[1:], strata, RESAMPLES, np.random.default_rng(seed))
        drawn = np.concatenate([ours, theirs])
    else:
        drawn = metric.resampled(truth, said, strata, RESAMPLES, np.random.default_rng(seed))
    tail = (1 - confidence) / 2
    low, high = np.quantile(sign * (drawn[0] - drawn[1]), [tail, 1 - tail])
    kind = "stratified resamples" if metric.stratified else "resamples"
    return Difference(value, (float(low), float(high)), note=f"{RESAMPLES} {kind}, seed {seed}")


def _delong(truth: Array, candidate: Array, champion: Array, confidence: float) -> Difference:
    """The paired test of two areas under the ROC curve (DeLong 1988), by midranks as Sun and Xu (2014) do."""
    import numpy as np
    from scipy.stats import norm, rankdata

    positives, negatives = int(truth.sum()), int((~truth).sum())
    if min(positives, negatives) < 2:
        raise GateError("delong needs at least two rows of each class")
    of_positives, of_negatives, areas = [], [], []
    for scores in (candidate, champion):
        among_all, among_own = rankdata(scores), np.empty(len(scores))
        among_own[truth], among_own[~truth] = rankdata(scores[truth]), rankdata(scores[~truth])
        placed = among_all - among_own
        of_positives.append(placed[truth] / negatives)
        of_negatives.append(1 - placed[~truth] / positives)
        areas.append(of_positives[-1].mean())
    covariance = np.cov(of_positives) / positives + np.cov(of_negatives) / negatives
    value = float(areas[0] - areas[1])
    variance = float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    error = max(variance, 0.0) ** 0.5
    reach = float(norm.ppf((1 + confidence) / 2)) * error
    p_value = float(2 * norm.sf(abs(value) / error)) if error > 0 else (1.0 if value == 0 else 0.0)
    return Difference(value, (value - reach, value + reach), p_value, f"standard error {error:.3g}")


def _mcnemar(candidate: Seen, champion: Seen, confidence: float) -> Difference:
    """The exact test of the rows on which only one is right; the interval is that of Bonett and Price (2012)."""
    from scipy.stats import binomtest, norm

    ours = candidate.labels == candidate.truth.label
    theirs = champion.labels == champion.truth.label
    won, lost, n = int((ours & ~theirs).sum()), int((theirs & ~ours).sum()), len(ours)
    p_value = float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
    better, worse = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    reach = float(norm.ppf((1 + confidence) / 2)) * ((better + worse - (better - worse) ** 2) / (n + 2)) ** 0.5
    middle = better - worse
    note = f"only the candidate is right on {won} rows, only the champion on {lost}"
    return Difference((won - lost) / n, (middle - reach, middle + reach), p_value, note)
