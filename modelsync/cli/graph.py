"""`modelsync graph`: what a spec makes out of what, as text or as a drawing."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option, spec_argument
from modelsync.plan.drawing import ENDINGS, FORMS
from modelsync.plan.drawing.text import WIDTH


@click.command("graph")
@spec_argument
@param_option
@click.option(
    "--format", "form", type=click.Choice(list(FORMS)), help="Default: what the name of -o FILE asks for, or text."
)
@click.option("-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write it to FILE.")
def command(spec: Path | None, params: tuple[str, ...], form: str | None, file: Path | None) -> None:
    """Show what SPEC makes out of what: datasets, steps, gates, models, stages, deployments.

    text lists them in the order of execution, each with what it needs. mermaid is drawn by GitHub and GitLab inside
    of Markdown, svg by every browser, dot by Graphviz. Nothing runs and nothing is looked up.
    """
    from modelsync.api.drawing import draw, save
    from modelsync.cli.faces.words import near, safe
    from modelsync.cli.printing import put

    named = None if file is None else ENDINGS.get(file.suffix.lower())
    width = shutil.get_terminal_size((WIDTH, 0)).columns if file is None else WIDTH
    drawn = draw(spec, form or named or "text", overrides(params), width)
    if file is None:
        put(drawn.removesuffix("\n"))
    else:
        save(file, drawn)
        put(f"drew {safe(near(file))}", err=True)
