"""A verdict on a screen: the outcome, the reason, and every check with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

import click

from modelsync.cli.tables import rows
from modelsync.core.errors import ExitCode
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict

COLOURS = {
    Outcome.PASS: "green",
    Outcome.FAIL: "red",
    Outcome.INCONCLUSIVE: "magenta",
    Outcome.SKIPPED: "bright_black",
    Outcome.ERROR: "red",
}
_FIRST = (Outcome.ERROR, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.SKIPPED)
_SHOWN = 40  # checks on a screen; the page has them all
_NOTE = 60  # characters


def verdict_lines(verdict: Verdict) -> list[str]:
    """The outcome first, then why, then the checks: what went wrong before what did not."""
    head = f"{click.style(verdict.gate, bold=True)}  {outcome(verdict)}"
    lines = [head, *([f"  {verdict.reason}"] if verdict.reason else [])]
    checks = sorted(verdict.checks, key=lambda check: _FIRST.index(check.outcome))
    if checks:
        lines += ["", *_indented(check_lines(checks[:_SHOWN]))]
    if len(checks) > _SHOWN:
        lines.append(f"  {len(checks) - _SHOWN} more checks; `--format json` has them all")
    return lines


def outcome(verdict: Verdict) -> str:
    """The outcome in its colour, with a severity that lets it pass."""
    mild = verdict.severity is not GateSeverity.CRITICAL and verdict.outcome is not Outcome.PASS
    word = f"{verdict.outcome} ({verdict.severity})" if mild else str(verdict.outcome)
    return click.style(word, fg="yellow" if mild else COLOURS[verdict.outcome], bold=True)


def exit_of(verdict: Verdict) -> int:
    """The exit code that a run would have."""
    if verdict.blocks:
        return int(ExitCode.GATE_FAILED)
    return int(ExitCode.HELD if verdict.holds else ExitCode.DONE)


def check_lines(checks: Sequence[Check]) -> list[str]:
    """A table of checks."""
    return rows(["", "CHECK", "VALUE", "MUST BE", "NOTE"], [_row(check) for check in checks])


def _row(check: Check) -> list[str]:
    value = "" if check.value is None else f"{check.value:.4g}"
    if check.interval is not None:
        value += f" ({check.interval[0]:.4g} to {check.interval[1]:.4g})"
    bound = "" if check.threshold is None else f"{check.direction} {check.threshold:.4g}"
    note = check.note if len(check.note) <= _NOTE else f"{check.note[: _NOTE - 1]}…"
    return [str(check.outcome), check.id, value, bound, note]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]
