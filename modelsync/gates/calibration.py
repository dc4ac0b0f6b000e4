"""Calibration: whether what a model calls 70 % likely happens in 70 of 100 rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from modelsync.core.checks import CalibrationCheck
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import scoring
from modelsync.gates.intervals import CHEAP_ROWS, LEAST_ROWS, RESAMPLES, Interval, percentiles
from modelsync.gates.question import Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Array, Seen

METRICS = ("ece", "mce", "brier")
_BINS = 10  # of the table that is shown when no check names a number of bins
_NOISE = 0.95  # so often a perfectly calibrated model stays below the floor
LOUD = {"ece": 0.25, "mce": 0.5}
"""What a model shows that calls likely (0.75, or all) what half the rows do: louder chance would hide even that."""
_WORDS = {
    "ece": "expected calibration error",
    "mce": "largest calibration error of a bin",
    "brier": "Brier score",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """How likely the model calls what it says of each row, and whether it is so."""

    probability: Array
    happened: Array
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class _Bins:
    """The rows by equal-width bins of the probability; bins without rows are left out."""

    low: Array
    high: Array
    n: Array
    mean_predicted: Array
    share_positive: Array

    @property
    def gaps(self) -> Array:
        """How far the share of each bin lies from the mean prediction."""
        found: Array = abs(self.share_positive - self.mean_predicted)
        return found

    def table(self) -> list[dict[str, float]]:
        """One entry for each bin, for a reliability diagram."""
        names = ("low", "high", "n", "mean_predicted", "share_positive")
        columns = [getattr(self, name).tolist() for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def answer(question: Question) -> Answer:
    """One check for each metric; the reliability table stands in `params`."""
    import sklearn

    said = _said(scoring.see(question, scoring.truth(question), question.model, "model"))
    asked = question.asked(CalibrationCheck)
    n_missing = 0 if question.table is None else len(question.table) - len(said.happened)
    checks = []
    for (place, wanted), id_ in zip(asked, numbered(wanted.metric for _, wanted in asked), strict=True):
        try:
            check = _checked(wanted, id_, said, question.seed)
        except GateError as error:
            check = Check(id_, "", wanted.metric, Outcome.ERROR, note=str(error))
        checks.append(replace(check, asked=place, n_missing=n_missing))
    bins = next((wanted.bins for _, wanted in asked if wanted.metric in ("ece", "mce")), _BINS)
    params = {
        "checks": [{"metric": wanted.metric, "max": wanted.max, "bins": wanted.bins} for _, wanted in asked],
        "of": said.what,
        "reliability": _binned(said, max(1, bins)).table(),
        "seed": question.seed,
    }
    return Answer(tuple(checks), params, f"scikit-learn {sklearn.__version__}")


def _said(seen: Seen) -> _Said:
    """The probability of the positive class; of several classes without a positive one, that of the class named."""
    import numpy as np

    try:
        if not hasattr(seen.model, "predict_proba"):
            raise GateError(
                f"the model ({type(seen.model).__name__}) gives no probabilities (`predict_proba`), which calibration "
                "is about; for a model of numbers write a gate of kind `residuals`"
            )
        if len(seen.classes) > 2 and seen.truth.positive is None:
            probability = seen.probabilities.max(axis=1)
            named = np.array(seen.classes, dtype=object)[seen.probabilities.argmax(axis=1)]
            found = _Said(probability, named == seen.truth.label, "the class with the highest probability")
        else:
            found = _Said(seen.positive_probability, seen.truth.is_positive, f"class {seen.truth.positive_class!r}")
    except GateError:
        raise
    except Exception as error:  # whatever the user's model raises when it predicts
        raise GateError(first_line(error)) from error
    outside = ~((found.probability >= 0) & (found.probability <= 1))
    if outside.any():
        raise GateError(f"the model gives {int(outside.sum()):,} rows a probability that is not between 0 and 1")
    return found


def _checked(wanted: CalibrationCheck, id_: str, said: _Said, seed: int) -> Check:
    if wanted.metric not in METRICS:
        near = nearest(wanted.metric, METRICS)
        hint = f"; did you mean `{near}`?" if near else f"; there are {', '.join(METRICS)}"
        raise GateError(f"`{wanted.metric}` is no metric of calibration{hint}")
    if wanted.bins < 1:
        raise GateError(f"{wanted.metric} needs at least one bin, not {wanted.bins}")
    value, bound, notes = 0.0, wanted.max, [f"of {said.what}"]
    noise, interval = None, None
    if wanted.metric == "brier":
        value, interval = _brier(said, seed)
    else:
        bins = _binned(said, wanted.bins)
        value, noise = _error(wanted.metric, bins.gaps, bins.n), _chance(wanted.metric, bins, seed)
        bound = max(wanted.max, noise)
        notes += _about(wanted, bins, noise)
    outcome, why = _outcome(wanted, value, noise or 0.0, len(said.happened))
    notes += [why] if why else []
    return Check(
        id=id_,
        subject="the model",
        statistic=_WORDS[wanted.metric],
        outcome=outcome,
        value=value,
        threshold=bound,
        direction="<=",
        note="; ".join(notes),
        interval=interval,
        n=len(said.happened),
        bins=None if wanted.metric == "brier" else wanted.bins,
        noise=noise,
        bound="max" if len(said.happened) >= LEAST_ROWS else "",  # no other bound would decide
    )


def _outcome(wanted: CalibrationCheck, value: float, noise: float, rows: int) -> tuple[Outcome, str]:
    if rows < LEAST_ROWS:
        return Outcome.INCONCLUSIVE, f"fewer than {LEAST_ROWS} rows, of which chance alone could be all"
    if value <= wanted.max:
        return Outcome.PASS, ""
    if value <= noise and noise >= LOUD[wanted.metric]:
        return Outcome.INCONCLUSIVE, "chance alone is so loud that nothing could be found"
    return (Outcome.PASS if value <= noise else Outcome.FAIL), ""


def _brier(said: _Said, seed: int) -> tuple[float, Interval | None]:
    """The mean squared distance of probability and outcome, and its 95 % bootstrap interval where that is cheap."""
    import numpy as np

    from modelsync.gates import weighted

    losses = (said.probability - said.happened) ** 2
    if len(losses) > CHEAP_ROWS:
        return float(losses.mean()), None
    of_losses = weighted.by_rows(weighted.mean_of(lambda truth, _: truth))
    drawn = of_losses(losses, [losses], None, RESAMPLES, np.random.default_rng(seed))
    return float(losses.mean()), percentiles(drawn[0], 0.95)


def _binned(said: _Said, bins: int) -> _Bins:
    import numpy as np

    edges = np.linspace(0, 1, bins + 1)
    # Bins are closed on the right, as in Guo et al. (2017); 0 belongs to the first.
    place = np.clip(np.searchsorted(edges, said.probability, side="left") - 1, 0, bins - 1)
    n = np.bincount(place, minlength=bins)
    kept = np.flatnonzero(n)
    predicted = np.bincount(place, weights=said.probability, minlength=bins)[kept] / n[kept]
    share = np.bincount(place, weights=said.happened.astype(float), minlength=bins)[kept] / n[kept]
    return _Bins(edges[kept], edges[kept + 1], n[kept], predicted, share)


def _error(metric: str, gaps: Array, n: Array) -> Any:
    """The mean gap of the rows, or the largest gap of a bin; for one set of gaps, or one for each resample."""
    return gaps @ n / n.sum() if metric == "ece" else gaps.max(axis=-1)


def _chance(metric: str, bins: _Bins, seed: int) -> float:
    """What a perfectly calibrated model shows on these rows in 95 of 100 cases (Bröcker and Smith 2007)."""
    import numpy as np

    drawn = np.random.default_rng(seed).binomial(bins.n, bins.mean_predicted, size=(RESAMPLES, len(bins.n))) / bins.n
    return float(np.quantile(_error(metric, abs(drawn - bins.mean_predicted), bins.n), _NOISE))


def _about(wanted: CalibrationCheck, bins: _Bins, noise: float) -> list[str]:
    worst = int(bins.gaps.argmax())
    notes = [
        f"{wanted.bins} bins, {len(bins.n)} with rows; farthest off between {bins.low[worst]:.3g} and "
        f"{bins.high[worst]:.3g}: predicted {bins.mean_predicted[worst]:.3f}, happened "
        f"{bins.share_positive[worst]:.3f} of {bins.n[worst]:,} rows"
    ]
    if noise > wanted.max:
        notes.append(
            f"raised from {wanted.max:.4g}: a perfectly calibrated model shows up to {noise:.4g} on so few rows"
        )
    return notes
