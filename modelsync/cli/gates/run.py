"""`modelsync gate run`: one gate judged alone."""

from __future__ import annotations

import json
from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option
from modelsync.cli.printing import put


@click.command("run")
@click.argument("name")
@click.option("--spec", type=click.Path(path_type=Path), help="The spec. Default: the one of the project here.")
@click.option("--data", help="A file or `dataset@version` in the place of the table that is judged.")
@click.option("--reference", help="A file or `dataset@version` in the place of what it is compared with.")
@click.option("--report", "page", type=click.Path(path_type=Path, dir_okay=False), help="Draw its page there.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@param_option
def command(
    name: str,
    spec: Path | None,
    data: str | None,
    reference: str | None,
    page: Path | None,
    form: str,
    params: tuple[str, ...],
) -> int:
    """Judge gate NAME now, on what the last run made, or on tables of your own.

    A gate on datasets needs no run: `modelsync dataset add` is enough. With `--data` or `--reference` nothing is
    recorded. Ends with 4 when the gate would block a run, 5 when it would hold it.
    """
    from modelsync.api.gating import Given, judge
    from modelsync.api.projects import open_project
    from modelsync.cli.gates.words import exit_of, verdict_lines

    found = judge(open_project(spec, overrides(params)), name, Given(data, reference), page)
    if form == "json":
        put(json.dumps(found.verdict.to_json(), indent=2, ensure_ascii=False))
        return exit_of(found.verdict)
    lines = verdict_lines(found.verdict)
    if not found.fresh:
        lines.append(click.style("nothing changed since it was judged, so this verdict stands", dim=True))
    elif not found.recorded:
        lines.append(click.style("not recorded: it was judged on tables that the spec does not name", dim=True))
    if page is not None:
        lines.append(f"report: {page}")
    put("\n".join(lines))
    return exit_of(found.verdict)
