"""What is declared is used: a name that nothing reads is often a name that was meant elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.language.model import RefKind
from modelsync.language.subject import Subject

CODE = "MS207"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each dataset and param that nothing mentions, as a warning."""
    named = {name for condition in subject.conditions for name in condition.expression.names()}
    read = {use.ref.path[0] for use in subject.uses() if use.ref.kind is RefKind.DATASET}
    for dataset in subject.spec.datasets.values():
        if dataset.name not in read and f"changed(datasets.{dataset.name})" not in named:
            message, help = f"dataset `{dataset.name}` is used by nothing", "remove it, or give it to a step or a gate"
            yield Diagnostic(CODE, dataset.at, message, help, severity=Severity.WARNING)
    for param in subject.spec.params.values():
        spoken = {f"params.{param.name}", f"changed(params.{param.name})"}
        if param.name not in subject.context.used_params and not spoken & named:
            help = f"remove it, or put it in with `${{{{ params.{param.name} }}}}`"
            message = f"param `{param.name}` is used by nothing"
            yield Diagnostic(CODE, param.at, message, help, severity=Severity.WARNING)
