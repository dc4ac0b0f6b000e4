"""Nothing is given to a function that it does not take."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.core.signature import Signature
from modelsync.language.foreign import meant
from modelsync.language.mends import slip
from modelsync.language.names import is_name
from modelsync.language.subject import Call, Subject

CODE = "MS403"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each input and each key of `with` that is no parameter of the function."""
    for call in subject.calls():
        found = subject.behind(call)
        if isinstance(found, Signature):
            yield from _extra(call, found)


def misspelt(call: Call, found: Signature) -> dict[str, str]:
    """Each name that the function does not take, with the free parameter that was probably meant (or empty)."""
    takes = [parameter.name for parameter in found.parameters]
    if found.open:
        return {}
    free = [name for name in takes if name not in call.given and name not in call.offered]
    extra = [name for name in call.given if name not in takes and is_name(name)]
    needed = [each.name for each in found.parameters if each.required and each.name in free]
    if len(extra) == 1 == len(needed):
        return {extra[0]: needed[0]}  # one too many, one too few: it is the same one
    offered = [name for name in takes if name in call.offered and name not in call.given]
    return {name: meant(name, free) or meant(name, offered) for name in extra}


def _extra(call: Call, found: Signature) -> Iterator[Diagnostic]:
    takes = [parameter.name for parameter in found.parameters]
    related = () if found.at is None else (Related(found.at, f"`{found.name}` is defined here"),)
    for name, near in misspelt(call, found).items():
        at = call.given[name]
        notes = (f"it takes: {', '.join(takes) or 'nothing'}",)
        help = f"did you mean `{near}`?" if near else ""
        message = f"`{call.code.text}` takes no `{name}`"
        yield Diagnostic(CODE, at, message, help, notes, related, fix=slip(at, name, near))
