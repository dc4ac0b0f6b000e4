"""`modelsync dataset`: the table of its verbs; the module of each is imported only when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

# name -> (module with the command, one line of help)
VERBS: Mapping[str, tuple[str, str]] = {
    "add": ("add", "Store data as a version, and declare it in the spec."),
    "list": ("listing", "List versions, the newest first."),
    "show": ("show", "Show one version: where it came from, its columns, how their values lie."),
    "history": ("history", "Tell how a dataset became what it is, version by version."),
    "diff": ("diff", "Say what differs between two versions: schema, figures, rows, files."),
    "download": ("download", "Write a version to disk as it came in, whole or not at all."),
    "tag": ("tag", "Add words to a version, or take them away."),
    "verify": ("verify", "Read every stored byte again and hold it against its name."),
}


class _Verbs(click.Group):
    """A group whose help needs no verb's module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"modelsync.cli.datasets.{VERBS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in VERBS.items()])


@click.group("dataset", cls=_Verbs)
def command() -> None:
    """Add, show, compare and bring back versions of data."""
