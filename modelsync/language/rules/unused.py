"""What is declared is used: a name that nothing reads is often a name that was meant elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.language.model import RefKind
from modelsync.language.subject import Subject

CODE = "MS207"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each dataset, param and secret that nothing mentions, as a warning.

    In a spec where nothing could read a dataset, because it only keeps versions of data, datasets stand for themselves.
    """
    named = {name for condition in subject.conditions for name in condition.expression.names()}
    read = {use.ref.path[0] for use in subject.uses() if use.ref.kind is RefKind.DATASET}
    has_readers = bool(subject.spec.pipelines or subject.spec.gates or subject.spec.models)
    for dataset in subject.spec.datasets.values() if has_readers else ():
        if dataset.name not in read and f"changed(datasets.{dataset.name})" not in named:
            message, help = f"dataset `{dataset.name}` is used by nothing", "remove it, or give it to a step or a gate"
            yield Diagnostic(CODE, dataset.at, message, help, severity=Severity.WARNING)
    for param in subject.spec.params.values():
        spoken = {f"params.{param.name}", f"changed(params.{param.name})"}
        in_commands = any(f"{{params.{param.name}}}" in part for step in subject.spec.steps for part in step.command)
        if param.name not in subject.context.used_params and not spoken & named and not in_commands:
            help = f"remove it, or put it in with `${{{{ params.{param.name} }}}}`"
            message = f"param `{param.name}` is used by nothing"
            yield Diagnostic(CODE, param.at, message, help, severity=Severity.WARNING)
    asked = {secret.name for secret in subject.context.secrets}
    for secret in subject.spec.secrets.values():
        if secret.name not in asked:
            message, help = f"secret `{secret.name}` is used by nothing", f"remove it, or write `secrets.{secret.name}`"
            yield Diagnostic(CODE, secret.at, message, help, severity=Severity.WARNING)
