"""`modelsync remote`: other places of the same data."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.tables import rows


@click.group("remote")
def command() -> None:
    """Name other places of the same data."""


@command.command("add")
@project_option
@click.argument("name")
@click.argument("url")
@click.option("--default", is_flag=True, help="Let push, pull and fetch mean this one.")
@click.option("--single-writer", is_flag=True, help="Only you push there; needed where a server can't compare and set.")
@click.option("--endpoint", default="", metavar="URL", help="The address of an S3-compatible server.")
@click.option("--region", default="", help="The region of the bucket.")
def add(
    folder: Path | None, name: str, url: str, default: bool, single_writer: bool, endpoint: str, region: str
) -> None:
    """Remember URL as NAME: s3://..., gs://..., https://... (read-only) or a folder. It is tried first.

    Credentials are those of the provider's own tools: its environment variables, its profile. None is kept.
    """
    from modelsync.api.sharing.adding import add
    from modelsync.api.sharing.opening import Standing
    from modelsync.api.sharing.remotes import Remote, address_of
    from modelsync.api.versions.repository import open_repository

    repository = open_repository(folder)
    remote = Remote(name, address_of(repository, url), default, single_writer, endpoint, region)
    standing = add(repository, remote)
    click.echo(f"{name} is {remote.url}")
    if standing is Standing.READ_ONLY:
        click.echo("it can only be read from here: fetch, pull and clone")
    elif standing is Standing.SINGLE and not single_writer:
        click.echo(
            "it can't be shared: it overwrites an object although it was asked to compare first. Fetching works; "
            "push refuses unless it is added with --single-writer"
        )


@command.command("list")
@project_option
def list_(folder: Path | None) -> None:
    """List the remotes."""
    from modelsync.api.sharing.remotes import remotes
    from modelsync.api.versions.repository import open_repository

    found = remotes(open_repository(folder)).values()
    body = [[each.name, each.url, "default" if each.default else "", each.spec] for each in found]
    heads = ["NAME", "URL", "", "SPEC"] if any(each.spec for each in found) else ["NAME", "URL", "", ""]
    click.echo("\n".join(rows(heads, body)) if body else "no remotes; `modelsync remote add NAME URL`")


@command.command("show")
@project_option
@click.argument("name", required=False)
def show(folder: Path | None, name: str | None) -> None:
    """Show what lies on NAME: branches, tags, packs. Times are UTC."""
    from modelsync.api.sharing.remotes import choose
    from modelsync.api.sharing.showing import show
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.tables import when
    from modelsync.core.digest import short
    from modelsync.core.units import say_bytes, say_count

    repository = open_repository(folder)
    seen = show(repository, choose(repository, name))
    click.echo(f"{click.style(seen.remote.name, bold=True)} {seen.remote.url}: {seen.standing}")
    condemned = f", {seen.condemned:,} condemned" if seen.condemned else ""
    click.echo(f"{say_count(seen.packs, 'pack')}, {say_bytes(seen.size)}{condemned}")
    body = [[name, short(ref.commit), when(ref.at), ref.by] for name, ref in seen.references.items()]
    if body:
        click.echo("\n".join(rows(["NAME", "COMMIT", "PUSHED", "BY"], body)))
    for key, why in seen.damaged.items():
        click.echo(click.style(f"damaged: {key}: {why}", fg="red"))


@command.command("remove")
@project_option
@click.argument("name")
def remove(folder: Path | None, name: str) -> None:
    """Forget NAME; what came from there stays."""
    from modelsync.api.sharing.remotes import remove
    from modelsync.api.versions.repository import open_repository

    remove(open_repository(folder), name)
    click.echo(f"{name} is forgotten")


@command.command("gc")
@project_option
@click.argument("name", required=False)
@click.option("--delete", "is_meant", is_flag=True, help="Do it; without it nothing there is changed.")
def gc(folder: Path | None, name: str | None, is_meant: bool) -> None:
    """Say which packs on NAME no branch and no tag there needs, and what --delete would do.

    A pack is condemned first and removed by a collection at least 14 days later, if it is still not needed.
    """
    from modelsync.api.sharing.collecting import collect, collectable
    from modelsync.api.sharing.remotes import choose
    from modelsync.api.versions.repository import open_repository
    from modelsync.cli.progress import bar
    from modelsync.core.units import say_bytes, say_count

    repository = open_repository(folder)
    with bar("looking") as progress:
        judged = (collect if is_meant else collectable)(repository, choose(repository, name), progress)
    would = "" if is_meant else "would be "
    click.echo(f"{would}removed: {say_count(len(judged.remove), 'pack')}, {say_bytes(judged.size)}")
    click.echo(f"{would}condemned: {say_count(len(judged.condemn), 'pack')}; waiting already: {len(judged.wait):,}")
    if judged.rescue:
        click.echo(f"{would}kept again, because it is needed after all: {say_count(len(judged.rescue), 'pack')}")
    if not is_meant and (judged.remove or judged.condemn or judged.rescue):
        click.echo("nothing was changed; `modelsync remote gc --delete` does it")
