"""Numbers, names and outcomes as the page says them."""

from __future__ import annotations

import math
import re

from modelsync.core.units import say_seconds
from modelsync.core.verdict import Check, Outcome

LONGEST_NAME = 90  # characters of a name from the data; longer ones lose their middle
LONGEST_NOTE = 600

OUTCOMES = {
    Outcome.PASS: "Pass",
    Outcome.FAIL: "Fail",
    Outcome.INCONCLUSIVE: "Inconclusive",
    Outcome.SKIPPED: "Skipped",
    Outcome.ERROR: "Error",
}
SIGNS = {
    Outcome.PASS: "✓",
    Outcome.FAIL: "✕",
    Outcome.INCONCLUSIVE: "?",
    Outcome.SKIPPED: "–",
    Outcome.ERROR: "!",
}
_SHARE = re.compile(r"share (of|outside) |(missing|unexpected) share|change of the \w+ share")
_LEAST_P = 1e-4
_UNEXPECTED = "unexpected share by "


def number(value: float | None) -> str:
    """Four significant digits, whole numbers with thousands apart; an empty text for None."""
    if value is None:
        return ""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else f"{'−' if value < 0 else ''}∞"
    if value == int(value) and abs(value) < 1e12:
        return f"{int(value):,}".replace("-", "−")
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")


def p_value(value: float) -> str:
    """A probability; what is smaller than anybody can tell apart is said to be smaller."""
    return f"< {_LEAST_P:.4f}" if value < _LEAST_P else f"{value:.3g}"


def share(value: float) -> str:
    """A share in percent."""
    percent = 100 * value
    digits = 0 if percent in (0, 100) else 1 if percent >= 1 else 2
    return f"{percent:.{digits}f} %"


def name(text: str) -> str:
    """A name from the data, shortened in its middle when it is very long."""
    return clip(text, LONGEST_NAME)


def clip(text: str, longest: int) -> str:
    """At most so many characters, the middle left out."""
    if len(text) <= longest:
        return text
    head = (longest - 3) * 2 // 3
    return f"{text[:head]} … {text[-(longest - 3 - head) :]}"


def measured(check: Check, value: float | None) -> str:
    """A number of this check in its own unit: a share in percent, an age as a duration."""
    if value is None or not math.isfinite(value):
        return number(value)
    if check.statistic == "age in seconds":
        return say_seconds(value) if value < 172_800 else f"{value / 86_400:.1f} days"
    return share(value) if _is_share(check) else number(value)


def bound(check: Check) -> str:
    """The condition on the value: `≤ 0.2`."""
    return "" if check.threshold is None else f"{signs(check.direction)} {measured(check, check.threshold)}".strip()


def statistic(check: Check) -> str:
    """What was measured, without the unit that stands beside the number."""
    said = check.statistic.removesuffix(" in seconds")
    if said.startswith(_UNEXPECTED):
        said = f"{said.removeprefix(_UNEXPECTED)}: unexpected share"
    return clip(said, LONGEST_NAME)


def _is_share(check: Check) -> bool:
    return _SHARE.match(check.statistic) is not None and abs(check.value or 0.0) <= 1


def signs(text: str) -> str:
    """The text with one sign for each comparison."""
    return text.replace("<=", "≤").replace(">=", "≥")
