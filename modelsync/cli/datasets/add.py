"""`modelsync dataset add`: data becomes a version."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.faces.words import safe
from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.registry.records import DatasetVersion


@click.command("add")
@click.argument("source", metavar="PATH|URL")
@click.option("--name", default="", help="What it is called. Default: the name of the file or folder.")
@click.option("--tag", "--tags", "tags", multiple=True, help="A word to find it by, or several with commas.")
@click.option("--spec", type=click.Path(path_type=Path), help="The spec that declares it, when there are several.")
@project_option
def command(source: str, name: str, tags: tuple[str, ...], spec: Path | None, folder: Path | None) -> None:
    """Store a file, a folder, a pattern in quotes, or what an http(s), s3 or gs address holds, as a version.

    When the project has a spec, the dataset is written into it, and everything else in it stays as it is. The same
    content again makes no version.
    """
    from modelsync.api.datasets.adding import Wanted, add
    from modelsync.cli.progress import bar

    words = tuple(word.strip() for tag in tags for word in tag.split(",") if word.strip())
    with bar("fetching", "storing") as tell:
        added = add(Wanted(source, name, words, folder, spec), tell)
    if added.spec is not None:
        put(f"declared in {_near(added.spec)}")
    said = "is" if added.is_new else "is known as"
    put(f"{safe(source)} {said} {click.style(added.version.spelled, bold=True)}: {summary(added.version)}")
    for note in added.notes:
        put(click.style("note: ", fg="cyan") + note)


def summary(version: DatasetVersion) -> str:
    """`569 rows, 4 columns, 12.1 KiB; first version`."""
    from modelsync.core.units import say_bytes, say_count

    rows, columns = version.rows, len(version.columns)
    parts = [] if rows is None else [say_count(rows, "row"), say_count(columns, "column")]
    if rows is None and "files" in version.described:
        kind = "image" if version.described["format"] == "images" else "file"
        parts.append(say_count(version.described["files"], kind))
    return f"{', '.join([*parts, say_bytes(version.size)])}; {version.rule}"


def _near(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
