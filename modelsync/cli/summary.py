"""The end of a run in a form that is understood at a glance."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from modelsync.core.errors import ExitCode
from modelsync.core.units import say_seconds
from modelsync.core.verdict import Check, GateSeverity, Outcome, Verdict
from modelsync.engine.results import ModelOutcome, NodeResult, RunResult, Status
from modelsync.plan.model import NodeKind

_COLOURS = {
    Outcome.PASS: "green",
    Outcome.FAIL: "red",
    Outcome.INCONCLUSIVE: "magenta",
    Outcome.SKIPPED: "bright_black",
    Outcome.ERROR: "red",
}
_WORD = 15  # `fail (warning)` and a space
_CLOSEST = 3  # numbers of a passed gate that are shown: those nearest to their limits


def summary_lines(result: RunResult) -> list[str]:
    """What happened, what was judged on which numbers, which version by which rule, where it stands and answers."""
    if result.number is None:
        return _idle_lines(result)
    lines = ["", *_gate_lines(result), *_model_lines(result), *_trouble_lines(result)]
    lines += _notices(result)
    lines += [f"{name}: {link}" for name, link in result.links.items()]
    counts = {status: sum(node.status is status for node in result.nodes) for status in Status}
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    lines.append(f"run #{result.number}: {_ending(result.exit)} in {say_seconds(result.seconds)} ({said})")
    return lines


def _idle_lines(result: RunResult) -> list[str]:
    if result.exit is ExitCode.DONE:
        first = f"{click.style(result.project, bold=True)}: nothing changed, nothing to do"
        return [first, *_model_lines(result), *_notices(result)]
    first = (
        f"{click.style(result.project, bold=True)}: nothing changed since the last run, and it still ends the same way"
    )
    return [
        first,
        *_gate_lines(result),
        *_model_lines(result),
        *_trouble_lines(result),
        *_notices(result),
        _ending(result.exit),
    ]


def _notices(result: RunResult) -> list[str]:
    return [f"{click.style('note:', fg='yellow')} {notice}" for notice in result.notices]


def _gate_lines(result: RunResult) -> list[str]:
    judged = [(node, node.verdict) for node in result.nodes if node.verdict is not None]
    if not judged:
        return []
    lines = [click.style("Gates", bold=True)]
    wide = max(len(verdict.gate) for _, verdict in judged)
    for node, verdict in judged:
        lines.append(f"  {_word(verdict)}{verdict.gate.ljust(wide + 2)}{_numbers(verdict)}")
        if node.report:
            lines.append(f"  {' ' * _WORD}{' ' * (wide + 2)}report: {_near(node.report)}")
    return [*lines, ""]


def _word(verdict: Verdict) -> str:
    """The outcome; one that is bad and blocks nothing is said with the severity that lets it pass."""
    mild = verdict.severity is not GateSeverity.CRITICAL and verdict.outcome is not Outcome.PASS
    word = f"{verdict.outcome} ({verdict.severity})" if mild else str(verdict.outcome)
    return click.style(word.ljust(_WORD), fg="yellow" if mild else _COLOURS[verdict.outcome])


def _numbers(verdict: Verdict) -> str:
    if verdict.outcome is not Outcome.PASS and verdict.reason:
        return verdict.reason
    measured = [check for check in verdict.checks if check.value is not None and check.threshold is not None]
    measured = [check for check in measured if check.value or check.threshold] or measured  # 0 of 0 allowed says little
    if not measured:
        return verdict.reason
    closest = sorted(measured, key=_room)[:_CLOSEST]
    said = ", ".join(_said(check) for check in closest)
    return said if len(measured) == len(closest) else f"{len(measured)} checks hold, closest: {said}"


def _room(check: Check) -> float:
    """How far a value is from its limit, as a share of the limit."""
    value, threshold = check.value or 0.0, check.threshold or 0.0
    gap = threshold - value if check.direction.startswith("<") else value - threshold
    return gap / max(abs(threshold), abs(value), 1e-12)


def _said(check: Check) -> str:
    name = check.statistic.removeprefix("unexpected share by ").removeprefix("expect_")
    subject = "" if check.subject in ("", "the model", check.statistic) else f" of {check.subject}"
    return f"{name}{subject} {check.value:.4g} ({check.direction} {check.threshold:.4g})"


def _model_lines(result: RunResult) -> list[str]:
    lines: list[str] = []
    for model in result.models:
        lines += _one_model(model)
    return [*lines, ""] if lines else []


def _one_model(model: ModelOutcome) -> Iterable[str]:
    title = click.style(f"{model.model} {model.version}", bold=True)
    stages = ", ".join(model.stages) or "in no stage yet"
    yield f"{title}  {stages}"
    if model.decision is not None:
        from modelsync.release.promotion import say_evidence

        evidence = say_evidence(model.decision.evidence)
        yield f"  version: {model.decision.rule}" + (f"; {evidence}" if evidence else "")
    elif not model.fresh:
        yield "  no new version: its content is the same"
    for url in model.urls:
        yield f"  serves:  {url}/predict/{model.model}"
        yield f"  try:     curl -s {url}/example | curl -s {url}/predict/{model.model} -d @-"


def _near(path: str) -> str:
    """A path as it is shortest from here."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def _trouble_lines(result: RunResult) -> list[str]:
    lines: list[str] = []
    for node in result.nodes:
        if node.status is Status.FAILED and node.task.kind is not NodeKind.GATE:
            lines += _trouble(node, "failed", "red")
        elif node.status is Status.HELD:
            lines += _trouble(node, "held", "magenta")
    return [*lines, ""] if lines else []


def _trouble(node: NodeResult, word: str, colour: str) -> list[str]:
    lines = [f"{click.style(f'{node.task.label} {word}:', fg=colour, bold=True)} {node.detail}"]
    lines += [f"  | {line}" for line in node.trace.rstrip().splitlines()]
    if node.help:
        lines.append(f"  {click.style('help:', fg='cyan')} {node.help}")
    return lines


def _ending(code: ExitCode) -> str:
    said = {
        ExitCode.DONE: ("done", "green"),
        ExitCode.STEP_FAILED: ("a step failed", "red"),
        ExitCode.GATE_FAILED: ("a gate said no", "red"),
        ExitCode.HELD: ("held", "magenta"),
        ExitCode.ROLLED_BACK: ("rolled back", "red"),
        ExitCode.SURROUNDINGS: ("the surroundings failed", "red"),
    }.get(code, ("failed", "red"))
    return click.style(said[0], fg=said[1], bold=True)
