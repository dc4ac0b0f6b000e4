"""`modelsync dataset`: the table of its verbs; the module of each is imported only when it is used."""

from __future__ import annotations

from collections.abc import Mapping

import click

from modelsync.cli.verbs import Verbs

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


@click.group("dataset", cls=Verbs, package=__name__, table=VERBS)
def command() -> None:
    """Add, show, compare and bring back versions of data."""
