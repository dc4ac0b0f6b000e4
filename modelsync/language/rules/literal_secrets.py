"""No secret stands in a spec: it would be in Git, in every run and in every resolved copy."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language import secrecy
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence

CODE = "MS603"

_HELP = (
    "declare it under `secrets`, give it to the step as `env: {NAME: secrets.name}`, and change the secret: "
    "it has been written down"
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each text that looks like a token, a key or an address with a password, and each variable named like a secret."""
    told = [found.at for found in subject.context.faults if found.code in ("MS602", "MS111")]
    for node in _scalars(subject.context.tree):
        if secrecy.looks_secret(node.text) and not _is_told(node.at, told):
            message = "this looks like a secret; it would be kept in every copy of this spec"
            yield Diagnostic(CODE, node.at, message, _HELP)
    for step in subject.spec.steps:
        env = subject.context.nodes["steps", step.id].get("env")
        for item in env.items if isinstance(env, Mapping) else ():
            literal = isinstance(item.value, Scalar) and not item.value.text.startswith("secrets.")
            if literal and secrecy.names_a_secret(item.key.text) and not _is_told(item.value.at, told):
                message = f"`{item.key.text}` of step `{step.name}` is named like a secret, and has a literal value"
                yield Diagnostic(CODE, item.value.at, message, _HELP)


def _is_told(at: Pos, told: list[Pos]) -> bool:
    """Whether something was found inside this value before: that is the one mistake."""
    begin, end = (at.line, at.col), (at.end_line, at.end_col)
    inside = (found for found in told if found.file == at.file)
    return any(begin <= (found.line, found.col) and (found.end_line, found.end_col) <= end for found in inside)


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
