"""The file and the function, or the installed validator, that a `run` or `uses` names are there."""

from __future__ import annotations

from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Fix, Related
from modelsync.core.signature import SignatureFault
from modelsync.language.mends import slip
from modelsync.language.model import Code
from modelsync.language.paths import meant
from modelsync.language.subject import Call, Subject

CODE = "MS401"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each function that can't be had, with the reason."""
    for call in subject.calls():
        if call.is_step and call.code.file is None:
            continue  # a builtin has its own code
        found = subject.behind(call)
        if isinstance(found, SignatureFault):
            yield _diagnostic(subject, call, found)


def _diagnostic(subject: Subject, call: Call, found: SignatureFault) -> Diagnostic:
    near = _meant(subject, call.code, found)
    help = f"did you mean `{near}`?" if near else _HELP.get(found.reason, "")
    fix = _fix(call.code, found)
    related = () if found.at is None else (Related(found.at, "in this Python file"),)
    said = found.message.replace(str(call.code.file), call.code.text.rpartition(":")[0])  # as the spec names the file
    return Diagnostic(CODE, call.code.at, f"{call.what}: {said}", help, related=related, fix=fix)


def _meant(subject: Subject, code: Code, found: SignatureFault) -> str:
    """The suggestion as it may be written: a file with its folder, perhaps another one."""
    if found.reason == "package" and not found.suggestion:
        file = f"validators/{code.name}.py"
        return f"{file}:function" if (subject.spec.root / file).is_file() else ""
    if found.reason != "file":
        return found.suggestion
    return meant(subject.spec.root, code.text.rpartition(":")[0])


_HELP = {
    "file": "paths start at the root",
    "syntax": "mend the Python file",
    "package": "install the package that brings it, or name a file: `validators/file.py:function`",
    "packages": "uninstall all but one of them",
}


def _fix(code: Code, found: SignatureFault) -> Fix | None:
    if found.suggestion and found.reason == "package":
        return slip(code.at, code.text, found.suggestion)
    if not found.suggestion or found.reason != "name":
        return None
    return slip(code.at, code.text, f"{code.text.rpartition(':')[0]}:{found.suggestion}")
