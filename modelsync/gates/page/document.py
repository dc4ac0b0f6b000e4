"""The page from its first to its last line: verdict, what did not pass, everything, what was asked, how to repeat."""

from __future__ import annotations

from collections.abc import Sequence

from modelsync.core.units import say_seconds
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict
from modelsync.gates.page import cards, everything, facts, style, wording
from modelsync.gates.page.about import About
from modelsync.gates.page.markup import Markup, join, tag
from modelsync.gates.page.scene import Scene
from modelsync.gates.page.topics import Topic, topics
from modelsync.gates.question import Question

LARGEST = 2_000_000  # bytes of a page, whatever the table
_FOR_CARDS, _FOR_TABLE = 1_100_000, 600_000
_PASSED = 10  # passed topics that are drawn: those nearest to their limits
_FEW = 4  # when so few passed and nothing else is to be read, their cards are open
_SHORT = 240  # characters of a sentence that is read at once

# Nothing is loaded, not from a network and not from a disk, and nothing runs.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def page(question: Question, verdict: Verdict, about: About) -> str:
    """The whole page as text; it is well-formed XML too."""
    scene = Scene(question)
    title = f"{verdict.gate}: {verdict.outcome}" + (f" · {about.project}" if about.project else "")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        Markup(f"<style>{style.sheet()}</style>"),
    )
    main = tag("main", _top(verdict, about), _judged(verdict, scene), _rest(verdict, scene, about))
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main), lang='en')}\n"


def _top(verdict: Verdict, about: About) -> Markup:
    said = lead(verdict)
    reason = tag("p", wording.signs(said), class_="reason")
    full = None
    if said != verdict.reason:
        inner = tag("p", wording.signs(wording.clip(verdict.reason, 6000)), class_="small")
        full = tag("details", tag("summary", "The reason as it is recorded"), inner, class_="small")
    known: list[tuple[str, str]] = [("Kind", verdict.kind.replace("_", " ")), ("Severity", _severity(verdict))]
    known += [("Judged", about.target)] if about.target else []
    known += [("Guards", ", ".join(about.stops))] if about.stops else []
    known += [("When", about.at.replace("T", " ").removesuffix("Z") + " UTC")] if about.at else []
    known += [("Run", about.run)] if about.run else []
    known += [("Took", say_seconds(verdict.seconds))] if verdict.seconds else []
    return tag(
        "header",
        cards.mark(verdict.outcome),
        tag("h1", wording.clip(verdict.gate, 120)),
        tag("p", about.description, class_="muted") if about.description else None,
        reason,
        full,
        tag("dl", [tag("div", tag("dt", name), tag("dd", said)) for name, said in known]),
        _beside(about),
    )


def _severity(verdict: Verdict) -> str:
    if verdict.severity is not GateSeverity.CRITICAL:
        return f"{verdict.severity}: recorded, stops nothing"
    if verdict.blocks:
        return "critical: stops what comes after"
    return "critical: what comes after waits for a person" if verdict.holds else "critical"


def _beside(about: About) -> Markup | None:
    if not about.beside:
        return None
    links = [
        tag("li", tag("a", f"Page by {other.drawn_by}", href=other.file), ": drawn after the verdict, decides nothing.")
        for other in about.beside
    ]
    return tag("ul", links, class_="plain small muted")


def lead(verdict: Verdict) -> str:
    """The reason in one sentence with numbers in their own units; of many checks the first, and how many more."""
    wanted = verdict.outcome
    telling = [check for check in verdict.checks if check.decides and check.outcome is wanted]
    if wanted not in (Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE) or not telling:
        return wording.clip(verdict.reason, 2 * _SHORT)
    said = _briefly(telling[0])
    count = len(telling) - 1
    if count:
        said += f"; {count:,} more {'checks' if count > 1 else 'check'} came out the same way"
    return f"undecided: {said}" if wanted is Outcome.INCONCLUSIVE else said


def _briefly(check: Check) -> str:
    """A check without its note, unless the note is all there is."""
    what = wording.statistic(check) + (f" of {wording.name(check.subject)}" if check.subject else "")
    if check.value is None or check.outcome is not Outcome.FAIL:
        return f"{what}: {wording.clip(check.note, _SHORT)}" if check.note else what
    must = f", must be {wording.bound(check)}" if check.threshold is not None else ""
    return f"{what} is {wording.measured(check, check.value)}{must}"


def _judged(verdict: Verdict, scene: Scene) -> Markup:
    """Cards of all that did not pass, then of what passed most narrowly, within a number of bytes."""
    every = topics(verdict)
    open_ = [topic for topic in every if topic.is_open]
    passed = [topic for topic in every if not topic.is_open and topic.outcome is Outcome.PASS]
    passed = sorted(passed, key=lambda topic: topic.room)
    parts: list[Markup] = []
    budget = _FOR_CARDS
    if open_:
        made, left = _cards(open_, verdict, scene, budget, cards.opened)
        budget -= sum(len(card.encode()) for card in made)
        parts += [tag("h2", "What did not pass"), *_count(open_, every), *made, *_left(left, "did not pass either")]
    if passed:
        form = cards.opened if not open_ and len(passed) <= _FEW else cards.folded
        made, left = _cards(passed[:_PASSED], verdict, scene, budget, form)
        left += max(len(passed) - _PASSED, 0)
        word = "What passed" if left <= 0 else "What passed most narrowly"
        parts += [tag("h2", word), *made, *_left(left, "passed with more room")]
    return join(parts)


def _cards(
    chosen: Sequence[Topic], verdict: Verdict, scene: Scene, budget: int, form: cards.Form
) -> tuple[list[Markup], int]:
    """The cards that fit, and how many do not."""
    made: list[Markup] = []
    for topic in chosen:
        card = form(topic, verdict, scene)
        budget -= len(card.encode())
        if budget < 0:
            break
        made.append(card)
    return made, len(chosen) - len(made)


def _count(open_: Sequence[Topic], every: Sequence[Topic]) -> list[Markup]:
    if len(every) < 2:
        return []
    return [
        tag(
            "p",
            f"{len(open_):,} of {len(every):,}. The red part of a line is where a value must not lie.",
            class_="lead",
        )
    ]


def _left(count: int, said: str) -> list[Markup]:
    if count <= 0:
        return []
    return [tag("p", f"{count:,} more {said}; their numbers are in the table below.", class_="lead")]


def _rest(verdict: Verdict, scene: Scene, about: About) -> Markup:
    parts: list[Markup | None] = []
    if verdict.checks:
        parts += [tag("h2", "Everything computed"), everything.table(verdict, _FOR_TABLE)]
    parts += [tag("h2", "What was asked"), facts.asked(verdict, scene.question)]
    parts += [tag("h2", "What was looked at"), facts.seen(verdict, scene), facts.excluded(verdict)]
    again = facts.again(verdict, about)
    if again is not None:
        parts += [tag("h2", "How to judge it again"), again]
    sample = f" Pictures: {scene.drawn}." if scene.is_sample else ""
    foot = f"Written by ModelSync after the verdict; this page loads nothing and decides nothing.{sample}"
    return join(parts, tag("footer", foot))
