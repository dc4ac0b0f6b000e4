"""`modelsync tag`: lasting names for commits."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.command("tag")
@project_option
@click.argument("name", required=False)
@click.argument("ref", required=False)
@click.option("--delete", "-d", "delete", is_flag=True, help="Remove NAME.")
@click.option("--force", is_flag=True, help="Move NAME when it is there already. The journal keeps where it was.")
def command(folder: Path | None, name: str | None, ref: str | None, delete: bool, force: bool) -> None:
    """List tags, or give REF (default: HEAD) the tag NAME. (Versions of datasets have tags of their own.)"""
    from modelsync.api.versions import branching
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.tracking import name_lines
    from modelsync.core.digest import short

    repository = open_repository(folder)
    if name is None:
        if delete:
            raise click.UsageError("name the tag")
        click.echo("\n".join(name_lines(branching.tags(repository))) or "no tags yet")
    elif delete:
        click.echo(f"removed {name} (it was at {short(branching.remove_tag(repository, name))})")
    else:
        put = branching.move_tag if force else branching.new_tag
        click.echo(f"{name} at {short(put(repository, name, ref or 'HEAD'))}")
