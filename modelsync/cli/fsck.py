"""`modelsync fsck`, also `modelsync store fsck`: everything that is damaged, missing or foreign in the store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from modelsync.cli.options import project_option
from modelsync.cli.printing import put
from modelsync.core.errors import ExitCode
from modelsync.store.findings import Damage

_SHOWN = 5  # files that are named below one finding


@click.command("fsck")
@click.option("--full", is_flag=True, help="Read every byte, not only sizes, tables and names.")
@click.option("--repair", "mend", is_flag=True, help="Read every byte and mend what can be mended.")
@project_option
def command(full: bool, mend: bool, folder: Path | None) -> int:
    """Find everything that is damaged, missing or foreign in the store, and name what suffers.

    Ends with 9 when something is wrong, and after --repair when something still is.
    """
    from modelsync.api import housekeeping
    from modelsync.api.datasets.looking import workspace_of
    from modelsync.cli.progress import bar

    workspace = workspace_of(folder)
    with bar("checking"):
        if mend:
            repaired = housekeeping.repair(workspace)
            found, mended = repaired.left, repaired.mended
        else:
            found, mended = tuple((housekeeping.check_fully if full else housekeeping.check)(workspace)), ()
    named = housekeeping.names(workspace) if found or mended else {}
    for damage in mended:
        put("\n".join(_damage(damage, click.style("mended", fg="green"), named)))
    for damage in found:
        put("\n".join(_damage(damage, click.style("damaged", fg="red"), named)))
    if found and not mend:
        put("`modelsync fsck --repair` mends what can be mended", err=True)
    if not found:
        put(f"{click.style('ok', fg='green', bold=True)} {'everything is mended' if mended else 'nothing is wrong'}")
    return int(ExitCode.SURROUNDINGS if found else ExitCode.DONE)


def _damage(damage: Damage, word: str, named: Mapping[str, str]) -> list[str]:
    more = len(damage.affects) - _SHOWN
    lines = [f"{word} {damage.path}: {f'{damage.digest} ' if damage.digest else ''}{damage.what}"]
    lines += [f"    needed by {named.get(name, name)}" for name in damage.affects[:_SHOWN]]
    return [*lines, f"    and {more} more"] if more > 0 else lines
