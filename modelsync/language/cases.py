"""From a file of decision tests to its cases, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from modelsync.core.cases import Case
from modelsync.core.diagnostics import Diagnostic
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.language.decode.body import Place
from modelsync.language.decode.cases import CASES
from modelsync.language.decode.context import Context, TooManyError
from modelsync.language.decode.reading import read as decode
from modelsync.language.decode.spelling import respelt
from modelsync.language.model import Spec
from modelsync.language.names import Names
from modelsync.language.text.read import read
from modelsync.language.text.source import MAX_BYTES, Source, decode_bytes

_THE_FILE = "the file of decision tests"


@record
class Cases:
    """The spec that is meant and the cases; with faults there are none."""

    path: Path
    spec: Path
    cases: tuple[Case, ...]
    context: Context
    faults: tuple[Diagnostic, ...] = ()


def load_cases(path: Path) -> Cases:
    """The cases of one file as far as they can be read without the spec; UsageError when there is no such file."""
    source = decode_bytes(path, _bytes(path))
    if isinstance(source, Diagnostic):
        return Cases(path, path, (), _context(Source(path, "")), (source,))
    context = _context(source)
    nodes = read(source)
    if nodes.root is None or nodes.diagnostics:
        return Cases(path, path, (), context, nodes.diagnostics)
    found: Mapping[str, object] = {}
    try:
        root = respelt(context, nodes.root, CASES)
        found = decode(context, CASES, root, Place(_THE_FILE)) or {}
    except TooManyError:
        pass
    spec = path.parent / str(found.get("spec", "modelsync.yaml"))
    named = found.get("cases")
    cases = tuple(named.values()) if isinstance(named, dict) else ()
    return Cases(path, spec, cases, context, tuple(sorted(context.faults, key=lambda each: each.order)))


def misnamed(found: Cases, spec: Spec) -> tuple[Diagnostic, ...]:
    """Every name in the cases that the spec does not declare, with the nearest that it does."""
    context = found.context
    for case in found.cases:
        for what, known, names in (
            ("gate", spec.gates, (*case.gates, *case.expected.gates)),
            ("stage", spec.stages, tuple(case.expected.stages)),
            ("param", spec.params, tuple(case.params)),
            ("model", spec.models, (case.model,) if case.model else ()),
        ):
            for name in names:
                if name not in known:
                    message = f"case `{case.name}` names {what} `{name}`, which the spec does not have"
                    near = nearest(name, known)
                    listed = f"{what}s: {', '.join(known) or 'none'}"
                    context.fault("MS201", case.at, message, f"did you mean `{near}`?" if near else listed)
        if not case.model and len(spec.models) > 1 and _is_about_versions(case):
            context.fault("MS102", case.at, f"case `{case.name}` has no `model`", "the spec has several: name one")
    return tuple(sorted(context.faults, key=lambda each: each.order))


def _is_about_versions(case: Case) -> bool:
    expected = case.expected
    return bool(expected.bump is not None or expected.version is not None or expected.rule or expected.stages)


def _context(source: Source) -> Context:
    return Context(source, {source.path: source}, Names(), source.path.parent.resolve(), {})


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"`{path}` can't be read: {error.strerror or error}", help="name a file of cases") from None
