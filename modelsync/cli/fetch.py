"""`modelsync fetch`: commits come from a remote."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option


@click.command("fetch")
@project_option
@click.argument("remote", required=False)
@click.argument("refs", nargs=-1)
def command(folder: Path | None, remote: str | None, refs: tuple[str, ...]) -> None:
    """Bring what REMOTE (default: the default one) has and this project lacks.

    Its branches are called REMOTE/NAME here. No working file and no branch of your own is changed.
    """
    from modelsync.api.sharing.fetching import fetch
    from modelsync.api.sharing.remotes import choose
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.progress import bar
    from modelsync.cli.sharing import fetched_lines

    repository = open_repository(folder)
    chosen = choose(repository, remote)
    with bar(f"fetch from {chosen.name}") as progress:
        done = fetch(repository, chosen, refs, progress)
    click.echo("\n".join(fetched_lines(done) or [f"nothing new on {chosen.name}"]))
