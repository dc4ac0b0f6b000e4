"""`modelsync dataset`: versions of datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from modelsync.cli.options import project_option
from modelsync.cli.tables import rows, when


@click.group("dataset")
def command() -> None:
    """List and show versions of datasets."""


@command.command("list")
@project_option
@click.argument("name", required=False)
def list_(folder: Path | None, name: str | None) -> None:
    """List every version of every dataset, or of NAME, the newest first."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import dataset
    from modelsync.core.units import say_bytes

    workspace = find_workspace(folder)
    state = workspace.state()
    if name is not None:
        dataset(workspace, name)
    found = [v for data, versions in state.datasets.items() if name in (None, data) for v in reversed(versions)]
    if not found:
        click.echo("no dataset is versioned yet; `modelsync run` versions them")
        return
    body = [
        [v.dataset, str(v.version), f"{v.rows:,}", say_bytes(v.size), ", ".join(v.tags), v.rule, when(v.at)]
        for v in found
    ]
    click.echo("\n".join(rows(["DATASET", "VERSION", "ROWS", "SIZE", "TAGS", "RULE", "AT"], body)))


@command.command("show")
@project_option
@click.argument("name", metavar="NAME[@VERSION]")
def show(folder: Path | None, name: str) -> None:
    """Show one version: its content, its columns and their statistics."""
    from modelsync.api.projects import find_workspace
    from modelsync.api.showing import dataset
    from modelsync.core.units import say_bytes

    version, _ = dataset(find_workspace(folder), name)
    title = click.style(f"{version.dataset} {version.version}", bold=True)
    click.echo(f"{title}  {version.rows:,} rows, {say_bytes(version.size)}")
    click.echo(f"sha256 {version.digest}")
    click.echo(f"{version.rule}; {when(version.at)} UTC")
    body = [
        [
            str(column["name"]),
            str(column["type"]),
            str(column["nulls"]),
            str(column["distinct"]),
            _said(column["min"]),
            _said(column["mean"]),
            _said(column["max"]),
        ]
        for column in version.columns
    ]
    click.echo("")
    click.echo("\n".join(rows(["COLUMN", "TYPE", "NULLS", "DISTINCT", "MIN", "MEAN", "MAX"], body)))


def _said(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
