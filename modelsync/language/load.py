"""From a file to a Spec, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.language.decode.context import MAX_FAULTS
from modelsync.language.decode.spec import decode
from modelsync.language.known import Known
from modelsync.language.lineage import champion_of, promotion
from modelsync.language.model import Spec
from modelsync.language.normal import normal_form
from modelsync.language.read import read
from modelsync.language.rules import RULES
from modelsync.language.source import MAX_BYTES, decode_bytes
from modelsync.language.subject import Subject

__all__ = ["Loaded", "load", "normal_form"]

_NO_OVERRIDES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A spec without errors (warnings may be there), or None and the reasons."""

    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]


def load(path: Path, known: Known, overrides: Mapping[str, str] = _NO_OVERRIDES) -> Loaded:
    """Read, decode and check one spec file; `overrides` are texts by the name of a param.

    UsageError when there is no such file. Every other fault is a diagnostic, sorted by place.
    """
    source = decode_bytes(path, _bytes(path))
    if isinstance(source, Diagnostic):
        return Loaded(None, (source,))
    nodes = read(source)
    if nodes.root is None or nodes.diagnostics:
        return Loaded(None, _sorted(nodes.diagnostics))
    spec, context = decode(source, nodes.root, overrides)
    found = list(context.faults)
    if spec is not None:
        spec = _finished(spec)
        subject = Subject(spec, known, context)
        findings = (finding for rule in RULES.values() for finding in rule(subject))
        found.extend(islice(findings, MAX_FAULTS))
    errors = [each for each in found if each.severity is Severity.ERROR]
    if len(errors) >= MAX_FAULTS:
        more = f"there are {MAX_FAULTS} faults and perhaps more: mend these first"
        errors.append(Diagnostic("MS002", source.at(len(source.lines), 1), more))
    # An error is often the cause of a warning: what a misspelt name meant to use looks unused.
    return Loaded(None, _sorted(errors)) if errors else Loaded(spec, _sorted(found))


def _bytes(path: Path) -> bytes:
    """The bytes of a file, one more than allowed at most, so that a huge file is never read whole."""
    try:
        with path.open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no spec `{path}`", help=_nearest_specs(path)) from None
    except IsADirectoryError:
        raise UsageError(f"`{path}` is a folder, not a spec", help=_nearest_specs(path / "modelsync.yaml")) from None
    except OSError as error:
        raise UsageError(f"the spec `{path}` can't be read: {error.strerror}", help="check its permissions") from None


def _nearest_specs(path: Path) -> str:
    """The specs near a path that does not exist: in its folder, and in `specs/` of the folders above."""
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    there = sorted({*folder.glob("*.yaml"), *folder.glob("*/modelsync.yaml"), *folder.glob("specs/*/modelsync.yaml")})
    near = nearest(str(path), (str(each) for each in there))
    if near:
        return f"did you mean `{near}`?"
    return f"specs here: {', '.join(str(each) for each in there[:5])}" if there else "start one with `modelsync init`"


def _finished(spec: Spec) -> Spec:
    """The spec with its stages in the order of promotion and each gate's champion named."""
    gates = {name: replace(gate, champion_of=champion_of(spec, gate)) for name, gate in spec.gates.items()}
    return replace(spec, gates=gates, stages={stage.name: stage for stage in promotion(spec.stages.values())})


def _sorted(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once: what stands behind an anchor is decoded wherever it is used."""
    return tuple(sorted(dict.fromkeys(found), key=lambda each: each.order))
