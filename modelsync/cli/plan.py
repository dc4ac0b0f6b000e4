"""`modelsync plan`: what a run would do, and why."""

from __future__ import annotations

import json
from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option, spec_argument
from modelsync.plan.model import Decision, Plan

_MARK = {
    Decision.RUN: ("run", "green"),
    Decision.WAIT: ("open", "yellow"),
    Decision.REUSE: ("reuse", "bright_black"),
    Decision.HOLD: ("hold", "magenta"),
    Decision.BLOCK: ("blocked", "red"),
}


@click.command("plan")
@spec_argument
@param_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(spec: Path | None, params: tuple[str, ...], form: str) -> None:
    """Show what a run of SPEC would do, and why each. Changes nothing and starts nothing."""
    from modelsync.api.planning import make_plan
    from modelsync.api.projects import open_project

    plan, _ = make_plan(open_project(spec, overrides(params)))
    if form == "json":
        click.echo(json.dumps(plan.to_json(), indent=2))
    else:
        click.echo("\n".join(plan_lines(plan)))


def plan_lines(plan: Plan) -> list[str]:
    """One line a node, then the versions to be expected."""
    wide = max(len(node.task.label) for node in plan.nodes)
    lines = [click.style(plan.project, bold=True) + f": {summary(plan)}"]
    for node in plan.nodes:
        word, colour = _MARK[node.decision]
        lines.append(f"  {click.style(word.ljust(8), fg=colour)}{node.task.label.ljust(wide + 2)}{node.reason}")
    for model, prediction in plan.expected.items():
        before = plan.current.get(model)
        came = f" (now {before})" if before else ""
        lines.append(f"expected: {click.style(f'{model} {prediction}', bold=True)}{came}")
        if prediction.certain:
            lines.append(f"  {prediction.possible[-1][1]}")
        else:
            lines += [f"  {version} if {rule}" for version, rule in prediction.possible]
        if plan.may_be_none(model):
            lines.append("  no new version if its content comes out the same")
    return lines


def summary(plan: Plan) -> str:
    """`7 to run, 2 open, 4 reused`."""
    if plan.idle and all(node.decision is Decision.REUSE for node in plan.nodes):
        return "nothing to do"
    words = [
        (Decision.RUN, "to run"),
        (Decision.WAIT, "decided on the way"),
        (Decision.REUSE, "reused"),
        (Decision.HOLD, "held"),
        (Decision.BLOCK, "blocked"),
    ]
    counted = [(sum(node.decision is decision for node in plan.nodes), word) for decision, word in words]
    return ", ".join(f"{count} {word}" for count, word in counted if count)
