"""`modelsync import`: projects of other tools taken over."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.faces.words import safe
from modelsync.cli.printing import put
from modelsync.cli.tables import rows


@click.group("import")
def command() -> None:
    """Take a project of another tool over; what it has is not changed."""


@command.command("dvc")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--spec", type=click.Path(path_type=Path), help="The spec to write into, when there are several.")
def dvc(folder: Path | None, spec: Path | None) -> None:
    """Take the DVC project in FOLDER (default: here) over: its data from the cache as versions, its stages as steps.

    Everything is written into the spec of the project, or into a new one, and what has no counterpart is told. Files
    that are missing on the disk are written there; none is overwritten. Again takes over what came since.
    """
    from modelsync.api.datasets.from_dvc import import_dvc
    from modelsync.cli.datasets.add import summary
    from modelsync.cli.progress import bar

    with bar("taking over") as tell:
        report = import_dvc(folder or Path(), spec, tell)
    for each in report.taken:
        said = "restored, " if each.restored else ""
        new = "" if each.is_new else "known, "
        put(f"{safe(each.path)} is {click.style(each.version.spelled, bold=True)}: {said}{new}{summary(each.version)}")
    for step in report.steps:
        put(f"step {click.style(step, bold=True)}")
    if report.spec is not None:
        put(f"declared in {report.spec}")
    elif report.taken and not any(each.is_new or each.restored for each in report.taken):
        put("all of it was there already: nothing changed")
    if report.unmapped:
        put(f"\nnot taken over: {len(report.unmapped)}")
        put("\n".join(rows(["WHERE", "WHY"], [[safe(each.where), safe(each.what)] for each in report.unmapped])))
    elif not report.taken:
        put("there is nothing to take over")
