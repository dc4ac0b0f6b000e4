"""`modelsync branch`: branches listed, made, renamed and removed."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.command("branch")
@project_option
@click.argument("name", required=False)
@click.argument("start", required=False)
@click.option("--delete", "-d", "delete", is_flag=True, help="Remove NAME.")
@click.option("--move", "-m", "rename", is_flag=True, help="Rename NAME to the second argument.")
@click.option("--force", is_flag=True, help="Remove a branch whose commits no other branch or tag has.")
def command(folder: Path | None, name: str | None, start: str | None, delete: bool, rename: bool, force: bool) -> None:
    """List branches, or make NAME at START (default: HEAD). `modelsync checkout NAME` switches."""
    from modelsync.api.versions import branching
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.tracking import name_lines
    from modelsync.core.digest import short

    repository = open_repository(folder)
    if name is None:
        if delete or rename:
            raise click.UsageError("name the branch")
        found = branching.branches(repository)
        first = f"no commit yet; the first one is made on `{repository.references.branch}`"
        click.echo("\n".join(name_lines(found)) or first)
    elif rename:
        if start is None:
            raise click.UsageError("name the branch and its new name")
        branching.rename_branch(repository, name, start)
        click.echo(f"{name} is now {start}")
    elif delete:
        remove = branching.discard_branch if force else branching.remove_branch
        click.echo(f"removed {name} (it was at {short(remove(repository, name))})")
    else:
        click.echo(f"{name} at {short(branching.new_branch(repository, name, start or 'HEAD'))}")
