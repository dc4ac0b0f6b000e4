"""Every check in one table, also what passed; what does not fit on a page is counted."""

from __future__ import annotations

from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.gates.page import wording
from modelsync.gates.page.cards import mark
from modelsync.gates.page.markup import Markup, breakable, join, tag
from modelsync.gates.page.topics import worst_first

_OPEN = 25  # a longer table is folded
_HEADS = (
    ("outcome", False),
    ("what", False),
    ("on", False),
    ("value", True),
    ("must be", True),
    ("interval", True),
    ("effect", True),
    ("p", True),
    ("adjusted p", True),
    ("rows", True),
    ("missing", True),
    ("note", False),
)


def table(verdict: Verdict, budget: int) -> Markup:
    """At most `budget` bytes: what failed first, then what came nearest to its limit."""
    ordered = worst_first(verdict.checks)
    rows: list[Markup] = []
    size = 0
    used = _used(ordered)
    for check in ordered:
        row = _row(check, used)
        size += len(row.encode())
        if size > budget:
            break
        rows.append(row)
    left = len(ordered) - len(rows)
    head = tag("tr", [_head(name, is_number) for name, is_number in _HEADS if name in used])
    whole = tag("table", tag("thead", head), tag("tbody", rows))
    scroll = tag("div", whole, class_="scroll", tabindex=0, role="region", aria_label="Everything computed")
    said = _left_out(left)
    if len(rows) <= _OPEN:
        return join(scroll, said)
    return join(
        said,
        tag("details", tag("summary", f"All {len(rows):,} checks" if not left else f"{len(rows):,} checks"), scroll),
    )


def _left_out(count: int) -> Markup | None:
    if not count:
        return None
    said = (
        f"{count:,} more checks, further from their limits than these, are left out here; the journal holds them all."
    )
    return tag("p", said, class_="lead")


def _used(checks: list[Check]) -> frozenset[str]:
    """The columns of the table in which something stands."""
    found = {"outcome", "what", "value", "must be"}
    for check in checks:
        cells = _cells(check)
        found.update(name for name, said in cells.items() if said)
    return frozenset(found)


def _head(name: str, is_number: bool) -> Markup:
    return tag("th", name, scope="col", class_="num" if is_number else None)


def _row(check: Check, used: frozenset[str]) -> Markup:
    cells = _cells(check)
    is_judged = check.decides or check.threshold is not None or check.outcome is not Outcome.PASS
    shown = mark(check.outcome, quiet="quiet") if is_judged else tag("span", "shown", class_="muted")
    made = [tag("td", shown)]
    for name, is_number in _HEADS[1:]:
        if name in used:
            kind = "num" if is_number else name if name in ("note", "on") else None
            said = cells[name] if is_number or name == "note" else breakable(cells[name])
            made.append(tag("th", said, scope="row") if name == "what" else tag("td", said, class_=kind))
    return tag("tr", made)


def _cells(check: Check) -> dict[str, str]:
    interval = check.interval
    rows = "" if check.n is None else f"{check.n:,}"
    if check.n_reference is not None:
        rows += f" / {check.n_reference:,}"
    return {
        "what": wording.statistic(check),
        "on": wording.name(check.subject),
        "value": wording.measured(check, check.value),
        "must be": wording.bound(check),
        "interval": "" if interval is None else " to ".join(wording.measured(check, end) for end in interval),
        "effect": wording.number(check.effect),
        "p": "" if check.p_value is None else wording.p_value(check.p_value),
        "adjusted p": "" if check.p_adjusted is None else wording.p_value(check.p_adjusted),
        "rows": rows,
        "missing": f"{check.n_missing:,}" if check.n_missing else "",
        "note": wording.signs(wording.clip(check.note, 240)),
    }
