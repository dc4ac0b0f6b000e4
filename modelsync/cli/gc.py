"""`modelsync gc`, also `modelsync store gc`: the space of what nothing needs any more."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put


@click.command("gc")
@click.option("--dry-run", is_flag=True, help="Remove nothing; say what would go.")
@project_option
def command(dry_run: bool, folder: Path | None) -> None:
    """Give back the space of what nothing needs any more.

    What a recorded version, a run, a deployment, a reference, or a commit that a reference left in the last 30 days
    needs is kept, and so is everything that was stored in the last 24 hours.
    """
    from modelsync.api import housekeeping
    from modelsync.api.datasets.looking import workspace_of
    from modelsync.core.units import say_bytes

    workspace = workspace_of(folder)
    found = (housekeeping.collectable if dry_run else housekeeping.collect)(workspace)
    verb = "would free" if dry_run else "freed"
    put(f"{verb} {say_bytes(found.size)}: {found.records:,} pieces, {found.packs:,} whole packs")
    if found.repacked:
        put(f"{'would write' if dry_run else 'wrote'} {found.repacked:,} packs anew")
