"""`modelsync gate history`: what a gate said, run by run."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when

_REASON = 80  # characters


@click.command("history")
@click.argument("name")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many, from the newest.")
@project_option
def command(name: str, last: int, folder: Path | None) -> None:
    """Tell every verdict of gate NAME, the newest first."""
    from modelsync.api.gating import history
    from modelsync.api.projects import find_workspace

    body = [
        [
            when(record.at),
            "" if run is None else f"#{run.number}",
            str(record.verdict.outcome),
            record.champion or "",
            record.verdict.reason[:_REASON],
        ]
        for record, run in history(find_workspace(folder), name, last)
    ]
    put("\n".join(rows(["AT", "RUN", "OUTCOME", "CHAMPION", "WHY"], body)))
