"""`modelsync check`: every fault of some specs, with its place and a way out."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option
from modelsync.core.errors import ExitCode


@click.command("check")
@click.argument("specs", nargs=-1, type=click.Path(path_type=Path))
@param_option
@click.option("--fix", is_flag=True, help="Put in the mends marked (fixable), then check again.")
def command(specs: tuple[Path, ...], params: tuple[str, ...], fix: bool) -> int:
    """Say everything that is wrong with SPECS, and how to mend it. Runs nothing, imports no heavy library."""
    from modelsync.api.checking import check, mend
    from modelsync.cli.diagnostics import show

    checked = check(specs, overrides(params))
    if fix and (mended := sum(map(mend, checked))):
        click.echo(f"mended {mended} slip{'s' if mended != 1 else ''}")
        checked = check(specs, overrides(params))
    for each in checked:
        show(each.diagnostics, err=False)
        if each.errors:
            count = f"{each.errors} error{'s' if each.errors != 1 else ''}"
            click.echo(f"{click.style(count, fg='red', bold=True)} in {each.path}")
        else:
            warnings = len(each.diagnostics)
            more = f", {warnings} warning{'s' if warnings != 1 else ''}" if warnings else ""
            click.echo(f"{click.style('ok', fg='green', bold=True)} {each.path}{more}")
    return int(ExitCode.SPEC if any(each.errors for each in checked) else ExitCode.DONE)
