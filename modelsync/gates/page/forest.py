"""Groups, slices or trainings one under the other: a dot for each value, its interval, and the limit they share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from modelsync.core.verdict import Outcome
from modelsync.gates.page import svg
from modelsync.gates.page.markup import Child, Markup, breakable, join, tag
from modelsync.gates.page.svg import Span
from modelsync.gates.page.wording import OUTCOMES, clip, name, number

_WIDE, _HIGH = 220.0, 22.0
_HEADS = ("value", "interval", "rows", "note")
_KIND = {"note": "note"}
_MOST = 60  # rows; the worst first
_WORST = [Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.SKIPPED]


@dataclass(frozen=True, slots=True)
class Row:
    """One of those that are compared."""

    said: str
    value: float | None
    interval: tuple[float, float] | None = None
    n: int | None = None
    outcome: Outcome | None = None  # None: shown, not judged
    note: str = ""


def forest(caption: Child, rows: Sequence[Row], limits: Sequence[float] = (), first: str = "group") -> Markup:
    """A table with a dot and an interval in every row, all on one line of numbers."""
    shown = sorted(rows, key=_how_bad)[:_MOST] if len(rows) > _MOST else list(rows)
    span = _span(shown, limits)
    used = _used(shown)
    heads = [tag("th", first, scope="col"), tag("th", _ends(span), scope="col", class_="draw")]
    heads += [tag("th", head, scope="col", class_=_KIND.get(head, "num")) for head in used]
    left = f"{len(rows) - len(shown):,} more are in the table of everything" if len(rows) > len(shown) else None
    return join(
        pictured(caption, heads, [_row(row, span, limits, used) for row in shown]),
        tag("p", left, class_="small muted wide") if left else None,
    )


def pictured(caption: Child, heads: Sequence[Markup], body: Sequence[Markup]) -> Markup:
    """A table with a drawing in each row; on a narrow screen each row is laid out by itself and stays a row."""
    head = tag("thead", tag("tr", heads, role="row"), role="rowgroup")
    made = tag(
        "table", tag("caption", caption), head, tag("tbody", body, role="rowgroup"), class_="pictured", role="table"
    )
    return tag("div", made, class_="scroll wide", tabindex=0)


def cell(head: str, said: str) -> Markup:
    """A cell that can say which column it stands in where the head can't be seen."""
    return tag("td", said or None, class_=_KIND.get(head, "num"), role="cell", data_head=head if said else None)


def _used(rows: Sequence[Row]) -> list[str]:
    """The columns in which something stands."""
    return [head for head in _HEADS if head == "value" or any(_cells(row)[head] for row in rows)]


def _cells(row: Row) -> dict[str, str]:
    return {
        "value": number(row.value),
        "interval": "" if row.interval is None else f"{number(row.interval[0])} to {number(row.interval[1])}",
        "rows": "" if row.n is None else f"{row.n:,}",
        "note": clip(row.note, 200),
    }


def _how_bad(row: Row) -> int:
    return len(_WORST) if row.outcome is None else _WORST.index(row.outcome)


def _row(row: Row, span: Span, limits: Sequence[float], used: Sequence[str]) -> Markup:
    cells = _cells(row)
    first = tag("th", breakable(name(row.said)), scope="row", role="rowheader")
    drawn = tag("td", _drawn(row, span, limits), class_="draw", role="cell")
    return tag("tr", first, drawn, [cell(head, cells[head]) for head in used], role="row")


def _drawn(row: Row, span: Span, limits: Sequence[float]) -> Markup | None:
    marks: list[Markup] = [svg.line(span.start, 11, span.end, 11, "axis")]
    marks += [svg.line(span.at(limit), 0, span.at(limit), _HIGH, "chance") for limit in limits]
    if row.interval is not None and all(math.isfinite(end) for end in row.interval):
        marks.append(svg.line(span.at(row.interval[0]), 11, span.at(row.interval[1]), 11, "whisker"))
    if row.value is None or not math.isfinite(row.value):
        return None
    marks.append(tag("circle", cx=span.at(row.value), cy=11, r=5, class_="dot"))
    judged = "" if row.outcome is None else f", {OUTCOMES[row.outcome]}"
    of = "" if row.outcome is None else f"of-{row.outcome}"
    return svg.chart(f"{name(row.said)}: {number(row.value)}{judged}", _HIGH, marks, of=of, width=_WIDE)


def _span(rows: Sequence[Row], limits: Sequence[float]) -> Span:
    points = [point for row in rows for point in (row.value, *(row.interval or ())) if point is not None]
    points = [point for point in (*points, *limits) if math.isfinite(point)] or [0.0, 1.0]
    low, high = min(points), max(points)
    room = (high - low) * 0.04 or abs(low) * 0.1 or 0.5
    steps = svg.ticks(low - room, high + room, 5)
    step = steps[1] - steps[0] if len(steps) > 1 else room
    low, high = math.floor((low - room) / step) * step, math.ceil((high + room) / step) * step
    low = max(low, 0.0) if min(points) >= 0 else low
    high = min(high, 1.0) if min(points) >= 0 and max(points) <= 1 else high
    return Span(round(low, 12), round(high, 12), 6.0, _WIDE - 6.0)


def _ends(span: Span) -> Markup:
    """The two ends of the line of numbers, over the drawings."""
    style = "display: flex; justify-content: space-between; font-weight: 400"
    return tag("span", tag("span", number(span.low)), tag("span", number(span.high)), class_="muted", style=style)
