"""What a matrix makes is a list: only a step that takes lists, `each` or a `select` can use it."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.decode.context import UNKNOWN, Use, used_here
from modelsync.language.model import RefKind
from modelsync.language.subject import Subject

CODE = "MS210"

_SELECT = "builtin/select"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each place for one artifact that names all those of a matrix, and `across` of a step that runs once.

    A function of the user may take a list; a step that ModelSync brings takes one of each, but for `select`.
    """
    names = subject.names
    single = {step.id for step in subject.spec.steps if step.code.text in subject.known.builtins}
    single -= {step.id for step in subject.spec.steps if step.code.text == _SELECT}
    for use in subject.uses():
        if use.ref.kind not in (RefKind.OUTPUT, RefKind.STEP) or not subject.exists(use.ref):
            continue
        maker = (use.ref.path[0], use.ref.path[1])
        if names.is_unclear(maker):
            continue
        if use.ref.kind is RefKind.STEP:
            if not names.is_many(maker):
                yield _once(subject, use, maker)
        elif (
            "outputs" in use.allowed.heads
            and names.is_many(maker)
            and (not use.step or (use.step in single and not _follows(subject, use, maker)))
        ):
            yield _list(subject, use, maker)


def _follows(subject: Subject, use: Use, maker: tuple[str, str]) -> bool:
    """Whether a step runs once for each member of the very matrix it takes from, and so gets one of them."""
    pipeline, _, step = use.step.partition(".")
    return subject.names.followed((pipeline, step)) == subject.names.followed(maker)


def _list(subject: Subject, use: Use, maker: tuple[str, str]) -> Diagnostic:
    owner = subject.names.followed(maker)
    count = sum(member is not UNKNOWN for member in subject.context.members.get(owner, ()))
    many = f"{count} of it" if count else "many of it"
    message = f"{use.what} takes one, and `{use.ref}` is a list: the matrix of `{owner[1]}` makes {many}"
    help = "pick one first with a step that `uses: builtin/select`"
    related = (Related(subject.names.steps[owner], f"`{owner[1]}` is defined here"), *used_here(use.ref.at, use.way))
    return Diagnostic(CODE, use.ref.at, message, help, related=related)


def _once(subject: Subject, use: Use, step: tuple[str, str]) -> Diagnostic:
    message = f"{use.what} must be a step with members, and `{step[1]}` runs once"
    many = [f"pipelines.{p}.{s}" for p, s in subject.names.steps if subject.names.is_many((p, s))]
    help = (
        f"these have a matrix: {', '.join(many[:6])}"
        if many
        else "give it a `matrix:`, or `each:` with a step that has one"
    )
    related = (Related(subject.names.steps[step], f"`{step[1]}` is defined here"),)
    return Diagnostic(CODE, use.ref.at, message, help, related=related)
