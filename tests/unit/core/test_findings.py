"""What a validator may be given and may return."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from modelsync.core import findings
from modelsync.core.findings import Finding, FindingError, Heard, Validator


@pytest.mark.parametrize(
    ("returned", "passed"),
    [
        (True, [True]),
        (False, [False]),
        (np.True_, [True]),
        (np.False_, [False]),
        ({"passed": True}, [True]),
        ({"passed": np.False_, "value": 1}, [False]),
        ({"value": 0.6, "threshold": 0.5, "direction": ">="}, [True]),
        ({"value": 0.6, "threshold": 0.5, "direction": "<="}, [False]),
        ({"value": 0.5, "threshold": 0.5, "direction": ">"}, [False]),
        ({"value": 0.4, "threshold": 0.5, "direction": "<"}, [True]),
        ({"passed": True, "value": np.float64(0.6), "threshold": 0.5, "direction": ">=", "note": "fine"}, [True]),
        ([{"passed": True, "statistic": "s"}, {"passed": False, "statistic": "s"}], [True, False]),
        (({"passed": True}, True), [True, True]),
    ],
)
def test_what_may_be_returned(returned: Any, passed: list[bool]) -> None:
    found = findings.read("check", returned)
    assert [each.passed for each in found] == passed
    assert all(type(each.passed) is bool for each in found)
    assert findings.read("check", [each.to_json() for each in found]) == found, "it travels as it is"


class Unshowable:
    def __str__(self) -> str:
        raise ValueError("no")

    def __bool__(self) -> bool:
        raise ValueError("no")


class Unreadable(dict[str, Any]):
    def __iter__(self) -> Any:
        raise RuntimeError("it can't\nbe read")


class Uncounted(list[Any]):
    def __iter__(self) -> Any:
        raise UnshowableError


class UnshowableError(Exception):
    def __str__(self) -> str:
        raise ValueError("no")


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "returned 'None' (NoneType); expected True or False, or a mapping"),
        (0.7, "returned '0.7' (float)"),
        ("pass", "returned 'pass' (str)"),
        (b"1", "(bytes)"),
        ([], "an empty list"),
        ([[True]], "(list)"),
        (iter([True]), "iterator"),
        (Unshowable(), "returned '...' (Unshowable)"),
        ([True] * 10_001, "returned 10,001 findings; return at most 10,000"),
        ({"ok": True}, "the unknown key `ok`; known: passed"),
        ({1: True}, "the unknown key `1`"),
        ({"value": 0.5}, "no `passed`, and not all of `value`, `threshold` and `direction`"),
        ({"passed": "yes"}, "returned 'yes' (str) as `passed`"),
        ({"passed": 1}, "returned '1' (int) as `passed`"),
        ({"passed": True, "value": "high"}, "returned 'high' (str) as `value`; expected a number"),
        ({"passed": True, "value": float("nan")}, "returned nan as `value`"),
        ({"passed": True, "threshold": float("inf")}, "returned inf as `threshold`"),
        ({"passed": True, "value": 10**400}, "(int) as `value`, which can't be compared"),
        ({"passed": True, "value": 10**5_000}, "returned '...' (int) as `value`, which can't be compared"),
        ({"passed": True, "value": "0.5"}, "returned '0.5' (str) as `value`; expected a number"),
        ({"passed": True, "note": Unshowable()}, "(dict), which can't be read: ValueError: no"),
        ({"passed": True, "direction": np.array([1, 2])}, "(dict), which can't be read: ValueError: The truth value"),
        (Unreadable(passed=True), "(Unreadable), which can't be read: RuntimeError: it can't be read"),
        (Uncounted([True]), "(Uncounted), which can't be read: UnshowableError"),
        ({"passed": True, "direction": "up"}, "the direction 'up' (str); expected >= or <="),
        (
            {"passed": True, "value": 0.4, "threshold": 0.5, "direction": ">="},
            "says passed: True, but 0.4 >= 0.5 is False",
        ),
    ],
)
def test_what_says_nothing(returned: Any, said: str) -> None:
    with pytest.raises(FindingError) as info:
        findings.read("check", returned)
    assert "`check`" in str(info.value)
    assert said in str(info.value)


def test_a_note_is_no_place_for_data() -> None:
    (found,) = findings.read(
        "check", {"passed": True, **dict.fromkeys(("note", "statistic", "subject"), "x" * 100_000)}
    )
    assert len(found.note) == len(found.statistic) == len(found.subject) == 2_000


def test_what_cant_be_shown_is_told_apart_from_what_says_nothing() -> None:
    assert findings.said(Unshowable()) == "..."
    assert findings.said(ValueError("two\n lines")) == "two lines"
    assert findings.said(ValueError()) == ""


def test_only_what_is_named_is_made() -> None:
    made: list[str] = []

    def offer(name: str) -> Any:
        def make() -> str:
            made.append(name)
            return name

        return make

    def check(data: Any, *, floor: float, label: str = "") -> bool:
        return True

    offers = {name: offer(name) for name in findings.OFFERS}
    given = findings.arguments(check, "check", offers, {"floor": 0.5, "label": "mine"})
    assert given == {"data": "data", "floor": 0.5, "label": "mine"}
    assert made == ["data"]


def test_what_can_not_be_called() -> None:
    def check(data: Any, *, floor: float) -> bool:
        return True

    offers = {"data": lambda: 1}
    with pytest.raises(FindingError, match="missing a required argument: 'floor'; given were data"):
        findings.arguments(check, "check", offers, {})
    with pytest.raises(FindingError, match="unexpected keyword argument 'top'"):
        findings.arguments(check, "check", offers, {"floor": 1, "top": 2})
    with pytest.raises(FindingError, match="given were no arguments"):
        findings.arguments(lambda floor: True, "check", {}, {})
    with pytest.raises(FindingError, match="`vars` is no function written in Python"):
        findings.arguments(vars, "vars", offers, {})


def test_a_function_is_no_validator() -> None:
    class Mine:
        label = "mine"

        def examine(self, timeout: float) -> Heard:
            return Heard((Finding(True),))

    assert isinstance(Mine(), Validator)
    assert not isinstance(test_a_function_is_no_validator, Validator)
