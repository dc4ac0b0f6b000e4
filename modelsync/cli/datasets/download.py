"""`modelsync dataset download`: a version on the disk again."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put


@click.command("download")
@click.argument("name", metavar="NAME[@VERSION]")
@click.argument("target", metavar="[DEST]", required=False, type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what stands there, once the copy is whole.")
@project_option
def command(name: str, target: Path | None, force: bool, folder: Path | None) -> None:
    """Write a version as it came in to DEST, the path that will hold it. Default: here, under its own name.

    A file goes into a DEST that is a folder; a folder takes a path that does not exist, or is an empty folder.
    Every byte is verified on the way. It is there whole or not at all, and nothing is overwritten without --force.
    """
    from modelsync.api.datasets.downloading import download, replace
    from modelsync.api.datasets.looking import workspace_of
    from modelsync.cli.progress import bar
    from modelsync.core.units import say_bytes

    work = replace if force else download
    with bar("writing") as tell:
        done = work(workspace_of(folder), name, target, tell)
    if done.was_there:
        put(f"{done.path} holds {done.version.spelled} already")
    else:
        put(f"{done.path}: {done.version.spelled}, {say_bytes(done.version.size)}")
