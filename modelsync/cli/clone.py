"""`modelsync clone`: a new project out of a remote."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("clone")
@click.argument("url")
@click.argument("dest", required=False, type=click.Path(path_type=Path))
@click.option("--branch", "-b", help="The branch to check out. Default: main.")
@click.option("--name", default="origin", show_default=True, help="What the remote is called in the new project.")
@click.option("--endpoint", default="", metavar="URL", help="The address of an S3-compatible server.")
@click.option("--region", default="", help="The region of the bucket.")
def command(url: str, dest: Path | None, branch: str | None, name: str, endpoint: str, region: str) -> None:
    """Make a project in DEST (default: named as the end of URL) from everything that the remote at URL has.

    When it fails nothing stays behind. After a kill the same command goes on where it was.
    """
    from modelsync.api.sharing.cloning import clone
    from modelsync.api.sharing.remotes import Remote
    from modelsync.cli.progress import bar
    from modelsync.cli.sharing import fetched_lines
    from modelsync.cli.tracking import switched_lines

    with bar(f"clone {url}") as progress:
        done = clone(Remote(name, url, endpoint=endpoint, region=region), dest, branch, progress)
    click.echo("\n".join([f"cloned into {done.root}", *fetched_lines(done.fetched)]))
    lines = ["nothing was pushed there yet"] if done.switched is None else switched_lines(done.switched)
    click.echo("\n".join(lines))
