"""`modelsync gate backtest`: what a gate with other limits would have said of the past."""

from __future__ import annotations

from pathlib import Path

import click

from modelsync.cli.options import overrides, param_option
from modelsync.cli.printing import put
from modelsync.cli.tables import rows, when
from modelsync.core.units import say_count

_REASON = 70  # characters


@click.command("backtest")
@click.argument("name")
@click.option("--spec", type=click.Path(path_type=Path), help="The spec. Default: the one of the project here.")
@click.option("--set", "settings", multiple=True, metavar="CHECK.KEY=VALUE", help="Try another limit; may be repeated.")
@click.option("--last", type=click.IntRange(1), default=50, show_default=True, help="How many, from the newest.")
@click.option("--all", "every", is_flag=True, help="Show also the verdicts that would stay.")
@param_option
def command(
    name: str, spec: Path | None, settings: tuple[str, ...], last: int, every: bool, params: tuple[str, ...]
) -> None:
    """Replay gate NAME, as the spec has it now, over the numbers of its last verdicts, and list those that would flip.

    Nothing is computed anew and nothing recorded: only the limits are applied again. CHECK is how the names begin that
    `gate show` prints, KEY a limit in the spec: `psi.max=0.3`, `roc_auc.min=0.8`, `missing.max_share=0.1`.
    """
    from modelsync.api.gating import backtest
    from modelsync.api.projects import open_project

    found = backtest(open_project(spec, overrides(params)), name, settings, last)
    flips = [each for each in found if each.flips]
    shown = found if every else flips
    body = [
        [
            when(each.record.at),
            each.run,
            str(each.record.verdict.outcome),
            str(each.now.outcome),
            each.now.reason[:_REASON],
        ]
        for each in shown
    ]
    if body:
        put("\n".join(rows(["AT", "RUN", "WAS", "WOULD BE", "WHY"], body)))
    put(f"{len(flips)} of {say_count(len(found), 'verdict')} would flip")
    if partial := sum(each.is_partial for each in found):
        put(f"{partial} of them hold checks with limits that the spec does not set; those stay as they were")
