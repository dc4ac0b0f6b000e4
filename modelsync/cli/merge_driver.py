"""`modelsync merge-driver`: what Git calls to merge two pointers to data; `modelsync git install` tells it to."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.api.versions.ignoring import POINTER


@click.command("merge-driver")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("pointer", type=click.Path(path_type=Path), default=POINTER)
def command(base: Path, ours: Path, theirs: Path, pointer: Path) -> None:
    """Merge the data that two pointer files name, and write the merged pointer to OURS. Git calls this.

    BASE is not needed: the common past is in the commits. POINTER is the path of the file in the work tree. With
    conflicts nothing is written, and the exit code is 1.
    """
    from modelsync.api.versions.driving import drive
    from modelsync.api.versions.repository import open_repository
    from modelsync.core.digest import short

    made = drive(open_repository(pointer.absolute().parent), ours, theirs)
    click.echo(f"modelsync: the data is merged in {short(made.id)}; `modelsync checkout` restores it")
