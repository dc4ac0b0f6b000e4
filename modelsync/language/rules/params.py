"""Every param that is put in is declared."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.core.nearest import nearest
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS206"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each `${{ params.x }}` without such a param."""
    names = subject.names
    for bare in subject.context.bare:
        path = ("params", bare.name)
        if bare.section != "params" or bare.name in names.params or names.is_hidden("params"):
            continue
        if path in subject.misnamed():
            continue
        near = nearest(bare.name, names.params)
        help = (
            f"did you mean `params.{near}`?"
            if near
            else f"declare it: `params: {{{bare.name}: {{type: ..., default: ...}}}}`"
        )
        fix = slip(bare.at, f"params.{bare.name}", f"params.{near}") if near else None
        yield Diagnostic(CODE, bare.at, f"param `{bare.name}` does not exist", help, fix=fix)
