"""Arguments that several commands share, and how their text becomes values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

spec_argument = click.argument("spec", required=False, type=click.Path(path_type=Path))

param_option = click.option(
    "--param",
    "-p",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Override a param of the spec; may be repeated.",
)

project_option = click.option(
    "--project",
    "-C",
    "folder",
    type=click.Path(path_type=Path),
    help="A folder of the project, or its spec. Default: here.",
)


def overrides(pairs: tuple[str, ...]) -> dict[str, str]:
    """`("learner=forest",)` as a map; a usage error when a pair has no `=`."""
    found = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise click.UsageError(f"`--param {pair}` is not NAME=VALUE, such as learner=forest")
        found[name.strip()] = value
    return found
