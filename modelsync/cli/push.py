"""`modelsync push`: commits go to a remote."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from modelsync.api.sharing.remotes import Remote, choose
from modelsync.api.versions.repository import Repository, open_repository
from modelsync.cli.options import project_option


@click.command("push")
@project_option
@click.argument("remote", required=False)
@click.argument("refs", nargs=-1)
@click.option("--delete", "-d", "is_delete", is_flag=True, help="Remove the branches REFS there instead.")
@click.option("--check", "is_check", is_flag=True, help="Look for every record of the history there; send what lacks.")
@click.option("--single-writer", is_flag=True, help="Only you push there; needed where a server can't compare and set.")
def command(
    folder: Path | None,
    remote: str | None,
    refs: tuple[str, ...],
    is_delete: bool,
    is_check: bool,
    single_writer: bool,
) -> None:
    """Send branches and tags (default: the branch that is checked out) to REMOTE (default: the default one).

    Only what is not there goes. A push that was interrupted goes on where it was. When somebody else pushed
    meanwhile it is refused (exit 6): pull, then push again.

    `push REMOTE --delete BRANCH` removes a branch there, but not what a clone checks out, and nothing that never came
    here.
    """
    if is_delete and (is_check or not refs):
        raise click.UsageError("a deletion names the remote and its branches: `modelsync push REMOTE --delete BRANCH`")
    repository = open_repository(folder)
    chosen = choose(repository, remote)
    if single_writer:
        chosen = replace(chosen, single_writer=True)
    if is_delete:
        _delete(repository, chosen, refs)
    else:
        _push(repository, chosen, refs, is_check)


def _delete(repository: Repository, chosen: Remote, refs: tuple[str, ...]) -> None:
    from modelsync.api.sharing.deleting import delete
    from modelsync.core.digest import short

    for each in delete(repository, chosen, refs):
        click.echo(f"{each.name} is no longer on {chosen.name}; it was {short(each.old)}")


def _push(repository: Repository, chosen: Remote, refs: tuple[str, ...], is_check: bool) -> None:
    from modelsync.api.sharing.pushing import Check, push
    from modelsync.cli.progress import bar
    from modelsync.core.digest import short
    from modelsync.core.units import say_bytes, say_count
    from modelsync.registry.references import brief

    with bar(f"push to {chosen.name}") as progress:
        done = push(repository, chosen, refs, Check.ALL if is_check else Check.NEW, progress)
    for each in done.references:
        if each.old == each.new:
            click.echo(f"{brief(each.name)} is on {chosen.name} already: {short(each.new)}")
        else:
            was = "new" if each.old is None else short(each.old)
            click.echo(f"{brief(each.name)} on {chosen.name}: {was} -> {short(each.new)}")
    if done.sent.packs or is_check:
        sent = done.sent
        click.echo(
            f"sent {say_count(sent.records, 'record')} in {say_count(sent.packs, 'pack')}, {say_bytes(sent.size)}"
        )
