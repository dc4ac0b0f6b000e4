"""Text onto standard output or error: colour where it is wanted, escapes where the stream can't write a sign."""

from __future__ import annotations

import os
import sys

import click


def put(text: str, *, err: bool = False) -> None:
    """Write a line or several; styles in the text are left out where no colour is wanted."""
    stream = sys.stderr if err else sys.stdout
    coloured = wants_colour(stream.isatty())
    try:
        click.echo(text, err=err, color=coloured)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        click.echo(text.encode(encoding, "backslashreplace").decode(encoding), err=err, color=coloured)


def wants_colour(terminal: bool) -> bool:
    """Whether to use colour: NO_COLOR forbids it, FORCE_COLOR and CLICOLOR_FORCE demand it, otherwise on a terminal.

    A variable that is empty is not set; a force of `0` forces nothing. CLICOLOR=0 and TERM=dumb turn it off.
    """
    said = os.environ.get
    if said("NO_COLOR"):
        return False
    if any(said(name, "") not in {"", "0", "false"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return terminal and said("CLICOLOR") != "0" and said("TERM") != "dumb"
