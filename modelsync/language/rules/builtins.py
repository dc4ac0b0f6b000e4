"""The step behind `uses: builtin/...` exists."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.core.nearest import nearest
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS404"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each builtin step that ModelSync does not bring."""
    known = tuple(subject.known.builtins)
    for step in subject.spec.steps:
        if step.code.file is None and not step.command and step.code.text not in known:
            near = nearest(step.code.text, known)
            help = f"did you mean `{near}`?" if near else f"there are: {', '.join(sorted(known))}"
            fix = slip(step.code.at, step.code.text, near)
            yield Diagnostic(CODE, step.code.at, f"`{step.code.text}` does not exist", help, fix=fix)
