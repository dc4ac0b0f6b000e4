"""`modelsync schema`: the language for editors, and as a page."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("schema")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of the screen.")
@click.option("--format", "form", type=click.Choice(["json", "markdown"]), default="json", show_default=True)
def command(out: Path | None, form: str) -> None:
    """Print the language as a JSON Schema, by which editors complete, explain and underline.

    The first line of a spec says where it lies: `# yaml-language-server: $schema=../schema.json`.
    """
    from modelsync.api.schemas import json_schema, markdown

    text = {"json": json_schema, "markdown": markdown}[form]().encode("utf-8")  # whatever the terminal speaks
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_bytes(text)
    click.echo(f"wrote {out}")
