"""Whoever asks for the metrics of a model asks one that has some."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.subject import Subject

CODE = "MS514"

_PREFIXES = ("metrics.", "champion.metrics.")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each condition on metrics where no model, or not the one it belongs to, has `metrics`."""
    models = subject.spec.models
    if len(models) < len(subject.names.models) or subject.names.is_hidden("models"):
        return  # one that could not be decoded may have them
    for condition in subject.conditions:
        asked = [name for name in condition.expression.names() if name.startswith(_PREFIXES)]
        owner = models.get(condition.name) if condition.owner == "model" else None
        concerned = [owner] if owner is not None else list(models.values())
        bare = [model for model in concerned if subject.context.nodes["models", model.name].get("metrics") is None]
        if not asked or not bare or len(bare) < len(concerned):
            continue
        text = condition.expression.text
        start = text.find(asked[0])
        at = subject.context.within(condition.node, start, start + len(asked[0]))
        message = f"`{asked[0]}` has no value: model `{bare[0].name}` names no `metrics`"
        help = "add `metrics:` to the model, with an output of type metrics"
        yield Diagnostic(CODE, at, message, help, related=(Related(bare[0].at, f"`{bare[0].name}` is defined here"),))
