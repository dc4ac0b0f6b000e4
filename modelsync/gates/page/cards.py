"""One card for each topic: every check with its numbers and its place on a line, then the pictures."""

from __future__ import annotations

import math
from collections.abc import Callable

from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.page import pictures, wording
from modelsync.gates.page.markup import Child, Markup, breakable, join, tag
from modelsync.gates.page.scale import Mark, scale
from modelsync.gates.page.scene import Scene
from modelsync.gates.page.topics import Topic

Form = Callable[[Topic, Verdict, Scene], Markup]
"""How a card is made: `opened` or `folded`."""

_CHECKS = 12  # of one topic that are written out; the rest stands in the table


def mark(outcome: Outcome, *, quiet: str = "") -> Markup:
    """The outcome as a word with its sign and colour."""
    said = f"{wording.SIGNS[outcome]} {wording.OUTCOMES[outcome]}"
    return tag("span", said, class_=f"mark {outcome} {quiet}".strip())


def opened(topic: Topic, verdict: Verdict, scene: Scene) -> Markup:
    """A card that is read at once."""
    title = tag("div", mark(topic.outcome), _title(topic), class_="title")
    return tag("section", title, _inside(topic, verdict, scene), class_=f"card {topic.outcome}")


def folded(topic: Topic, verdict: Verdict, scene: Scene) -> Markup:
    """A card of which only the title is seen before it is opened."""
    nearest = topic.checks[0]
    said = tag("span", wording.statistic(nearest), " ", _value(nearest), _must(nearest), class_="small muted")
    summary = tag("summary", _title(topic), said, " ", mark(topic.outcome, quiet="quiet"))
    return tag("details", summary, _inside(topic, verdict, scene), class_=f"card {topic.outcome}")


def _title(topic: Topic) -> Markup:
    return tag("h3", breakable(wording.name(topic.name)))


def _inside(topic: Topic, verdict: Verdict, scene: Scene) -> Markup:
    more = len(topic.checks) - _CHECKS
    left = tag("p", f"{more:,} more checks are in the table below.", class_="small muted") if more > 0 else None
    checks = [_check(check, topic) for check in topic.checks[:_CHECKS]]
    return join(checks, left, pictures.draw(topic, verdict, scene))


def _check(check: Check, topic: Topic) -> Markup:
    marks = (Mark(0.0, "0: equal"),) if "champion" in check.statistic else ()
    said = tag("p", _subject(check, topic), " ", tag("b", _value(check)), _must(check), class_="said")
    quiet = mark(check.outcome, quiet="quiet") if check.outcome is not topic.outcome or len(topic.checks) > 1 else None
    note = "" if check.note == f"{check.bins} bins" else wording.signs(wording.clip(check.note, wording.LONGEST_NOTE))
    if not check.decides and check.threshold is not None:
        note = f"{note}; does not decide by itself".removeprefix("; ")
    return tag(
        "div",
        tag("div", tag("p", quiet) if quiet else None, said, _numbers(check)),
        tag("div", scale(check, *marks)),
        tag("p", note, class_="note") if note else None,
        class_="check",
    )


def _subject(check: Check, topic: Topic) -> str:
    subject = "" if check.subject in ("", "the model", topic.name) else f" of {wording.name(check.subject)}"
    return f"{wording.statistic(check)}{subject}"


def _value(check: Check) -> str:
    return wording.measured(check, check.value)


def _must(check: Check) -> Child:
    if check.threshold is None:
        return ""
    before = ", must be " if check.value is not None else " must be "
    return join(before, tag("span", wording.bound(check), class_="nowrap"))


def _numbers(check: Check) -> Markup | None:
    """What else was measured, each with its name."""
    facts: list[tuple[str, str]] = []
    if check.interval is not None:
        facts.append(("interval", " to ".join(wording.measured(check, end) for end in check.interval)))
    if check.effect is not None:
        facts.append(("effect", wording.number(check.effect)))
    if check.p_value is not None and math.isfinite(check.p_value):
        facts.append(("p", wording.p_value(check.p_value)))
    if check.p_adjusted is not None and math.isfinite(check.p_adjusted):
        facts.append(("adjusted p", wording.p_value(check.p_adjusted)))
    if check.n is not None:
        both = f" against {check.n_reference:,}" if check.n_reference is not None else ""
        facts.append(("rows", f"{check.n:,}{both}"))
    if check.n_missing:
        facts.append(("missing", f"{check.n_missing:,}"))
    if check.noise:
        facts.append(("shown by chance", wording.number(check.noise)))
    if check.bins is not None:
        facts.append(("bins", f"{check.bins}"))
    if not facts:
        return None
    return tag("dl", [tag("div", tag("dt", name), tag("dd", said)) for name, said in facts], class_="numbers")
