"""`modelsync git`: how Git and ModelSync work together in this clone."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.group("git")
def command() -> None:
    """Let Git work together with ModelSync."""


@command.command("install")
@project_option
def install(folder: Path | None) -> None:
    """Let Git merge modelsync.data by merging the data: a setting of this clone, a line in .gitattributes."""
    from modelsync.api.versions import git_files
    from modelsync.api.versions.repository import open_repository

    done = git_files.install(open_repository(folder).root)
    click.echo("\n".join(f"wrote {line}" for line in done) or "Git is set up already")
