"""`modelsync dataset history`: how a dataset became what it is."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.api.datasets.looking import Told
from modelsync.cli.datasets.show import said_commit
from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when


@click.command("history")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_option
def command(name: str, form: str, folder: Path | None) -> None:
    """Tell every version of NAME, the newest first: why it has its number, who made it, on which commit."""
    from modelsync.api.datasets.looking import history, workspace_of

    found = history(workspace_of(folder), name)
    if form == "json":
        from modelsync.cli.datasets import documents

        put(documents.history(found))
        return
    before = [*found[1:], None]
    body = [_row(each, last) for each, last in zip(found, before, strict=True)]
    put("\n".join(rows(["VERSION", "ROWS", "CHANGE", "WHY", "AT", "COMMIT", "BY"], body)))


def _row(told: Told, before: Told | None) -> list[str]:
    version = told.version
    count, change = "" if version.rows is None else f"{version.rows:,}", ""
    if before is not None and version.rows is not None and before.version.rows is not None:
        more = version.rows - before.version.rows
        change = f"{more:+,}" if more else "="
    by = told.author if told.run is None else f"run #{told.run}, {told.author}"
    return [str(version.version), count, change, version.rule, when(version.at), said_commit(version.git), by]
