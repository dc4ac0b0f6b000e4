"""The head of a gate's page: the verdict, its reason and every check with its numbers, in plain HTML."""

from __future__ import annotations

import json
import math
from html import escape

from modelsync.core.units import say_seconds
from modelsync.core.verdict import Check, Outcome, Verdict

# The page may run what it brings and load nothing: not from a disk, not from a network.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
_META = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'

_COLOURS = {
    Outcome.PASS: "#1a7f37",
    Outcome.FAIL: "#c62828",
    Outcome.ERROR: "#8e24aa",
    Outcome.INCONCLUSIVE: "#b26a00",
    Outcome.SKIPPED: "#5f6b7a",
}
_FIRST = [Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.SKIPPED]

_STYLE = """<style>
.ms { font: 15px/1.5 system-ui, sans-serif; color: #1f2733; background: #fff;
  max-width: 1200px; margin: 0 auto; padding: 28px 24px 8px }
.ms h1 { font-size: 24px; margin: 0 0 4px; font-weight: 650 }
.ms .mark { display: inline-block; color: #fff; border-radius: 4px; padding: 0 9px; font-size: 14px; font-weight: 600;
  white-space: nowrap }
.ms h1 .mark { vertical-align: 3px; margin-left: 8px }
.ms .reason { font-size: 16px; margin: 10px 0; overflow-wrap: anywhere }
.ms .small { color: #5f6b7a; font-size: 13px; margin: 4px 0 }
.ms .scroll { overflow-x: auto }
.ms table { border-collapse: collapse; width: 100%; margin: 14px 0; font-size: 14px }
.ms th { text-align: left; font-weight: 600; border-bottom: 2px solid #d5dbe3; padding: 5px 10px 5px 0 }
.ms td { border-bottom: 1px solid #e7ebf0; padding: 5px 10px 5px 0; vertical-align: top }
.ms td:last-child { overflow-wrap: anywhere; min-width: 180px }
.ms .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.ms details { font-size: 13px; color: #5f6b7a } .ms pre { white-space: pre-wrap }
.ms .line { border-top: 1px solid #d5dbe3; margin-top: 18px; padding-top: 12px }
</style>"""


def insert(page: str, verdict: Verdict, drawn: str) -> str:
    """evidently's page with the verdict at its top and what it was drawn from; ValueError when it is no page."""
    head, body = page.find("<head>"), page.find("<body>")
    if head < 0 or body < head:
        raise ValueError("evidently gave back something that is no page")
    notice = (
        f"<p class='small line'>Below: pictures by evidently, drawn from {escape(drawn)}. What it says there, such as "
        "“drift detected”, comes from its own methods and limits and may differ from the verdict above. "
        "It decides nothing. In columns of words a missing value is drawn as the level “(missing)” and so not counted "
        "among the missing ones.</p>"
    )
    at_head, at_body = head + len("<head>"), body + len("<body>")
    return "".join(
        [
            page[:at_head].lstrip(),
            _META,
            _STYLE,
            f"<title>{escape(verdict.gate)}: {verdict.outcome}</title>",
            page[at_head:at_body],
            _verdict(verdict, notice),
            page[at_body:],
        ]
    )


def page(verdict: Verdict, why: str) -> str:
    """A page with the verdict alone, and why there are no pictures."""
    notice = f"<p class='small line'>No pictures: {escape(why)}</p>"
    title = f"<title>{escape(verdict.gate)}: {verdict.outcome}</title>"
    head = f"<meta charset='UTF-8'>{_META}{title}{_STYLE}"
    return f"<!DOCTYPE html>\n<html lang='en'><head>{head}</head><body>{_verdict(verdict, notice)}</body></html>\n"


def _verdict(verdict: Verdict, notice: str) -> str:
    checks = sorted(verdict.checks, key=lambda check: _FIRST.index(check.outcome))
    facts = [f"{verdict.kind} gate", f"severity {verdict.severity}"]
    if verdict.engine:
        facts.append(f"decided by {verdict.engine}")
    facts += [f"{facts_['rows']:,} rows of {role}" for role, facts_ in verdict.data.items() if "rows" in facts_]
    if verdict.seconds:
        facts.append(say_seconds(verdict.seconds))
    parts = [
        "<div class='ms'>",
        f"<h1>{escape(verdict.gate)} {_mark(verdict.outcome)}</h1>",
        f"<p class='small'>{escape(' · '.join(facts))}</p>",
        f"<p class='reason'>{escape(verdict.reason)}</p>",
        _table(checks) if checks else "",
        _params(verdict),
        notice,
        "</div>",
    ]
    return "\n".join(parts)


def _table(checks: list[Check]) -> str:
    heads = "".join(
        f"<th{' class=num' if number else ''}>{head}</th>"
        for head, number in (
            ("", False),
            ("what", False),
            ("on", False),
            ("value", True),
            ("must be", True),
            ("interval", True),
            ("p", True),
            ("rows", True),
            ("note", False),
        )
    )
    return f"<div class='scroll'><table><tr>{heads}</tr>{''.join(map(_row, checks))}</table></div>"


def _row(check: Check) -> str:
    bound = f"{check.direction} {_number(check.threshold)}" if check.threshold is not None else ""
    interval = f"{_number(check.interval[0])} to {_number(check.interval[1])}" if check.interval else ""
    rows = "" if check.n is None else f"{check.n:,}"
    if check.n_reference is not None:
        rows += f" / {check.n_reference:,}"
    words = [escape(check.statistic), escape(check.subject)]
    numbers = [_number(check.value), bound, interval, _number(check.p_value), rows]
    cells = [
        f"<td>{_mark(check.outcome)}</td>",
        *(f"<td>{word}</td>" for word in words),
        *(f"<td class=num>{escape(number)}</td>" for number in numbers),
        f"<td>{escape(check.note)}</td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _mark(outcome: Outcome) -> str:
    return f"<span class='mark' style='background:{_COLOURS[outcome]}'>{outcome}</span>"


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else f"{value:.4g}"


def _params(verdict: Verdict) -> str:
    if not verdict.params:
        return ""
    said = json.dumps(verdict.params, indent=1, ensure_ascii=False, default=str)
    return f"<details><summary>what was asked, with every default</summary><pre>{escape(said)}</pre></details>"
