"""`modelsync store`: sizes here, `fsck` and `gc` in files of their own, because both stand alone as well."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli import fsck, gc
from modelsync.cli.options import project_option
from modelsync.cli.printing import put


@click.group("store")
def command() -> None:
    """Look after the bytes: sizes, damage, and what nothing needs."""


@command.command("stats")
@project_option
def stats(folder: Path | None) -> None:
    """Show what is stored, and how much smaller than the files themselves."""
    from modelsync.api.datasets.looking import workspace_of
    from modelsync.api.housekeeping import stats
    from modelsync.core.units import say_bytes, say_count

    found = stats(workspace_of(folder))
    counts = (found.files, "file"), (found.chunks, "chunk"), (found.packs, "pack")
    put(", ".join(say_count(number, what) for number, what in counts))
    put(f"{say_bytes(found.logical)} of files take {say_bytes(found.stored)}")
    put(f"sharing {found.sharing:.2f}x, compression {found.compression:.2f}x")


command.add_command(fsck.command)
command.add_command(gc.command)
