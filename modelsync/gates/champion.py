"""Champion: the candidate against the champion, both scored now on the same rows, decided by a stated rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modelsync.core.checks import ChampionCheck
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import folds, metrics, scoring
from modelsync.gates.catalogue import CHAMPION_METHODS
from modelsync.gates.comparison import (
    Difference,
    compare,
    corrected_resampled_t,
    difference_of,
    finite_interval,
    in_words,
)
from modelsync.gates.intervals import LEAST_ROWS, pairs_behind
from modelsync.gates.metrics import Metric
from modelsync.gates.performance import NO_CHAMPION
from modelsync.gates.question import WHEN_ABSENT, Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Seen

RULES = ("non_inferior", "superior", "guardrail")
_AUTO = {"roc_auc": "delong", "accuracy": "mcnemar"}


def answer(question: Question) -> Answer:
    """One check for each metric; without a champion `no_reference` decides each of them."""
    import sklearn

    asked = question.asked(ChampionCheck)
    ids = numbered(wanted.metric for _, wanted in asked)
    if question.champion is None:
        checks = tuple(_absent(question, wanted, id_, place) for (place, wanted), id_ in zip(asked, ids, strict=True))
        return Answer(checks, _params(question), absent=frozenset(ids))
    rows = scoring.truth(question)
    candidate = scoring.see(question, rows, question.model, "model")
    champion = scoring.see(question, rows, question.champion, "champion")
    found = [
        replace(_checked(question, wanted, id_, candidate, champion), asked=place)
        for (place, wanted), id_ in zip(asked, ids, strict=True)
    ]
    return Answer(tuple(found), _params(question), f"scikit-learn {sklearn.__version__}")


def _absent(question: Question, wanted: ChampionCheck, id_: str, place: int) -> Check:
    note = f"{NO_CHAMPION}; `no_reference: {question.no_reference}` decides"
    outcome = WHEN_ABSENT[question.no_reference]
    return Check(id_, "", f"{wanted.metric} against the champion", outcome, note=note, asked=place)


def _checked(question: Question, wanted: ChampionCheck, id_: str, candidate: Seen, champion: Seen) -> Check:
    """A metric that can't be compared is an error of its own and leaves the others standing."""
    try:
        return _compared(question, wanted, id_, candidate, champion)
    except GateError as error:
        note = str(error)
    except Exception as error:  # whatever a model raises when it predicts
        note = first_line(error)
    return Check(id_, "", f"{wanted.metric} against the champion", Outcome.ERROR, note=note)


def _compared(question: Question, wanted: ChampionCheck, id_: str, candidate: Seen, champion: Seen) -> Check:
    metric = metrics.metric(wanted.metric)
    method = _method(wanted, metric)
    if wanted.margin < 0:
        raise GateError(f"the margin of {metric.name} is {wanted.margin:g}; a margin is never negative")
    if method == "corrected_resampled_t":
        found = _by_folds(question, wanted, metric, candidate, champion)
        on = " on average, both trained anew"
    else:
        if method == "mcnemar" and wanted.margin == 0:
            method = "mcnemar_exact"
        found, on = compare(metric, candidate, champion, method, wanted.confidence, question.seed), ""
    said, rows = [f"{in_words(found)}{on}"], _rows(method, candidate)
    if method == "point":
        outcome = Outcome.PASS if found.value >= -wanted.margin else Outcome.FAIL
        said = ["guardrail", *said, "as measured, without an interval"]
    else:
        outcome, words = _ruled(wanted, found, rows)
        said = [words, *said, f"{method}: {found.note}"]
    return Check(
        id=id_,
        subject="",
        statistic=difference_of(metric),
        outcome=outcome,
        value=found.value,
        threshold=wanted.margin if wanted.rule == "superior" else -wanted.margin + 0.0,  # no -0
        direction=">" if wanted.rule == "superior" else ">=",
        note="; ".join(said),
        interval=found.interval,
        p_value=found.p_value,
        n=candidate.truth.n,
        n_missing=candidate.truth.n_missing,
        bound="" if outcome is Outcome.INCONCLUSIVE and rows < LEAST_ROWS else "margin",  # no other margin would decide
    )


