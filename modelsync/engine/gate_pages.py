"""What Prefect's page shows of a run: one artifact for each gate that was judged, one table for the run."""

from __future__ import annotations

from modelsync.core.units import say_seconds
from modelsync.core.verdict import Check
from modelsync.engine.context import Run
from modelsync.engine.results import NodeResult

_ROWS = 60  # checks shown on a page; a wide table has thousands, and the report holds them all


def publish_gate(result: NodeResult) -> None:
    """A markdown artifact with the verdict, the reason and the numbers. Called inside the gate's own task."""
    from prefect.artifacts import create_markdown_artifact

    if result.verdict is not None:
        key = f"gate-{_key(result.verdict.gate)}"
        create_markdown_artifact(gate_markdown(result), key=key, description=f"{result.verdict.outcome}")


def publish_page(gate: str, drawn_by: str, path: str) -> None:
    """A markdown artifact that says where the page of another library lies. Called inside the task that drew it."""
    from prefect.artifacts import create_markdown_artifact

    said = f"# {gate}: page by {drawn_by}\n\nDrawn after the verdict; it decides nothing.\n\nReport: `{path}`"
    create_markdown_artifact(said, key=f"report-{_key(gate)}", description=f"by {drawn_by}")


def publish_run(run: Run) -> None:
    """A table of the whole run. Called inside the flow."""
    from prefect.artifacts import create_link_artifact, create_table_artifact

    rows = [
        {
            "node": result.task.label,
            "ended": str(result.status),
            "time": say_seconds(result.seconds),
            "why": result.detail,
        }
        for result in (run.results[node.id] for node in run.plan.nodes)
    ]
    create_table_artifact(rows, key="run", description=f"{run.spec.project} #{run.record.number}")
    for name, link in run.links.items():
        if name != "prefect" and link.startswith("http"):
            create_link_artifact(link, link_text=name, key=_key(name))


def gate_markdown(result: NodeResult) -> str:
    """The verdict first, then why, then every check with its numbers."""
    verdict = result.verdict
    assert verdict is not None, "only gates have pages"
    lines = [
        f"# {verdict.gate}: {verdict.outcome}",
        "",
        f"{verdict.kind} gate, severity {verdict.severity}, decided by {verdict.engine or 'ModelSync'}.",
        "",
    ]
    if verdict.reason:
        lines += [f"**{verdict.reason}**", ""]
    lines += ["| | check | value | must be | note |", "|---|---|---:|---:|---|"]
    lines += [_row(check) for check in verdict.checks[:_ROWS]]
    if len(verdict.checks) > _ROWS:
        lines += ["", f"{len(verdict.checks) - _ROWS} more checks are in the journal."]
    if result.report:
        lines += ["", f"Report: `{result.report}`"]
    return "\n".join(lines)


def _row(check: Check) -> str:
    value = "" if check.value is None else f"{check.value:.4g}"
    if check.interval is not None:
        value += f" ({check.interval[0]:.4g} to {check.interval[1]:.4g})"
    bound = "" if check.threshold is None else f"{check.direction} {check.threshold:.4g}"
    subject = f"{check.statistic} of {check.subject}" if check.subject else check.statistic
    return f"| {check.outcome} | {_cell(subject)} | {value} | {bound} | {_cell(check.note)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _key(name: str) -> str:
    """Prefect takes lower case letters, digits and dashes."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower()).strip("-")
