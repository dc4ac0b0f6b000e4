"""`import dvc`: the data of a DVC project as versions, its stages as steps, and everything that fits nowhere, told."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from modelsync.api.datasets import declaring, dvc_files, dvc_steps
from modelsync.api.datasets.adding import recorded
from modelsync.api.datasets.declaring import Written
from modelsync.api.datasets.homes import Home, find_home
from modelsync.api.rewriting import replace_text
from modelsync.api.specs import SPEC_NAME
from modelsync.api.versions import git_files
from modelsync.core.errors import ModelSyncError, SpecError
from modelsync.data import dvc
from modelsync.data.dvc import Out, Project, Unmapped
from modelsync.data.sources.base import Progress, silent
from modelsync.engine import intake
from modelsync.engine.intake import Arrived
from modelsync.engine.workspace import Workspace
from modelsync.language.edit.changes import Add, apply
from modelsync.language.edit.place import EditError
from modelsync.language.model import Dataset, SourceKind, Spec
from modelsync.language.text.source import Source
from modelsync.registry.records import DatasetVersion


@dataclass(frozen=True, slots=True)
class Taken:
    """One tracked path and the version that holds it now; `restored` tells that it was written to the disk again."""

    path: str
    version: DatasetVersion
    is_new: bool
    restored: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was taken over and what was not; `spec` is None when it did not change."""

    taken: tuple[Taken, ...]
    steps: tuple[str, ...]
    unmapped: tuple[Unmapped, ...]
    spec: Path | None


def import_dvc(folder: Path, spec: Path | None = None, progress: Progress = silent) -> Report:
    """Take a DVC project over from its cache; nothing of DVC's own is changed, and nothing on the disk overwritten.

    Files that are only in the cache are written to their places. The spec is that of the project, or a new one beside
    `.dvc`. UsageError when there is no DVC project; SpecError when the spec has faults.
    """
    root = folder.resolve()
    project, odd = dvc_files.read_project(root)
    found = [out for out in project.outs if not out.stage]
    total, done = 2 * sum(out.size or 0 for out in found), 0
    outs, restored = list[Out](), set[str]()
    for out in map(dvc.verified, found):
        outs.append(out)
        if _restored(root, out, odd):  # before the spec is read, which may declare it from an earlier import
            restored.add(out.path)
        done += out.size or 0
        progress(done, total)
    work = _begin(root, spec, [*odd, *project.unmapped])
    for out in outs:
        _take(work, out)
        done += out.size or 0
        progress(done, total)
    _declare_steps(work, project)
    if work.arrived:
        git_files.ignore_own(work.home.root)
    changed = _write(work)
    taken = tuple(Taken(path, *recorded(work.home, each), path in restored) for path, each in work.arrived)
    return Report(taken, tuple(work.steps), tuple(work.unmapped), work.path if changed else None)


@dataclass
class _Work:
    """An import under way: the spec as it will be, and what came of everything so far."""

    home: Home
    root: Path  # of the DVC project
    path: Path  # of the spec
    text: str
    spec: Spec | None  # None while nothing stands in it
    unmapped: list[Unmapped]
    known: dvc_steps.Known = field(default_factory=dvc_steps.Known)
    arrived: list[tuple[str, Arrived]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)


def _restored(root: Path, out: Out, odd: list[Unmapped]) -> bool:
    """Whether something of an output was written to its place."""
    if dvc_files.why_not(out):
        return False
    try:
        return dvc_files.restore(root, out)
    except ModelSyncError as error:
        odd.append(Unmapped(out.path, error.message))
        return False


def _begin(root: Path, spec: Path | None, odd: list[Unmapped]) -> _Work:
    home = find_home(root, spec)
    if home.project is not None:
        known = home.project.spec
        return _Work(home, root, known.path, declaring.read_source(known.path).text, known, odd)
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", root.name).strip("_-") or "imported"
    text = f"modelsync: 1\nproject: {name if name[0].isalpha() else f'project_{name}'}\n"
    return _Work(Home(Workspace(root), None), root, root / SPEC_NAME, text, None, odd)


def _take(work: _Work, out: Out) -> None:
    """Store one output, and declare it."""
    scratch = work.home.workspace.work(f"import-{uuid.uuid4().hex}")
    if why := dvc_files.why_not(out):
        work.unmapped.append(Unmapped(out.path, why))
        return
    try:
        item = _item(work, out)
        source = dvc_files.lay_out(out, scratch)
        with intake.fetched(source, scratch) as came:
            arrived = intake.take_in(work.home.workspace, item, source, came, scratch)
        _declare(work, item)
    except (EditError, SpecError) as error:
        said = error.diagnostics[0].message if isinstance(error, SpecError) else error.message
        work.unmapped.append(Unmapped(out.path, f"the spec can't say it: {said}"))
        return
    except ModelSyncError as error:
        work.unmapped.append(Unmapped(out.path, error.message))
        return
    work.known.references[out.path] = f"datasets.{item.name}"
    work.arrived.append((out.path, arrived))


def _item(work: _Work, out: Out) -> Dataset:
    """The dataset that the spec has for this path, or a new one named after it."""
    path = work.root / out.path
    text = declaring.below(work.home.root, path)
    source = Written(f"{text}/", SourceKind.FOLDER, path) if out.is_folder else Written(text, SourceKind.FILE, path)
    datasets = {} if work.spec is None else work.spec.datasets
    known = next((each for each in datasets.values() if declaring.is_same(each, source)), None)
    if known is not None:
        return known
    taken = {*datasets, *(each.item.name for _, each in work.arrived)}
    return declaring.alone(work.home.root, dvc_steps.free(declaring.name_of(source), taken), source, ()).item


def _declare(work: _Work, item: Dataset) -> None:
    if work.spec is None or item.name not in work.spec.datasets:
        _edit(work, Add(("datasets",), item.name, {"source": item.source}))


def _declare_steps(work: _Work, project: Project) -> None:
    outs = {out.path: out for out in project.outs}
    if work.spec is not None and dvc_steps.PIPELINE in work.spec.pipelines:
        return  # they were taken over before, and may have been changed since
    for stage in dvc_steps.in_order(project.stages):
        where = f"{stage.file}: {stage.name}"
        try:
            name, body = dvc_steps.step(stage, outs, work.known)
            _edit(work, Add(("pipelines", dvc_steps.PIPELINE, "steps"), name, body))
        except dvc_steps.NoCounterpartError as error:
            work.unmapped.append(Unmapped(where, str(error)))
        except SpecError as error:
            work.unmapped.append(Unmapped(where, error.diagnostics[0].message))
        else:
            work.steps.append(f"{dvc_steps.PIPELINE}.{name}")


def _edit(work: _Work, edit: Add) -> None:
    """Change the text as far as it is then still right."""
    text = apply(Source(work.path, work.text), [edit])
    work.spec = declaring.checked(work.path, text)
    work.text = text


def _write(work: _Work) -> bool:
    """Put the spec into its file when something was declared."""
    if work.home.project is None:
        if work.spec is None:
            return False
        work.path.touch()
    elif declaring.read_source(work.path).text == work.text:
        return False
    replace_text(work.path, work.text)
    return True
