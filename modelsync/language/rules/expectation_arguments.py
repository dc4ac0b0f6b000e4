"""Every expectation gets its own arguments, all that it needs and no others."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import Expectation
from modelsync.core.diagnostics import Diagnostic
from modelsync.language.foreign import meant
from modelsync.language.mends import slip
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping

CODE = "MS502"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each unknown argument, and each that is missing."""
    for gate in subject.spec.gates.values():
        for asked, node in subject.checks(gate):
            if isinstance(asked, Expectation) and asked.name in subject.known.expectations:
                yield from _arguments(subject, asked, node)


def _arguments(subject: Subject, asked: Expectation, node: Mapping) -> Iterator[Diagnostic]:
    shape = subject.known.expectations[asked.name]
    key, body = node.key(asked.name), node.get(asked.name)
    given = body.items if isinstance(body, Mapping) else ()
    read_as: set[str] = set()
    for item in given:
        if item.key.text not in shape.arguments:
            near = meant(item.key.text, (name for name in shape.arguments if name not in asked.arguments))
            read_as.add(near)
            notes = (f"arguments: {', '.join(shape.arguments)}",)
            help, fix = (f"did you mean `{near}`?", slip(item.key.at, item.key.text, near)) if near else ("", None)
            message = f"`{asked.name}` has no argument `{item.key.text}`"
            yield Diagnostic(CODE, item.key.at, message, help, notes, fix=fix)
    missing = [name for name in shape.required if name not in asked.arguments and name not in read_as]
    if missing:
        at = node.at if key is None else key.at
        names = " and ".join(f"`{name}`" for name in missing)
        listed = ", ".join(f"{name}: ..." for name in missing)
        help = f"add `{listed}`" if given else f"write `{asked.name}: {{{listed}}}`"
        yield Diagnostic(CODE, at, f"`{asked.name}` needs {names}", help)
