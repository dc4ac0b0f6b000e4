"""Data on its way in: fetched, read, held against its contract, stored, and recorded as a version."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from modelsync.core.artifacts import Artifact, OutputType
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.core.verdict import Check
from modelsync.core.version import Version
from modelsync.data.sources.base import Fetched, Progress, Source, silent
from modelsync.data.sources.local import PatternSource
from modelsync.engine.sources import fingerprint_of
from modelsync.engine.workspace import Workspace
from modelsync.language.model import Dataset
from modelsync.plan.choices import content_of
from modelsync.registry import facts
from modelsync.registry.effects import effect_key
from modelsync.registry.records import DatasetNote, DatasetVersion
from modelsync.registry.state import State
from modelsync.release import bumps
from modelsync.store.objects import Stored
from modelsync.store.packs import FILE
from modelsync.store.steady import changed, opened
from modelsync.store.writing import Session

START = Version(1, 0, 0)  # data that is used is released: the first version says so


class BrokenContractError(UsageError):
    """The rows do not keep what the contract promises; `checks` holds every broken promise."""

    def __init__(self, item: Dataset, checks: tuple[Check, ...]) -> None:
        super().__init__(
            f"the contract does not hold: {'; '.join(check.sentence() for check in checks)}",
            help=f"mend {item.source}, or say in the contract of `{item.name}` what is allowed",
        )
        self.checks = checks


@dataclass(frozen=True, slots=True)
class Arrived:
    """Data that is stored: the bytes as they came, and what steps and gates read (the typed table, or the bytes).

    `rows` and `columns` describe a table, `described` what is no table; `notes` are facts a person should know.
    """

    item: Dataset
    digest: Digest
    size: int
    content: Digest
    form: str
    filename: str
    fingerprint: str
    table: Artifact
    rows: int | None = None
    columns: list[Any] = field(default_factory=list)
    described: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Who and what brings data in: a run (None by hand), the person, the commit of the code."""

    run: str | None
    author: str
    git: dict[str, Any] | None


@contextmanager
def fetched(source: Source, scratch: Path, progress: Progress = silent) -> Iterator[Fetched]:
    """The files of a source; what had to be copied to `scratch` is gone when the block ends."""
    try:
        yield source.fetch(scratch / "fetched", progress)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def take_in(
    workspace: Workspace, item: Dataset, source: Source, came: Fetched, scratch: Path, progress: Progress = silent
) -> Arrived:
    """Store what was fetched, with its description; `progress` is told the bytes stored of one file.

    UsageError for bytes that are no such table, BrokenContractError for rows that break the contract: nothing is
    stored then.
    """
    from modelsync.data import formats

    kind = formats.recognise(came.names)
    if kind is formats.Format.TABLE:
        return _take_table(workspace, item, source, came, scratch, progress)
    if item.contract is not None:
        raise UsageError(
            f"dataset `{item.name}` has a contract, and its source is no table",
            help=f"a table is files of one kind: {', '.join(sorted(formats.TABLES))}",
        )
    described: dict[str, Any] = {"format": str(kind), "files": len(came.names)}
    if kind is formats.Format.IMAGES:
        from modelsync.data import images

        described |= images.describe(came.root, came.names).to_json()
    digest, size = _store(workspace, source, came, scratch, progress)
    form = OutputType.FILE if came.single else OutputType.FOLDER
    return _arrived(item, came, digest, size, Artifact(form, digest, size), described=described)


def record(
    workspace: Workspace, arrived: Arrived, origin: Origin, state: State, tags: tuple[str, ...] | None = None
) -> tuple[DatasetVersion, bool]:
    """The version that holds this content, and whether it was made now.

    Content that is that of the latest version makes none. TakenError when somebody else made that version meanwhile.
    """
    item = arrived.item
    last = state.dataset(item.name)
    if last is not None and last.content_key == arrived.content:
        return _seen_again(workspace, arrived, origin, last), False
    contract = None if item.contract is None else item.contract.to_json()
    changes, known = _changes(workspace, arrived, contract, last)
    decision = bumps.decide(item.rules, known, None if last is None else last.version, START)
    version = DatasetVersion(
        dataset=item.name,
        version=decision.version,
        digest=arrived.digest,
        size=arrived.size,
        rows=arrived.rows,
        columns=arrived.columns,
        contract=contract,
        content_key=arrived.content,
        table=arrived.table,
        tags=item.tags if tags is None else tags,
        rule=decision.rule,
        evidence=decision.evidence,
        git=origin.git,
        run=origin.run,
        source=item.source,
        form=arrived.form,
        filename=arrived.filename,
        fingerprint=arrived.fingerprint,
        author=origin.author,
        described={**arrived.described, **changes},
    )
    key = effect_key("dataset", item.name, arrived.content, str(decision.version))
    event = facts.dataset_versioned(workspace.journal, version, key=key)
    return DatasetVersion.of(event), True


def _seen_again(workspace: Workspace, arrived: Arrived, origin: Origin, last: DatasetVersion) -> DatasetVersion:
    """The source was fetched and holds what is known: remember what it is like now, so that it is not fetched again."""
    if arrived.fingerprint and arrived.fingerprint != last.fingerprint:
        note = DatasetNote(last.dataset, last.version, None, arrived.fingerprint, origin.author, origin.run)
        facts.dataset_noted(workspace.journal, note)
    return last


