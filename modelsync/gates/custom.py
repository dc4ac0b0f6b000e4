"""Custom: a team's own function looks at the model and the tables and says whether they will do."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from modelsync.core.verdict import Check, Outcome
from modelsync.gates.catalogue import CUSTOM_OFFERS
from modelsync.gates.question import Answer, GateError, Question, first_line, numbered

_KEYS = ("passed", "value", "threshold", "direction", "note", "statistic", "subject")
_HOLDS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda value, threshold: value >= threshold,
    "<=": lambda value, threshold: value <= threshold,
    ">": lambda value, threshold: value > threshold,
    "<": lambda value, threshold: value < threshold,
}


def answer(question: Question) -> Answer:
    """The function's findings as checks.

    It is called with what it names of `model`, `data`, `reference`, `champion`, `label`, `positive`, and with the
    gate's own `with`. It returns True or False, or a mapping with `passed` and, for the numbers, `value`, `threshold`,
    `direction` (">=" or "<=") and `note`, or a list of such mappings, told apart by `statistic` and `subject`. With
    `value`, `threshold` and `direction`, `passed` may be left out.
    """
    function = question.function
    if function is None:
        raise GateError(f"gate `{question.gate}` was given no function")
    name = getattr(function, "__name__", type(function).__name__)
    try:
        returned = function(**_arguments(function, name, question))
    except GateError:
        raise
    except (Exception, SystemExit) as error:  # the team's own code: whatever it raises, the run goes on
        raise GateError(f"`{name}` raised {first_line(error)}{_place(error)}") from error
    found = list(returned) if _is_list(returned) else [returned]
    if not found:
        raise GateError(f"`{name}` returned an empty list, which says nothing")
    checks = [_check(name, question.gate, finding) for finding in found]
    ids = numbered(".".join(filter(None, (check.statistic, check.subject))) for check in checks)
    return Answer(
        checks=tuple(_with_id(check, id_) for check, id_ in zip(checks, ids, strict=True)),
        params={"with": dict(question.arguments)},
        engine=f"{getattr(function, '__module__', '')}:{name}".removeprefix(":"),
    )


def _arguments(function: Callable[..., Any], name: str, question: Question) -> dict[str, Any]:
    offered = {
        "model": question.model,
        "data": None if question.table is None else question.table.copy(),  # it may change its copy
        "reference": None if question.reference is None else question.reference.copy(),
        "champion": question.champion,
        "label": question.label.column if question.label else None,
        "positive": question.label.positive if question.label else None,
    }
    assert tuple(offered) == CUSTOM_OFFERS, "the catalogue names what is offered"
    parameters = inspect.signature(function).parameters
    taken = {key: value for key, value in offered.items() if key in parameters}
    given = {**taken, **question.arguments}
    try:
        inspect.signature(function).bind(**given)
    except TypeError as error:
        raise GateError(
            f"`{name}` can't be called: {error}; given were {', '.join(given) or 'no arguments'}"
        ) from error
    return given


def _check(name: str, gate: str, finding: Any) -> Check:
    if _is_bool(finding):
        return Check("", "", gate, Outcome.PASS if finding else Outcome.FAIL)
    if not isinstance(finding, Mapping):
        raise GateError(
            f"`{name}` returned {_shown(finding)}; expected True or False, or a mapping with `passed` "
            "(and `value`, `threshold`, `direction`, `note`)"
        )
    unknown = sorted(str(key) for key in finding if key not in _KEYS)
    if unknown:
        raise GateError(f"`{name}` returned the unknown key `{unknown[0]}`; known: {', '.join(_KEYS)}")
    value, threshold = (_number(name, finding, key) for key in ("value", "threshold"))
    direction = finding.get("direction", "")
    if direction not in ("", *_HOLDS):
        raise GateError(f"`{name}` returned the direction {_shown(direction)}; expected >= or <=")
    passed = _passed(name, finding, value, threshold, direction)
    return Check(
        id="",
        subject=str(finding.get("subject") or ""),
        statistic=str(finding.get("statistic") or gate),
        outcome=Outcome.PASS if passed else Outcome.FAIL,
        value=value,
        threshold=threshold,
        direction=direction,
        note=str(finding.get("note") or ""),
    )


def _passed(
    name: str, finding: Mapping[str, Any], value: float | None, threshold: float | None, direction: str
) -> bool:
    """What the function says, which its own numbers must not contradict."""
    by_numbers = None
    if value is not None and threshold is not None and direction:
        by_numbers = _HOLDS[direction](value, threshold)
    said = finding.get("passed")
    if said is None:
        if by_numbers is None:
            raise GateError(f"`{name}` returned no `passed`, and not all of `value`, `threshold` and `direction`")
        return by_numbers
    if not _is_bool(said):
        raise GateError(f"`{name}` returned {_shown(said)} as `passed`; expected True or False")
    if by_numbers is not None and bool(said) != by_numbers:
        raise GateError(f"`{name}` says passed: {bool(said)}, but {value:g} {direction} {threshold:g} is {by_numbers}")
    return bool(said)


def _number(name: str, finding: Mapping[str, Any], key: str) -> float | None:
    found = finding.get(key)
    if found is None:
        return None
    try:
        number = float(found)
    except (TypeError, ValueError):
        raise GateError(f"`{name}` returned {_shown(found)} as `{key}`; expected a number") from None
    if not math.isfinite(number):
        raise GateError(f"`{name}` returned {number} as `{key}`, which can't be compared")
    return number


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")  # numpy's own truth value


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _shown(value: Any) -> str:
    return f"{str(value)[:80]!r} ({type(value).__name__})"


def _place(error: BaseException) -> str:
    """The last line of the team's own code that was running."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)[1:]
    return f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _with_id(check: Check, id_: str) -> Check:
    return replace(check, id=id_)
