"""`modelsync dataset list`: versions, the newest first."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when
from modelsync.registry.records import DatasetVersion


@click.command("list")
@click.argument("name", required=False)
@click.option("--tag", help="Only versions that have this tag.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@project_option
def command(name: str | None, tag: str | None, form: str, folder: Path | None) -> None:
    """List every version of every dataset, or of NAME, the newest first."""
    from modelsync.api.datasets.looking import versions, workspace_of

    found = versions(workspace_of(folder), name, tag)
    if form == "json":
        from modelsync.cli.datasets.documents import listing

        put(listing(found))
    elif not found:
        put("no dataset is versioned yet; `modelsync dataset add` or `modelsync run` versions one")
    else:
        head = ["DATASET", "VERSION", "ROWS", "SIZE", "TAGS", "RULE", "AT"]
        put("\n".join(rows(head, [_row(version) for version in found])))


def _row(version: DatasetVersion) -> list[str]:
    from modelsync.core.units import say_bytes

    count = "" if version.rows is None else f"{version.rows:,}"
    size, tags = say_bytes(version.size), ", ".join(version.tags)
    return [version.dataset, str(version.version), count, size, tags, version.rule, when(version.at)]
