"""`modelsync gate`: the table of its verbs; the module of each is imported only when it is used."""

from __future__ import annotations

from collections.abc import Mapping

import click

from modelsync.cli.verbs import Verbs

# name -> (module with the command, one line of help)
VERBS: Mapping[str, tuple[str, str]] = {
    "list": ("listing", "List the gates of a spec, and what each said last."),
    "show": ("show", "Show a verdict in full: every check with its value and its bound."),
    "history": ("history", "Tell what a gate said, run by run."),
    "run": ("run", "Judge one gate now, on what is there or on tables of your own."),
    "backtest": ("backtest", "Say which verdicts of the past would flip under other limits."),
}


@click.group("gate", cls=Verbs, package=__name__, table=VERBS)
def command() -> None:
    """Judge gates alone, look at what they said, and try other limits on the past."""