def _method(wanted: ChampionCheck, metric: Metric) -> str:
    if wanted.rule not in RULES:
        raise GateError(f"`{wanted.rule}` is no rule; expected {', '.join(RULES)}")
    if wanted.method not in CHAMPION_METHODS:
        raise GateError(f"`{wanted.method}` is no method; expected {', '.join(CHAMPION_METHODS)}")
    if wanted.rule == "guardrail":
        return "point"
    if wanted.method == "auto":
        return "corrected_resampled_t" if wanted.folds else _AUTO.get(metric.name, "paired_bootstrap")
    if wanted.folds and wanted.method != "corrected_resampled_t":
        raise GateError(f"`folds` trains anew, `{wanted.method}` compares the models as they are; keep one of them")
    return wanted.method


def _by_folds(question: Question, wanted: ChampionCheck, metric: Metric, candidate: Seen, champion: Seen) -> Difference:
    """Clones of both models trained on the same folds of the gate's rows, and measured on what was held out."""
    import numpy as np

    if wanted.folds < 2:
        raise GateError("`corrected_resampled_t` trains both models anew; say on how many `folds` (at least 2)")
    splits = folds.cross_validation(candidate.truth, metric, wanted.folds, wanted.repeats, seed=question.seed)
    scores = np.array(
        [
            [metric.measure(folds.trained(seen, metric, split, question.seed)[0]) for seen in (candidate, champion)]
            for split in splits
        ]
    )
    ratio = float(np.mean([len(split.test) / len(split.train) for split in splits]))
    found = corrected_resampled_t(metric.sign * (scores[:, 0] - scores[:, 1]), ratio, wanted.confidence)
    ours, theirs = scores.mean(axis=0)
    return replace(found, of=(float(ours), float(theirs)))


def _rows(method: str, candidate: Seen) -> int:
    """The rows that a comparison rests on: those of the rarer class, twice, where rows of both classes make pairs."""
    return pairs_behind(candidate) if method == "delong" else candidate.truth.n


def _ruled(wanted: ChampionCheck, found: Difference, rows: int) -> tuple[Outcome, str]:
    """What the rule says of the interval, and the decision in words."""
    low, high = finite_interval(found)
    percent = f"{100 * wanted.confidence:.4g}%"
    error = f"{50 * (1 - wanted.confidence):.3g}% on the side that decides"
    interval = f"{percent} interval {low:+.4f} to {high:+.4f}, two-sided: an error of {error}"
    if rows < LEAST_ROWS:
        return Outcome.INCONCLUSIVE, f"inconclusive: too few rows to compare on; {interval}"
    outcome, word = decide(wanted.rule, wanted.margin, low, high)
    undecided = "; the interval holds the threshold: these rows can't tell" if outcome is Outcome.INCONCLUSIVE else ""
    return outcome, f"{word}: {interval}{undecided}"


def decide(rule: str, margin: float, low: float, high: float) -> tuple[Outcome, str]:
    """The outcome for an interval of the difference (positive for better), and the word for it.

    `superior` holds when all of it is above the margin, `non_inferior` when none of it is below minus the margin; the
    rule fails when the whole interval lies on the other side, and between the two the rows can't tell.
    """
    if rule == "superior":
        outcome = Outcome.PASS if low > margin else Outcome.FAIL if high <= margin else Outcome.INCONCLUSIVE
        if low > margin:
            return outcome, "better"
        word = "not_worse" if low >= -margin else "worse" if high < 0 else "inconclusive"
        return outcome, f"{word}, and not better by {margin:g}" if outcome is Outcome.FAIL else word
    if low >= -margin:
        return Outcome.PASS, "better" if low > 0 else "not_worse"
    return (Outcome.FAIL, "worse") if high < -margin else (Outcome.INCONCLUSIVE, "inconclusive")


def _params(question: Question) -> dict[str, Any]:
    checks: list[dict[str, Any]] = []
    for _, wanted in question.asked(ChampionCheck):
        entry: dict[str, Any] = {"metric": wanted.metric, "rule": wanted.rule, "margin": wanted.margin}
        if wanted.rule != "guardrail":
            one_sided = round((1 - wanted.confidence) / 2, 10)
            entry |= {"method": wanted.method, "confidence": wanted.confidence, "one_sided_error": one_sided}
        if wanted.folds:
            entry |= {"folds": wanted.folds, "repeats": wanted.repeats}
        checks.append(entry)
    return {"checks": checks, "label": scoring.label_of(question), "seed": question.seed}
