"""`modelsync run`: the spec made true, watched while it happens, summed up at the end."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option, spec_argument


@click.command("run")
@spec_argument
@param_option
def command(spec: Path | None, params: tuple[str, ...]) -> int:
    """Make SPEC true: version the data, run what changed, judge, version, register, promote and deploy."""
    from modelsync.api.projects import open_project
    from modelsync.api.running import run
    from modelsync.cli.faces.text import show
    from modelsync.cli.live import Screen, say
    from modelsync.cli.summary import summary_lines

    project = open_project(spec, overrides(params))
    show(project.warnings, err=True)
    screen = Screen(project.spec.project, str(project.spec.path))
    try:
        result = run(project, screen)
    finally:
        screen.close()
    say("\n".join(summary_lines(result)))
    return int(result.exit)
