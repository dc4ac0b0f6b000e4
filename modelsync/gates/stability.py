"""Stability: one metric over several trainings of a model; its spread and its worst stay within bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from modelsync.core.checks import StabilityCheck
from modelsync.core.nearest import nearest
from modelsync.core.verdict import Check, Outcome
from modelsync.gates import folds, metrics, scoring
from modelsync.gates.catalogue import OTHER_NAMES
from modelsync.gates.question import Answer, GateError, Question, first_line, numbered
from modelsync.gates.scoring import Seen

_BOUNDS = ("max_std", "max_cv", "max_range", "max_gap", "min", "max")


@dataclass(frozen=True, slots=True)
class _Trainings:
    """The value of the metric in each training by its name, on held-out rows and, where known, on its own rows."""

    values: Mapping[str, float]
    own: Mapping[str, float] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    sign: int = 1
    note: str = ""


def answer(question: Question) -> Answer:
    """One check for each bound, and one for each training that shows its value."""
    import sklearn

    asked = question.asked(StabilityCheck)
    ids = numbered(wanted.metric for _, wanted in asked)
    checks: list[Check] = []
    for (place, wanted), id_ in zip(asked, ids, strict=True):
        try:
            found = [*_bounded(wanted, id_, trainings := _train(question, wanted)), *_shown(wanted, id_, trainings)]
        except GateError as error:
            found = [Check(id_, "", wanted.metric, Outcome.ERROR, note=str(error))]
        except Exception as error:  # whatever the user's model raises when it predicts
            found = [Check(id_, "", wanted.metric, Outcome.ERROR, note=first_line(error))]
        checks.extend(replace(check, asked=place) for check in found)
    return Answer(tuple(checks), _params(question), f"scikit-learn {sklearn.__version__}")


def _train(question: Question, wanted: StabilityCheck) -> _Trainings:
    if sum(map(bool, (wanted.across, wanted.folds, wanted.seeds))) != 1:
        raise GateError(f"the check of {wanted.metric} needs exactly one of `across`, `folds` and `seeds`")
    if wanted.across:
        return _of_members(question, wanted)
    metric = metrics.metric(wanted.metric)
    seen = scoring.see(question, scoring.truth(question), question.model, "model")
    values, own, rows, note = {}, {}, {}, ""
    for name, model, split in _plan(question, wanted, metric, seen):
        held_out, trained = folds.trained(model, metric, split, question.seed)
        try:
            values[name], rows[name] = metric.measure(held_out), held_out.truth.n
            if wanted.max_gap is not None:
                own[name] = metric.measure(trained)
        except GateError as error:
            raise GateError(f"{name}: {error}") from error
    if wanted.seeds and not folds.takes_a_seed(seen):
        note = "nothing in the model takes a `random_state`: a seed can't change it"
    return _Trainings(values, own, rows, metric.sign, note)


def _plan(
    question: Question, wanted: StabilityCheck, metric: metrics.Metric, seen: Seen
) -> Iterator[tuple[str, Seen, folds.Split]]:
    """What is trained: the name of each training, the model and its rows."""
    if wanted.seeds:
        if len(set(wanted.seeds)) < 2:
            raise GateError("`seeds` needs at least two different seeds to compare")
        split = folds.one_split(seen.truth, metric, question.seed)
        for seed in dict.fromkeys(wanted.seeds):
            yield f"seed {seed}", folds.reseeded(seen, seed), split
        return
    if wanted.folds < 2 or wanted.repeats < 1:
        raise GateError("`folds` must be at least 2, and `repeats` at least 1")
    for split in folds.cross_validation(
        seen.truth, metric, wanted.folds, wanted.repeats, wanted.splitter, wanted.group, question.seed
    ):
        yield split.name, seen, split


def _of_members(question: Question, wanted: StabilityCheck) -> _Trainings:
    """The values that the members of a matrix wrote themselves."""
    if wanted.max_gap is not None:
        raise GateError("`max_gap` needs the rows of each training; it goes with `folds` or `seeds`")
    members = question.members
    if not members:
        raise GateError(f"gate `{question.gate}` was given no members of `{wanted.across}` to compare")
    if len(members) < 2:
        raise GateError(f"`{wanted.across}` has one member, and nothing to compare it with")
    return _Trainings({name: _value(name, written, wanted.metric) for name, written in members.items()})


def _value(member: str, written: Mapping[str, float], metric: str) -> float:
    for name, value in written.items():
        if name == metric or OTHER_NAMES.get(name, name) == OTHER_NAMES.get(metric, metric):
            if not math.isfinite(value):
                raise GateError(f"member `{member}` has {value} as its {metric}, which can't be compared")
            return value
    near = nearest(metric, written)
    raise GateError(f"member `{member}` has no metric `{metric}`" + (f"; did you mean `{near}`?" if near else ""))


def _bounded(wanted: StabilityCheck, id_: str, trainings: _Trainings) -> list[Check]:
    found = []
    for bound in _BOUNDS:
        limit = getattr(wanted, bound)
        if limit is None:
            continue
        statistic, value, note = _measured(bound, trainings)
        direction = ">=" if bound == "min" else "<="
        held = value >= limit if bound == "min" else value <= limit
        found.append(
            Check(
                id=f"{id_}.{bound}",
                subject=wanted.metric,
                statistic=statistic,
                outcome=Outcome.PASS if held else Outcome.FAIL,
                value=value,
                threshold=limit,
                direction=direction,
                note="; ".join(filter(None, (note, trainings.note))),
                n=len(trainings.values),
                bound=bound,
            )
        )
    if not found:
        raise GateError(f"the check of {wanted.metric} has none of {', '.join(f'`{bound}`' for bound in _BOUNDS)}")
    return found


def _measured(bound: str, trainings: _Trainings) -> tuple[str, float, str]:
    """What a bound is about, its value, and the trainings it comes from."""
    import numpy as np

    values = trainings.values
    among = np.array(list(values.values()))
    low, high = min(values, key=lambda name: values[name]), max(values, key=lambda name: values[name])
    mean, std = float(among.mean()), float(among.std(ddof=1))
    over = f"mean {mean:.4g} over {len(values)} trainings"
    match bound:
        case "max_std":
            return "standard deviation", std, over
        case "max_cv":
            if mean == 0:
                raise GateError("the mean over the trainings is 0, of which nothing can be a part; use `max_std`")
            return "standard deviation over the mean", std / abs(mean), over
        case "max_range":
            return "range", values[high] - values[low], f"{low} {values[low]:.4g}, {high} {values[high]:.4g}"
        case "max_gap":
            gaps = [trainings.sign * (trainings.own[name] - values[name]) for name in values]
            own = float(np.mean(list(trainings.own.values())))
            return "mean gap between own and held-out rows", float(np.mean(gaps)), f"own {own:.4g}, held out {mean:.4g}"
        case "min":
            return "least", values[low], low
        case _:
            return "most", values[high], high


def _shown(wanted: StabilityCheck, id_: str, trainings: _Trainings) -> list[Check]:
    """The value of each training, which decides nothing by itself."""
    return [
        Check(
            id=f"{id_}.{name}",
            subject=name,
            statistic=wanted.metric,
            outcome=Outcome.PASS,
            value=value,
            note=f"{trainings.own[name]:.4g} on its own rows" if name in trainings.own else "",
            n=trainings.rows.get(name),
            decides=False,
        )
        for name, value in trainings.values.items()
    ]


def _params(question: Question) -> dict[str, Any]:
    checks = []
    for _, wanted in question.asked(StabilityCheck):
        form: dict[str, Any] = {"across": wanted.across} if wanted.across else {"seeds": list(wanted.seeds)}
        if wanted.folds:
            form = {"folds": wanted.folds, "repeats": wanted.repeats, "splitter": wanted.splitter}
            form |= {"group": wanted.group} if wanted.group else {}
        bounds = {bound: getattr(wanted, bound) for bound in _BOUNDS if getattr(wanted, bound) is not None}
        checks.append({"metric": wanted.metric, **form, **bounds})
    return {"checks": checks, "label": scoring.label_of(question), "seed": question.seed}
