"""The finding for a word that is not one of those that exist: with the nearest, or with all of them."""

from __future__ import annotations

from collections.abc import Collection

from modelsync.core.diagnostics import Diagnostic
from modelsync.language.foreign import meant
from modelsync.language.mends import slip
from modelsync.language.text.nodes import Node


def unknown(code: str, what: str, written: str, node: Node, known: Collection[str]) -> Diagnostic:
    """A diagnostic at a node."""
    near = meant(written, known)
    help = f"did you mean `{near}`?" if near else f"there are: {', '.join(sorted(known))}"
    fix = slip(node.at, written, near)
    return Diagnostic(code, node.at, f"{what} `{written}` does not exist", help, fix=fix)
