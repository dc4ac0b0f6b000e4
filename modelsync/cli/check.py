"""`modelsync check`: every fault of some specs, with its place and a way out."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option
from modelsync.core.errors import ExitCode


@click.command("check")
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path))
@param_option
def command(specs: tuple[Path, ...], params: tuple[str, ...]) -> int:
    """Say everything that is wrong with SPECS, and how to mend it. Runs nothing, imports no heavy library."""
    from modelsync.api.checking import check
    from modelsync.cli.diagnostics import show

    checked = check(specs, overrides(params))
    for each in checked:
        show(each.diagnostics, err=False)
        if not each.errors:
            warnings = len(each.diagnostics)
            more = f", {warnings} warning{'s' if warnings != 1 else ''}" if warnings else ""
            click.echo(f"{click.style('ok', fg='green', bold=True)} {each.path}{more}")
    return int(ExitCode.SPEC if any(each.errors for each in checked) else ExitCode.DONE)
