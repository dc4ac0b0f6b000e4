"""Every expectation of a quality gate exists under that name."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.checks import Expectation
from modelsync.core.diagnostics import Diagnostic
from modelsync.core.nearest import folded
from modelsync.language.foreign import meant
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS501"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each name that is no expectation of Great Expectations."""
    for gate in subject.spec.gates.values():
        for asked, node in subject.checks(gate):
            if not isinstance(asked, Expectation) or asked.name in subject.known.expectations:
                continue
            key = node.key(asked.name)
            at = node.at if key is None else key.at
            near = meant(asked.name, subject.known.expectations)
            help = f"did you mean `{near}`?" if near else "names are those of Great Expectations, in snake case"
            same = folded(asked.name) == folded(near) and key is not None and not key.quoted  # JSON keeps its quotes
            fix = slip(at, asked.name, near) if same else None
            yield Diagnostic(CODE, at, f"expectation `{asked.name}` does not exist", help, fix=fix)
