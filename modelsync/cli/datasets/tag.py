"""`modelsync dataset tag`: words to find a version by."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put


@click.command("tag")
@click.argument("name", metavar="NAME[@VERSION]")
@click.argument("tags", nargs=-1, metavar="TAG...")
@click.option("--remove", "-r", "gone", multiple=True, metavar="TAG", help="A tag to take away; may be repeated.")
@project_option
def command(name: str, tags: tuple[str, ...], gone: tuple[str, ...], folder: Path | None) -> None:
    """Add TAGs to a version, or take some away, and show those that it has then.

    Tags that every version shall have stand in the spec.
    """
    from modelsync.api.datasets.looking import version, workspace_of
    from modelsync.api.datasets.tagging import tag

    workspace = workspace_of(folder)
    found = tag(workspace, name, tags, gone) if tags or gone else version(workspace, name)
    put(f"{found.spelled}: {', '.join(found.tags) or 'no tags'}")
