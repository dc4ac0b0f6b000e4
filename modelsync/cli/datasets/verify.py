"""`modelsync dataset verify`: whether every stored byte is what its name says."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.core.errors import ExitCode


@click.command("verify")
@click.argument("name", metavar="[NAME[@VERSION]]", required=False)
@project_option
def command(name: str | None, folder: Path | None) -> int:
    """Read every byte of every version (of NAME, or of one version) and hold it against its digest.

    Ends with 9 when something is damaged or missing.
    """
    from modelsync.api.datasets.looking import workspace_of
    from modelsync.api.datasets.verifying import verify
    from modelsync.cli.progress import bar
    from modelsync.core.units import say_bytes

    with bar("verifying") as tell:
        found = list(verify(workspace_of(folder), name, tell))
    for each in found:
        mark = click.style("✗", fg="red", bold=True) if each.problems else click.style("✓", fg="green", bold=True)
        put(f"{mark} {each.version.spelled}  {say_bytes(each.size)} read")
        for problem in each.problems:
            put(f"    {problem}")
    bad = sum(bool(each.problems) for each in found)
    if bad:
        put(f"{bad} of {len(found)} damaged; `modelsync fsck --repair` says what can be mended", err=True)
    elif not found:
        put("no dataset is versioned yet")
    return int(ExitCode.SURROUNDINGS if bad else ExitCode.DONE)