def _take_table(
    workspace: Workspace, item: Dataset, source: Source, came: Fetched, scratch: Path, progress: Progress
) -> Arrived:
    from modelsync.data import contracts, formats, schema, tables

    frame = formats.read(came, item.contract)
    if item.contract is not None and (broken := contracts.violations(frame, item.contract)):
        raise BrokenContractError(item, broken)
    digest, size = _store(workspace, source, came, scratch, progress)
    described = schema.describe(frame, item.contract)
    path = scratch / "table.parquet"
    tables.write(frame, path)
    stored = workspace.store.put_file(path)
    facts_ = {"rows": described.rows, "columns": list(frame.columns)}
    table = Artifact(OutputType.TABLE, stored.digest, stored.size, facts_)
    columns = described.to_json()["columns"]
    what = {"format": "table", "files": len(came.names)}
    return _arrived(item, came, digest, size, table, rows=described.rows, columns=columns, described=what)


def _arrived(item: Dataset, came: Fetched, digest: Digest, size: int, table: Artifact, **more: Any) -> Arrived:
    return Arrived(
        item=item,
        digest=digest,
        size=size,
        content=content_of(item, digest),
        form="file" if came.single else "folder",
        filename=came.place.name if came.single else item.name,
        fingerprint=fingerprint_of(item, came.fingerprint),
        table=table,
        notes=came.notes,
        **more,
    )


def _store(
    workspace: Workspace, source: Source, came: Fetched, scratch: Path, progress: Progress
) -> tuple[Digest, int]:
    store = workspace.store
    if came.single:
        stored = store.put(lambda session: _watched(session, came.place, progress))
        return stored.digest, stored.size
    if not isinstance(source, PatternSource):
        stored = store.put_folder(came.root, workspace.hashes)
        return stored.digest, stored.size
    stored = store.put_folder(_gathered(came, scratch / "matched"))
    return stored.digest, stored.size


def _watched(session: Session, path: Path, progress: Progress) -> Stored:
    """Take a file while somebody watches how far it is; errors as `Store.put_file`."""
    with opened(path) as (handle, seen):
        told = _Told(handle, seen.size, progress)
        digest, size = session.add_stream(cast(BinaryIO, told), seen.size, FILE)
    if size != seen.size:
        raise changed(path)
    return Stored(digest, size)


@dataclass
class _Told:
    """A file that tells how far it was read."""

    handle: BinaryIO
    total: int
    progress: Progress
    done: int = 0

    def read(self, size: int = -1) -> bytes:
        """As the file reads."""
        data = self.handle.read(size)
        self.done += len(data)
        self.progress(self.done, self.total)
        return data


def _gathered(came: Fetched, folder: Path) -> Path:
    """The files that a pattern matched, and no others, below one folder; linked, because they are only read."""
    for name, path in zip(came.names, came.paths, strict=True):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(path)
        except OSError:  # another disk, or a file of somebody else
            shutil.copy2(path, target)
    return folder


def _changes(
    workspace: Workspace, arrived: Arrived, contract: dict[str, Any] | None, last: DatasetVersion | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changed since the last version: sentences about the promise, and the facts for the version rules."""
    from modelsync.data import versions

    if last is None:
        return {}, {}
    change = _promise_change(last, contract, arrived)
    said = {"breaking": list(change.breaking), "extended": list(change.extended)}
    found: dict[str, Any] = {
        "rows.added": False,
        "rows.removed": False,
        "content.changed": last.digest != arrived.digest,
    }
    if last.table.type is OutputType.TABLE and arrived.table.type is OutputType.TABLE:
        before = _snapshot(workspace, last.content_key, last.contract, last.table)
        found = versions.facts(before, _snapshot(workspace, arrived.content, contract, arrived.table))
    found |= {"contract.breaking": bool(change.breaking), "contract.extended": bool(change.extended)}
    return {"promise": said} if any(said.values()) else {}, found


def _snapshot(workspace: Workspace, content: str, contract: dict[str, Any] | None, table: Artifact) -> Any:
    from modelsync.data import tables, versions

    return versions.Snapshot(content, contract, tables.load(workspace.store.open_path(table.digest)))


def _promise_change(last: DatasetVersion, contract: dict[str, Any] | None, arrived: Arrived) -> Any:
    """The change of the contracts; where neither version has one, of what their columns show."""
    from modelsync.data import contracts

    if last.contract is not None or contract is not None:
        return contracts.compare(last.contract, contract)
    were_missing = {column["name"] for column in last.columns if column["nulls"]}
    return contracts.compare(_shown(last.columns, were_missing), _shown(arrived.columns, were_missing))


def _shown(columns: list[Any], were_missing: set[str]) -> dict[str, Any]:
    """What columns show as if it were promised; that no value is missing any more takes nothing from anybody."""
    shown = {
        column["name"]: {"type": column["type"], "nullable": bool(column["nulls"]) or column["name"] in were_missing}
        for column in columns
    }
    return {"key": [], "columns": shown}
