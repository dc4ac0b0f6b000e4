"""What several places call by one name is not declared by another that only looks alike."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.language.mends import slip
from modelsync.language.names import is_name
from modelsync.language.subject import Subject

CODE = "MS213"

_MOST_PLACES = 5  # shown; more only fill the screen


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each declared name that nothing uses, while several places use one that is nearly the same."""
    for used, declared in subject.misnamed().items():
        at = subject.names.position(declared)
        if at is None or not is_name(declared[-1]):
            continue  # a name that can be none is told already
        name, meant = declared[-1], used[-1]
        places = sorted({mention.at for mention in subject.mentions() if mention.path == used})
        related = tuple(Related(place, f"`{meant}` is used here") for place in places[:_MOST_PLACES])
        message = f"`{name}` is used by nothing, and {len(places)} places use `{meant}`, which does not exist"
        fix = slip(at, name, meant)
        yield Diagnostic(CODE, at, message, f"did you mean `{meant}`?", related=related, fix=fix)
