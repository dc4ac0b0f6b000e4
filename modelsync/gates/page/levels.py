"""A column of categories before and now: the share of each level, new and vanished ones marked."""

from __future__ import annotations

from collections.abc import Mapping

from modelsync.gates.page import svg
from modelsync.gates.page.figure import BEFORE_AND_NOW
from modelsync.gates.page.forest import cell, pictured
from modelsync.gates.page.markup import Markup, breakable, join, tag
from modelsync.gates.page.svg import Span
from modelsync.gates.page.wording import name, share

_SHOWN = 12  # levels, those whose share changed most
_WIDE, _HIGH = 200.0, 20.0


def levels(column: str, before: Mapping[str, float], now: Mapping[str, float]) -> Markup:
    """A table, the level that changed most first; all that is not shown is one row."""
    every = list(dict.fromkeys([*before, *now]))
    changed = sorted(every, key=lambda level: -abs(now.get(level, 0.0) - before.get(level, 0.0)))
    shown, rest = (changed, []) if len(changed) <= _SHOWN + 1 else (changed[:_SHOWN], changed[_SHOWN:])
    most = max([*before.values(), *now.values(), 1e-9])
    rows = [
        _row(name(level), _new(level, before, now), before.get(level, 0.0), now.get(level, 0.0), most)
        for level in shown
    ]
    if rest:
        sums = [sum(side.get(level, 0.0) for level in rest) for side in (before, now)]
        rows.append(_row(f"{len(rest):,} other levels", "", sums[0], sums[1], max(most, *sums)))
    heads = [tag("th", "level", scope="col"), tag("th", tag("span", "drawn", class_="hidden"), scope="col")]
    heads += [tag("th", said, scope="col", class_="num") for said in ("reference", "now", "change")]
    caption = join(BEFORE_AND_NOW, tag("span", f"share of each level of {name(column)}", class_="hidden"))
    return pictured(caption, heads, rows)


def _new(level: str, before: Mapping[str, float], now: Mapping[str, float]) -> str:
    if level not in before:
        return "new"
    return "" if level in now else "vanished"


def _row(said: str, remark: str, before: float, now: float, most: float) -> Markup:
    span = Span(0.0, most, 0.0, _WIDE)
    drawn = svg.chart(
        f"{share(before)} before, {share(now)} now",
        _HIGH,
        svg.box(0, 2, span.at(before), 7, "before-bar", 1),
        svg.box(0, 11, span.at(now), 7, "now-bar", 1),
        width=_WIDE,
    )
    change = 100 * (now - before)
    first = tag(
        "th", breakable(said), tag("span", remark, class_="tag") if remark else None, scope="row", role="rowheader"
    )
    numbers = (("reference", share(before)), ("now", share(now)), ("change", f"{change:+.1f} points".replace("-", "−")))
    cells = [cell(head, number) for head, number in numbers]
    return tag("tr", first, tag("td", drawn, class_="draw", role="cell"), cells, role="row")
