"""A stage's gates and deployment, its `after`, and a deployment's model exist."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos, Related
from modelsync.core.nearest import nearest
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS208"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each bare name that is not declared in its section."""
    names = subject.names
    declared = {
        ("stages", "gates"): ("gate", "gates", names.gates),
        ("stages", "deploy"): ("deployment", "deploy", names.deploys),
        ("stages", "after"): ("stage", "stages", names.stages),
        ("deploy", "model"): ("model", "models", names.models),
    }
    for path, at in subject.context.texts.items():
        if path[0] not in ("stages", "deploy"):
            continue
        section, _, key, name = path
        what, where, known = declared[section, key]
        if name not in known and not names.is_hidden(where):
            yield _missing(what, name, at, known)


def _missing(what: str, name: str, at: Pos, declared: dict[str, Pos]) -> Diagnostic:
    near = nearest(name, declared)
    message = f"{what} `{name}` does not exist"
    if not near:
        return Diagnostic(CODE, at, message, notes=(f"{what}s of this spec: {', '.join(sorted(declared)) or 'none'}",))
    related = (Related(declared[near], f"`{near}` is defined here"),)
    return Diagnostic(CODE, at, message, f"did you mean `{near}`?", related=related, fix=slip(at, name, near))
