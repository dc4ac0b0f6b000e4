"""A name that stands alone (a stage's gates, a deployment's model, a role) is declared in its section."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Pos, Related
from modelsync.core.nearest import nearest
from modelsync.language.decode.context import BareName
from modelsync.language.decode.spec import BUILT_IN_ROLES
from modelsync.language.mends import slip
from modelsync.language.subject import Subject

CODE = "MS208"

_CALLED = {
    "stages": "stage",
    "gates": "gate",
    "deploy": "deployment",
    "models": "model",
    "pipelines": "pipeline",
    "roles": "role",
}
_NOT_HERE = ("params", "steps")  # rules of their own
_UNTIL = "until"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each bare name that is not declared in its section."""
    for bare in subject.context.bare:
        if bare.section in _NOT_HERE or subject.path_of(bare) in subject.misnamed():
            continue
        known = _known(subject, bare)
        if bare.name not in known and not subject.names.is_hidden(_hidden(bare)):
            yield _missing(bare, known)
    for secret in subject.context.secrets:
        declared = subject.names.secrets
        hidden = subject.names.is_hidden("secrets") or ("secrets", secret.name) in subject.misnamed()
        if secret.name not in declared and not hidden:
            yield _missing_secret(secret.name, secret.at, declared)


def _hidden(bare: BareName) -> str:
    return {"roles": "access", _UNTIL: "stages"}.get(bare.section, bare.section)


def _known(subject: Subject, bare: BareName) -> dict[str, Pos | None]:
    """The names that may stand here, each with its place; what ModelSync brings has none."""
    names = subject.names
    if bare.section == _UNTIL:
        steps = {f"{prefix}{p}.{s}": at for (p, s), at in names.steps.items() for prefix in ("", "pipelines.")}
        return {**names.stages, **steps}
    if bare.section == "roles":
        return {**names.roles, **dict.fromkeys(BUILT_IN_ROLES)}
    return dict(names.table(bare.section))


def _missing(bare: BareName, known: dict[str, Pos | None]) -> Diagnostic:
    what = _CALLED.get(bare.section, "stage or step")
    near = nearest(bare.name, known)
    message = f"{what} `{bare.name}` does not exist"
    if not near:
        notes = (f"{what}s of this spec: {', '.join(sorted(known)) or 'none'}",)
        return Diagnostic(CODE, bare.at, message, _way_out(bare), notes)
    place = known[near]
    related = () if place is None else (Related(place, f"`{near}` is defined here"),)
    return Diagnostic(
        CODE, bare.at, message, f"did you mean `{near}`?", related=related, fix=slip(bare.at, bare.name, near)
    )


def _way_out(bare: BareName) -> str:
    """What to do about a name that is like no other."""
    if bare.section == "roles" and "@" in bare.name:
        return "give this person a role under `access.roles`, and name the role here"
    if bare.section == "roles":
        return f"declare `{bare.name}` under `access.roles`"
    if bare.section == "stages" and bare.name.casefold() == "none":
        return "the first stage has no `after`: remove it"
    return ""


def _missing_secret(name: str, at: Pos, known: dict[str, Pos]) -> Diagnostic:
    near = nearest(name, known)
    message = f"secret `{name}` does not exist"
    if not near:
        return Diagnostic(CODE, at, message, f"declare it: `secrets: {{{name}: {{env: VARIABLE}}}}`")
    related = (Related(known[near], f"`{near}` is defined here"),)
    fix = slip(at, f"secrets.{name}", f"secrets.{near}")
    return Diagnostic(CODE, at, message, f"did you mean `secrets.{near}`?", related=related, fix=fix)
