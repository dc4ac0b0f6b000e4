"""`modelsync lsp`: the language server, started by an editor."""

from __future__ import annotations

import click


@click.command("lsp")
def command() -> None:
    """Answer an editor over standard input and output: findings, completion, hover, definition, references, rename."""
    from modelsync.lsp.server import serve

    serve()
