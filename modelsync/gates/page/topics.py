"""The checks of a verdict put together by what they are about: a column, a metric, a comparison of groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelsync.core.verdict import Check, Outcome, Verdict, worst

_WORST_FIRST = [Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.SKIPPED]
_OPEN = frozenset({Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE})
_OF_MODELS = ("performance", "champion", "fairness", "stability", "calibration", "residuals")


@dataclass(frozen=True, slots=True)
class Topic:
    """One card: the checks that stand for the whole, and beside them its parts (groups, slices, trainings)."""

    name: str
    checks: tuple[Check, ...]
    parts: tuple[Check, ...] = ()

    @property
    def every(self) -> tuple[Check, ...]:
        """All its checks."""
        return (*self.checks, *self.parts)

    @property
    def outcome(self) -> Outcome:
        """The worst of the checks that decide; of all of them when none does."""
        deciding = [check.outcome for check in self.every if check.decides]
        return worst(deciding or [check.outcome for check in self.every])

    @property
    def is_open(self) -> bool:
        """Whether something did not pass."""
        return self.outcome in _OPEN

    @property
    def room(self) -> float:
        """The least distance of a value to its limit, as a share of the limit: small is near."""
        return min(map(room, self.every), default=float("inf"))


def room(check: Check) -> float:
    """How far a value is from its limit, as a share of the larger of both; infinite where there is no limit."""
    if check.value is None or check.threshold is None:
        return float("inf")
    gap = check.threshold - check.value if check.direction.startswith("<") else check.value - check.threshold
    return gap / max(abs(check.threshold), abs(check.value), 1e-12)


def worst_first(checks: Sequence[Check]) -> list[Check]:
    """Errors and failures first, then those nearest to their limits; what only shows a number last."""
    return sorted(checks, key=lambda check: (not check.decides, _WORST_FIRST.index(check.outcome), room(check)))


def topics(verdict: Verdict) -> list[Topic]:
    """Every check in one topic, the worst first, then by the room that is left."""
    about = _ABOUT.get(verdict.kind, _column)
    found: dict[str, list[Check]] = {}
    for check in verdict.checks:
        found.setdefault(about(check, verdict), []).append(check)
    is_part = _is_part if verdict.kind in _OF_MODELS else lambda _: False
    made = [_topic(name, checks, is_part) for name, checks in found.items()]
    return sorted(made, key=lambda topic: (_WORST_FIRST.index(topic.outcome), topic.room))


def _topic(name: str, checks: Sequence[Check], is_part: Callable[[Check], bool]) -> Topic:
    whole = [check for check in checks if not is_part(check)]
    if not whole:  # such as the worst of the segments, which stands for all of them
        whole = [check for check in checks if check.decides] or list(checks)
    ids = {check.id for check in whole}
    return Topic(name, tuple(worst_first(whole)), tuple(check for check in checks if check.id not in ids))


def _is_part(check: Check) -> bool:
    """A group, a slice or a training: some of what another check is about."""
    return " = " in check.subject or not check.decides


def _column(check: Check, _: Verdict) -> str:
    return check.subject or check.statistic


def _asked(check: Check, verdict: Verdict) -> str:
    """What the entry of `checks` asks that this check answers."""
    entries = verdict.params.get("checks")
    if check.asked is None or not isinstance(entries, list) or check.asked >= len(entries):
        return check.statistic
    entry: Mapping[str, Any] = entries[check.asked]
    words = [str(entry.get("metric") or entry.get("test") or check.statistic)]
    words += [f"{said} {entry[key]}" for key, said in _MORE.items() if entry.get(key)]
    return ", ".join(words)


_MORE = {"rule": "rule", "versus": "against the", "folds": "folds:", "seeds": "seeds", "across": "across", "by": "by"}


def _groups(check: Check, _: Verdict) -> str:
    metric = check.id.split(".", 1)[0]
    return f"{metric} by {check.subject.split(' = ', 1)[0]}"


_ABOUT: Mapping[str, Callable[[Check, Verdict], str]] = {
    **dict.fromkeys(_OF_MODELS, _asked),
    "fairness": _groups,
}
