"""`modelsync commit`: what is staged becomes a commit."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put


@click.command("commit")
@project_option
@click.option("--message", "-m", help="What changed, in a line. A merge brings its own.")
@click.option("--all", "-a", "stage_all", is_flag=True, help="First stage all changes in the tracked paths.")
def command(folder: Path | None, message: str | None, stage_all: bool) -> None:
    """Commit what is staged: the next state of all tracked files, with the commit and the state of the code.

    It also writes modelsync.data, the small file by which a Git commit pins the data.
    """
    from modelsync.api.versions.adding import restage
    from modelsync.api.versions.committing import commit
    from modelsync.api.versions.git import AUTHOR, is_guess
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.changes import change_lines
    from modelsync.core.digest import short

    repository = open_repository(folder)
    if stage_all:
        restage(repository)
    made = commit(repository, message)
    if made is None:
        click.echo("nothing to commit: what is staged is what the last commit holds")
        return
    where = made.branch or "no branch"
    click.echo(f"{click.style(f'{where} {short(made.id)}', bold=True)} {made.commit.title}")
    click.echo("\n".join(change_lines(made.changes, "")))
    if is_guess(made.commit.author):
        put(
            f"{click.style('note:', fg='cyan')} committed as {made.commit.author}, because nobody said who you are: "
            "`git config --global user.name NAME` and `... user.email MAIL` do, or the variable "
            f'{AUTHOR}="Name <mail>"',
            err=True,
        )
