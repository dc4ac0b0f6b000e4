"""`dataset add`: data becomes a version, and the spec says where it comes from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from modelsync.api.datasets import declaring
from modelsync.api.datasets.declaring import Declared
from modelsync.api.datasets.homes import Home, find_home
from modelsync.api.rewriting import replace_text
from modelsync.api.versions import git_files
from modelsync.core.errors import SurroundingsError
from modelsync.data.sources.base import Progress, silent
from modelsync.engine import intake
from modelsync.engine.sources import open_source
from modelsync.registry import facts
from modelsync.registry.journal import TakenError
from modelsync.registry.records import DatasetNote, DatasetVersion

_TRIES = 100  # of deciding a version that others decide at the same time: each time one of them is done


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be added: a path, pattern or address, under which name and tags, in which project or spec."""

    source: str
    name: str = ""
    tags: tuple[str, ...] = ()
    folder: Path | None = None
    spec: Path | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """The version that holds the data, whether it was made now, and the spec that was changed (None: none was)."""

    version: DatasetVersion
    is_new: bool
    spec: Path | None = None
    notes: tuple[str, ...] = ()


def add(wanted: Wanted, progress: Progress = silent) -> Added:
    """Store a version of some data and declare it in the spec, if the project has one.

    The bytes are stored before the spec is changed, and the spec before the version is recorded: whatever ends this
    early leaves nothing that says more than there is. UsageError for data that can't be had, is no table although its
    name says so, or breaks its contract.
    """
    home = find_home(wanted.folder, wanted.spec)
    found = _declared(home, wanted)
    scratch = home.workspace.work(f"add-{uuid.uuid4().hex}")
    secrets = {} if found.spec is None else found.spec.secrets
    source = open_source(home.root, found.item, secrets)
    with intake.fetched(source, scratch, progress) as came:
        arrived = intake.take_in(home.workspace, found.item, source, came, scratch, progress)
    git_files.ignore_own(home.root)
    changed = None
    if found.text is not None and found.spec is not None:
        replace_text(found.spec.path, found.text)
        changed = found.spec.path
    version, is_new = recorded(home, arrived)
    version = _with_tags(home, version, wanted.tags)
    return Added(version, is_new, changed, arrived.notes)


def _declared(home: Home, wanted: Wanted) -> Declared:
    source = declaring.written(home.root, wanted.source, Path.cwd())
    if home.project is None:
        name = wanted.name or declaring.name_of(source)
        return declaring.alone(home.root, name, source, wanted.tags)
    return declaring.declared(home.project.spec, wanted.name, source, wanted.tags)


def _with_tags(home: Home, version: DatasetVersion, tags: tuple[str, ...]) -> DatasetVersion:
    """The version with further tags; content that was known before keeps those it had."""
    wanted = tuple(dict.fromkeys((*version.tags, *tags)))
    if wanted == version.tags:
        return version
    note = DatasetNote(version.dataset, version.version, wanted, None, home.origin().author)
    facts.dataset_noted(home.workspace.journal, note)
    return replace(version, tags=wanted)


def recorded(home: Home, arrived: intake.Arrived) -> tuple[DatasetVersion, bool]:
    """The version that holds what arrived by hand, and whether it was made now."""
    origin = home.origin()
    for _ in range(_TRIES):
        try:
            return intake.record(home.workspace, arrived, origin, home.workspace.state())
        except TakenError:  # a run, or another add, was faster: what comes next is decided from what is there now
            continue
    raise SurroundingsError(
        f"others make versions of `{arrived.item.name}` all the time", help="run it again when they are done"
    )
