"""Custom: a team's own function looks at the model and the tables and says whether they will do."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from modelsync.core import findings
from modelsync.core.errors import ModelSyncError
from modelsync.core.findings import Finding, FindingError, Heard, Validator
from modelsync.core.printable import printable
from modelsync.core.verdict import Check, Outcome
from modelsync.gates.question import Answer, GateError, Question, numbered

TIMEOUT = 600.0
"""Seconds that a custom check may take when its gate does not say: ten minutes find a hang before a night does."""

_SAID = 20  # lines of what it printed that are kept with the verdict
_WIDE = 1_000  # characters of a line of the team's own words


def answer(question: Question) -> Answer:
    """The function's findings as checks.

    What a spec names comes as a `Validator` and is asked in a process of its own, for at most `timeout` seconds. A
    plain function, which only a caller in Python can hand over, is called here: with what it names of `model`, `data`,
    `reference`, `champion`, `label`, `positive`, and with the gate's own `with`. What may be returned:
    `core.findings.read`.
    """
    function = question.function
    if function is None:
        raise GateError(f"gate `{question.gate}` was given no function")
    if isinstance(function, Validator):
        label, heard = function.label, _asked(function, question)
    else:
        label, heard = _label(function), Heard(_called(function, question))
    checks = [_check(question.gate, finding) for finding in heard.findings]
    ids = numbered(".".join(filter(None, (check["statistic"], check["subject"]))) for check in checks)
    params: dict[str, Any] = {"with": dict(question.arguments)}
    if heard.said:
        params["printed"] = [_line(line) for line in heard.said.splitlines()[-_SAID:]]
    return Answer(tuple(Check(id=id_, **check) for id_, check in zip(ids, checks, strict=True)), params, label)


def _asked(validator: Validator, question: Question) -> Heard:
    try:
        return validator.examine(TIMEOUT if question.timeout is None else question.timeout)
    except ModelSyncError as error:
        raise GateError(f"{_line(error.message)}{f': {error.help}' if error.help else ''}") from error


def _called(function: Callable[..., Any], question: Question) -> tuple[Finding, ...]:
    name = getattr(function, "__name__", type(function).__name__)
    offers: dict[str, Callable[[], Any]] = {
        "model": lambda: question.model,
        "data": lambda: None if question.table is None else question.table.copy(),  # it may change its copy
        "reference": lambda: None if question.reference is None else question.reference.copy(),
        "champion": lambda: question.champion,
        "label": lambda: question.label.column if question.label else None,
        "positive": lambda: question.label.positive if question.label else None,
    }
    assert tuple(offers) == findings.OFFERS, "one list says what is offered"
    try:
        given = findings.arguments(function, name, offers, question.arguments)
        returned = function(**given)
        return findings.read(name, returned)
    except FindingError as error:
        raise GateError(str(error)) from error
    except KeyboardInterrupt:  # somebody's Ctrl-C, because it runs in the caller's own process
        raise
    except BaseException as error:  # the team's own code: whatever it raises, the run goes on
        said = ": ".join(filter(None, (type(error).__name__, findings.said(error))))
        raise GateError(f"`{name}` raised {_line(said)}{_place(error)}") from error


def _check(gate: str, finding: Finding) -> dict[str, Any]:
    return {
        "statistic": _line(finding.statistic) or gate,
        "subject": _line(finding.subject),
        "outcome": Outcome.PASS if finding.passed else Outcome.FAIL,
        "value": finding.value,
        "threshold": finding.threshold,
        "direction": finding.direction,
        "note": _line(finding.note),
    }


def _label(function: Callable[..., Any]) -> str:
    name = getattr(function, "__name__", type(function).__name__)
    return f"{getattr(function, '__module__', '')}:{name}".removeprefix(":")


def _line(text: str) -> str:
    """What the team's code says, on one line that can't move a cursor."""
    return printable(" ".join(text.split()))[:_WIDE]


def _place(error: BaseException) -> str:
    """The last line of the team's own code that was running."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
