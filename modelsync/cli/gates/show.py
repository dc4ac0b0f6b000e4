"""`modelsync gate show`: the last verdict of a gate, in full."""

from __future__ import annotations

import json
from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put


@click.command("show")
@click.argument("name")
@click.option("--run", "number", type=int, help="The verdict of this run, by its number, instead of the last.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_option
def command(name: str, number: int | None, form: str, folder: Path | None) -> None:
    """Show what gate NAME said last: every check with its value, its bound and why."""
    from modelsync.api.gating import recorded
    from modelsync.api.projects import find_workspace
    from modelsync.cli.gates.words import verdict_lines
    from modelsync.cli.tables import when

    record, run = recorded(find_workspace(folder), name, number)
    if form == "json":
        put(json.dumps(record.verdict.to_json(), indent=2, ensure_ascii=False))
        return
    by = "alone" if run is None else f"in run #{run.number} by {run.actor}"
    facts = [f"judged {by} at {when(record.at)} UTC", f"on {record.target}"]
    if record.champion is not None:
        facts.append(f"champion {record.champion}")
    facts += [f"{library} {version}" for library, version in record.verdict.libraries.items()]
    put("\n".join([*verdict_lines(record.verdict), "", click.style(", ".join(facts), dim=True)]))
