"""Every parameter that a function must be given is given."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.core.signature import Signature
from modelsync.language.rules.extra_arguments import misspelt
from modelsync.language.subject import Call, Subject

CODE = "MS402"

_GATE_ROLES = {
    "model": "a function gets `model` when the gate's target is a model",
    "data": "add `data:` to the gate",
    "reference": "add `reference:` to the gate",
    "champion": "add `reference: champion` to the gate",
    "label": "give a column of the contract `role: label`",
    "positive": "give the label of the contract `positive:`",
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each call with the parameters it leaves out."""
    for call in subject.calls():
        found = subject.behind(call)
        if isinstance(found, Signature) and call.is_whole:
            yield from _missing(call, found)


def _missing(call: Call, found: Signature) -> Iterator[Diagnostic]:
    related = () if found.at is None else (Related(found.at, f"`{found.name}` is defined here"),)
    slips = misspelt(call, found).values()
    for parameter in found.parameters:
        if parameter.name in slips:
            continue  # said where it is misspelt
        if parameter.required and parameter.name not in call.given and parameter.name not in call.offered:
            message = f"{call.what} does not give `{parameter.name}` to `{call.code.text}`"
            help = f"add it to {'`inputs` or ' if call.is_step else ''}`with`"
            if not call.is_step:
                help = _GATE_ROLES.get(parameter.name, help)
            yield Diagnostic(CODE, call.code.at, message, help, related=related)
