"""No secret stands in a spec: it would be in Git, in every run and in every resolved copy."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic
from modelsync.language import secrecy
from modelsync.language.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.subject import Subject

CODE = "MS603"

_HELP = "declare it under `secrets`, write `secrets.name` here, and change the secret: it has been written down"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each text that looks like a token, a key or an address with a password, and each variable named like a secret."""
    told = {found.at for found in subject.context.faults if found.code == "MS602"}
    for node in _scalars(subject.context.tree):
        if node.at not in told and secrecy.looks_secret(node.text):
            message = "this looks like a secret; it would be kept in every copy of this spec"
            yield Diagnostic(CODE, node.at, message, _HELP)
    for step in subject.spec.steps:
        env = subject.context.nodes["steps", step.id].get("env")
        for item in env.items if isinstance(env, Mapping) else ():
            literal = isinstance(item.value, Scalar) and not item.value.text.startswith("secrets.")
            if literal and secrecy.names_a_secret(item.key.text) and item.value.at not in told:
                message = f"`{item.key.text}` of step `{step.name}` is named like a secret, and has a literal value"
                yield Diagnostic(CODE, item.value.at, message, _HELP)


def _scalars(node: Node | None) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Mapping():
            for item in node.items:
                yield from _scalars(item.value)
        case Sequence():
            for each in node.items:
                yield from _scalars(each)
