"""The end of a run in a form that is understood at a glance."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from modelsync.core.errors import ExitCode
from modelsync.core.units import say_seconds
from modelsync.core.verdict import Check, Outcome, Verdict
from modelsync.engine.results import ModelOutcome, NodeResult, RunResult, Status
from modelsync.plan.model import NodeKind

_COLOURS = {
    Outcome.PASS: "green",
    Outcome.FAIL: "red",
    Outcome.INCONCLUSIVE: "magenta",
    Outcome.SKIPPED: "bright_black",
    Outcome.ERROR: "red",
}
_CHECKS = 4  # numbers of a passed gate that are shown; a failed one shows all that failed


def summary_lines(result: RunResult) -> list[str]:
    """What happened, what was judged on which numbers, which version by which rule, where it stands and answers."""
    if result.number is None:
        return _idle_lines(result)
    lines = ["", *_gate_lines(result), *_model_lines(result), *_trouble_lines(result)]
    lines += [f"{click.style('note:', fg='yellow')} {notice}" for notice in result.notices]
    lines += [f"{name}: {link}" for name, link in result.links.items()]
    counts = {status: sum(node.status is status for node in result.nodes) for status in Status}
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    lines.append(f"run #{result.number}: {_ending(result.exit)} in {say_seconds(result.seconds)} ({said})")
    return lines


def _idle_lines(result: RunResult) -> list[str]:
    if result.exit is ExitCode.DONE:
        first = f"{click.style(result.project, bold=True)}: nothing changed, nothing to do"
        return [first, *_model_lines(result)]
    first = (
        f"{click.style(result.project, bold=True)}: nothing changed since the last run, and it still ends the same way"
    )
    return [first, *_gate_lines(result), *_model_lines(result), *_trouble_lines(result), _ending(result.exit)]


def _gate_lines(result: RunResult) -> list[str]:
    judged = [(node, node.verdict) for node in result.nodes if node.verdict is not None]
    if not judged:
        return []
    lines = [click.style("Gates", bold=True)]
    wide = max(len(verdict.gate) for _, verdict in judged)
    for node, verdict in judged:
        word = click.style(str(verdict.outcome).ljust(13), fg=_COLOURS[verdict.outcome])
        lines.append(f"  {word}{verdict.gate.ljust(wide + 2)}{_numbers(verdict)}")
        if node.report:
            lines.append(f"  {' ' * 13}{' ' * (wide + 2)}report: {node.report}")
    return [*lines, ""]


def _numbers(verdict: Verdict) -> str:
    if verdict.outcome is not Outcome.PASS and verdict.reason:
        return verdict.reason
    shown = [check for check in verdict.checks if check.value is not None and check.threshold is not None]
    said = ", ".join(_said(check) for check in shown[:_CHECKS])
    more = f" and {len(shown) - _CHECKS} more" if len(shown) > _CHECKS else ""
    return (said + more) or verdict.reason


def _said(check: Check) -> str:
    name = f"{check.statistic} {check.subject}".strip() if check.subject != check.statistic else check.statistic
    return f"{name} {check.value:.3g} ({check.direction} {check.threshold:.3g})"


def _model_lines(result: RunResult) -> list[str]:
    lines = []
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
        if model.example:
            body = json.dumps({"rows": [dict(model.example)]})
            yield "  try:     " + f"curl -s {url}/predict/{model.model} -H 'content-type: application/json' -d '{body}'"


def _trouble_lines(result: RunResult) -> list[str]:
    lines = []
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
