"""The step behind `uses: builtin/...` exists."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.core.nearest import nearest
from modelsync.language.foreign import meant
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS404"

BUILTIN = "builtin/"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each builtin step that ModelSync does not bring."""
    known = {name.removeprefix(BUILTIN): name for name in subject.known.builtins}
    for step in subject.spec.steps:
        if step.code.file is None and not step.command and step.code.text not in subject.known.builtins:
            near = nearest(step.code.text, known.values()) or known.get(meant(step.code.name, known), "")
            help = f"did you mean `{near}`?" if near else f"there are: {', '.join(sorted(known.values()))}"
            fix = slip(step.code.at, step.code.text, near)
            yield Diagnostic(CODE, step.code.at, f"`{step.code.text}` does not exist", help, fix=fix)
