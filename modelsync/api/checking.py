"""`check`: everything that is wrong with some specs, before anything runs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from modelsync.api.specs import SPEC_NAME, known, specs_of
from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.core.errors import UsageError
from modelsync.core.signature import Signature, SignatureFault
from modelsync.language.known import Known
from modelsync.language.load import Loaded, load, load_text
from modelsync.language.model import Spec

_SKIPPED = frozenset({"node_modules", "__pycache__"})  # besides hidden folders and virtual environments
_ENVIRONMENT = "pyvenv.cfg"  # the file that makes a folder a virtual environment


@dataclass(frozen=True, slots=True)
class Checked:
    """One spec and what was found in it; `spec` is None when it has errors.

    `reads` are the files that the findings depend on, as far as they are known; some may not exist. `root` is the
    project's, None when the spec can't be read.
    """

    path: Path
    spec: Spec | None
    diagnostics: tuple[Diagnostic, ...]
    reads: frozenset[Path] = frozenset()
    root: Path | None = None

    @property
    def errors(self) -> int:
        """How many findings stop a command."""
        return sum(1 for found in self.diagnostics if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many findings stop nothing."""
        return len(self.diagnostics) - self.errors

    @property
    def fixable(self) -> int:
        """How many findings have a safe mend."""
        return sum(1 for found in self.diagnostics if found.fix is not None)


@dataclass(frozen=True, slots=True)
class Report:
    """What a face shows: the specs in the order checked, how many mends went into each file, texts that are no file."""

    checked: tuple[Checked, ...]
    mended: Mapping[Path, int] = field(default_factory=dict)
    texts: Mapping[Path, str] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """How many findings stop a command, in all specs."""
        return sum(each.errors for each in self.checked)

    @property
    def warnings(self) -> int:
        """How many findings stop nothing, in all specs."""
        return sum(each.warnings for each in self.checked)

    @property
    def fixable(self) -> int:
        """How many findings have a safe mend, in all specs."""
        return sum(each.fixable for each in self.checked)


def check(paths: Sequence[Path], overrides: Mapping[str, str] | None = None) -> tuple[Checked, ...]:
    """Check every spec that is meant, each file once; UsageError when one does not exist or a folder holds none."""
    names = known()
    found = []
    for path in wanted(paths):
        asked, recorded = _recording(names)
        found.append(_checked(path, load(path, recorded, overrides or {}, os.environ), asked))
    return tuple(found)


def check_text(path: Path, data: bytes, overrides: Mapping[str, str] | None = None) -> Report:
    """Check what an editor holds and has not saved: `data` stands for the file `path`, which need not exist."""
    asked, names = _recording(known())
    loaded = load_text(path, data, names, overrides or {}, os.environ)
    return Report((_checked(path, loaded, asked),), texts={path: data.decode("utf-8-sig", errors="replace")})


def wanted(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The specs that are meant, each once: files as named, every spec below a folder, all of the project here."""
    named = [spec for path in paths for spec in (_below(path) if path.is_dir() else [path])]
    once = {spec.resolve(): spec for spec in reversed(named or specs_of(Path()))}
    return tuple(reversed(once.values()))


def stamp(file: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is written: time, size and number; None when there is none."""
    try:
        said = file.stat()
    except OSError:
        return None
    return said.st_mtime_ns, said.st_size, said.st_ino


def walk(folder: Path, onerror: Callable[[OSError], None] | None = None) -> Iterator[tuple[Path, list[str]]]:
    """Each folder from `folder` down with the names of its files; what people did not write there is left out.

    That is: hidden folders, `node_modules`, `__pycache__` and virtual environments. Links to folders are not followed.
    """
    for place, folders, files in os.walk(folder, onerror=onerror):
        if _ENVIRONMENT in files and Path(place) != folder:
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        yield Path(place), files


def _below(folder: Path) -> list[Path]:
    places = walk(folder, _refuse)
    found = sorted(spec for place, files in places if SPEC_NAME in files and (spec := place / SPEC_NAME).is_file())
    if not found:
        raise UsageError(
            f"there is no {SPEC_NAME} in `{folder}` nor below it",
            help="name a spec or its folder, or make a project with `modelsync init`",
        )
    return found


def _refuse(error: OSError) -> None:
    raise UsageError(f"the folder `{error.filename}` can't be read: {error.strerror}", help="check its permissions")


def _recording(names: Known) -> tuple[set[Path], Known]:
    """The same names, and the set of the Python files that will have been asked for."""
    asked: set[Path] = set()

    def signature(file: Path, name: str) -> Signature | SignatureFault:
        asked.add(file)
        return names.signature(file, name)

    return asked, replace(names, signature=signature)


def _checked(path: Path, loaded: Loaded, asked: set[Path]) -> Checked:
    spec = loaded.spec or (loaded.subject.spec if loaded.subject is not None else None)
    reads = {path, *asked}
    for found in loaded.diagnostics:
        reads.update((found.at.file, *(other.at.file for other in found.related)))
    if spec is not None:
        reads.update(spec.files)
        reads.update(dataset.path for dataset in spec.datasets.values() if dataset.path is not None)
    root = spec.root if spec is not None else None
    return Checked(path, loaded.spec, tuple(loaded.diagnostics), frozenset(reads), root)
