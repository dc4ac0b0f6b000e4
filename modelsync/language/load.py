"""From a file to a Spec, or to everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from modelsync.core.diagnostics import Diagnostic, Pos, Severity
from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.language.decode.context import MAX_FAULTS
from modelsync.language.decode.literals import OPENING
from modelsync.language.decode.spec import decode
from modelsync.language.include import expand
from modelsync.language.known import Known
from modelsync.language.lineage import champion_of, promotion
from modelsync.language.model import Spec
from modelsync.language.normal import normal_form
from modelsync.language.realign import Checked, realigned
from modelsync.language.rules import RULES
from modelsync.language.secrecy import masked
from modelsync.language.signs import resigned
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Node
from modelsync.language.text.read import read
from modelsync.language.text.source import MAX_BYTES, Source, decode_bytes

__all__ = ["Loaded", "load", "load_text", "normal_form"]

TRIED = 120_000  # characters checked again in search of the line or sign that explains all: a third of a second
_SIGNS_OF_A_NODE = 10  # characters that a value or key has in a spec of people

_NOTHING: Mapping[str, str] = MappingProxyType({})


@record
class Loaded:
    """A spec without errors (warnings may be there), or None and the reasons.

    `root` has the nodes with what was included, and `subject` the spec as far as it was understood, for faces that
    show or complete what is not yet right. `size` counts values and keys, with those behind aliases.
    """

    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]
    root: Node | None = None
    subject: Subject | None = None
    size: int = 0


def load(
    path: Path,
    known: Known,
    overrides: Mapping[str, str] = _NOTHING,
    environ: Mapping[str, str] = _NOTHING,
) -> Loaded:
    """Read, decode and check one spec file with all that it includes.

    `overrides` are texts by the name of a param, `environ` the variables that `${{ env.X }}` and `MODELSYNC_PARAM_X`
    name. UsageError when there is no such file. Every other fault is a diagnostic, sorted by place.
    """
    return load_text(path, _bytes(path), known, overrides, environ)


def load_text(
    path: Path,
    data: bytes,
    known: Known,
    overrides: Mapping[str, str] = _NOTHING,
    environ: Mapping[str, str] = _NOTHING,
) -> Loaded:
    """The same for bytes that stand for a file, as an editor has them before it saves."""
    source = decode_bytes(path, data)
    if isinstance(source, Diagnostic):
        return Loaded(None, (source,))
    loaded = _checked(source, known, overrides, environ)
    if loaded.spec is not None:
        return loaded

    def check(moved: Source) -> Checked:
        again = _checked(moved, known, overrides, environ)
        return Checked(again.root, again.diagnostics if again.spec is None else ())

    tries = TRIED // max(len(source.text), loaded.size * _SIGNS_OF_A_NODE, 1)
    explained = realigned(source, loaded.diagnostics, check, tries) or resigned(
        source, loaded.diagnostics, check, tries
    )
    return loaded if explained is None else replace(loaded, diagnostics=_sorted(explained))


def _checked(source: Source, known: Known, overrides: Mapping[str, str], environ: Mapping[str, str]) -> Loaded:
    nodes = read(source)
    if nodes.root is None or nodes.diagnostics:
        return Loaded(None, _sorted(nodes.diagnostics))
    included = expand(source, nodes.root, nodes.size)
    if included.root is None:
        return Loaded(None, _sorted(included.diagnostics))
    spec, context = decode(source, included.sources, included.root, overrides, environ)
    found = [*included.diagnostics, *context.faults]
    subject = None
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
    shown = _sorted(_mendable(each, included.sources) for each in _discreet(errors or found))
    return Loaded(None if errors else spec, shown, included.root, subject, nodes.size.expanded)


def _discreet(found: list[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings without the secrets that some of them are about; what else is wrong with a secret is not said."""
    places = [each.at for each in found if each.code in _SECRETS]
    for each in found:
        if each.code in _SECRETS or each.at not in places:
            yield replace(each, message=masked(each.message), help=masked(each.help)) if places else each


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


def _mendable(found: Diagnostic, sources: Mapping[Path, Source]) -> Diagnostic:
    """The finding, its mend only where it can be put in.

    That is in YAML of this spec (a suite is JSON), never over what params put in, and never over a block of text, which
    has no end that a mend could know.
    """
    if found.fix is None:
        return found
    source = sources.get(found.fix.at.file)
    written = OPENING if source is None else _written(source, found.fix.at)
    return replace(found, fix=None) if OPENING in written or written.startswith(("|", ">")) else found


def _written(source: Source, at: Pos) -> str:
    """What a mend would replace."""
    lines = source.lines[at.line - 1 : at.end_line]
    last = lines[-1][: at.end_col - 1] if lines else ""
    return "\n".join((*lines[:-1], last))[at.col - 1 :]


def _sorted(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once: what stands behind an anchor, or in a matrix, is decoded wherever it is used.

    Told of two owners it is one fault; the telling that knows a way out is kept.
    """
    once: dict[tuple[Pos, str, str], Diagnostic] = {}
    for each in found:
        same = (each.at, each.code, _OWNER.sub("", each.message))
        if same not in once or (each.help and not once[same].help):
            once[same] = each
    return tuple(sorted(once.values(), key=lambda each: each.order))


_SECRETS = ("MS602", "MS603")  # codes that say that there is a secret
_OWNER = re.compile(r"\b(?:param|dataset|pipeline|step|gate|model|stage|deploy|schedule|monitor|channel) `[^`]*`")
