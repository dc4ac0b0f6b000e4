"""Work carried out: bytes, then its journal, then files, references and small files; finished after a kill."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from modelsync.api.versions import git_files, work
from modelsync.api.versions.repository import Repository
from modelsync.api.versions.tracked import Tracked
from modelsync.api.versions.work import FileChange, Work
from modelsync.core.errors import LockedError, ModelSyncError, SurroundingsError, UsageError
from modelsync.registry.commits import committed
from modelsync.registry.references import HEAD, References, brief, move
from modelsync.store.durable import make_folder, said, sync_folder
from modelsync.store.failpoints import reached
from modelsync.store.folders import Entry, Manifest
from modelsync.store.restoring import folder_out
from modelsync.store.steady import Identity, hashed

FAILPOINTS = (
    "before_work",
    "after_work_staged",
    "after_work_written",
    "after_work_file",
    "after_work_files",
    "after_work_moved",
    "after_work_small_file",
    "before_work_removed",
)
_MANY = 256  # touched folders; with more, one sync of the disk is faster than one for each


@contextmanager
def changing(repository: Repository) -> Iterator[Repository]:
    """The project as it is now, for this process alone, with what an interrupted command left finished or undone.

    UsageError where nothing was ever tracked; nothing is created then.
    """
    if not repository.workspace.home.is_dir():
        raise UsageError(
            f"nothing is tracked in `{repository.root}`", help="`modelsync add PATH` tracks files and folders"
        )
    with beginning(repository) as now:
        yield now


@contextmanager
def beginning(repository: Repository) -> Iterator[Repository]:
    """The same for commands that may be the first one."""
    with repository.held() as now:
        yield Repository(now.workspace) if recover(now) else now


def settle(repository: Repository) -> Repository:
    """The project after what an interrupted command left, for commands that only look.

    What a living process is doing right now is left to it.
    """
    if not pending(repository):
        return repository
    with suppress(LockedError), changing(repository) as now:
        return now
    return repository


def carry_out(repository: Repository, wanted: Work) -> None:
    """Make a change true. When this fails, the working files are as before; after a kill the next command goes on.

    DamageError when stored bytes are missing, SurroundingsError when the disk refuses, StaleError when a reference
    was moved meanwhile.
    """
    reached("before_work")
    place = _Place.of(repository)
    _remove(place.staging)
    entries = tuple(wanted.written)
    if entries:
        folder_out(repository.workspace.store.reader, Manifest(entries), place.staging)
    reached("after_work_staged")
    git_files.write(place.journal, wanted.encode(), repository.root)
    reached("after_work_written")
    _finish(repository, wanted, place)


def recover(repository: Repository) -> bool:
    """Finish what an interrupted command began, or undo it; whether there was something."""
    place = _Place.of(repository)
    begun = work.read(place.journal)
    if begun is None:
        _remove(place.staging)
        return False
    _finish(repository, begun, place)
    return True


def pending(repository: Repository) -> str:
    """What an interrupted command was doing, or one that is under way does; empty when there is none."""
    begun = work.read(_Place.of(repository).journal)
    return "" if begun is None else begun.doing


@dataclass(frozen=True, slots=True)
class _Place:
    root: Path
    journal: Path
    staging: Path

    @classmethod
    def of(cls, repository: Repository) -> _Place:
        home = repository.workspace.home
        return cls(repository.root, home / work.NAME, home / work.STAGING)

    def has(self, path: Path, change: FileChange, *contents: Entry | None) -> bool:
        """Whether what was seen when the work was planned still stands there, or a file with one of these contents."""
        try:
            seen = os.lstat(path)
            if stat.S_ISREG(seen.st_mode) and Identity.from_stat(seen) == change.seen:
                return True
            return stat.S_ISREG(seen.st_mode) and hashed(path)[0] in {each.digest for each in contents if each}
        except (OSError, UsageError, SurroundingsError):
            return False


def _finish(repository: Repository, wanted: Work, place: _Place) -> None:
    try:
        _write_files(wanted, place)
        reached("after_work_files")
        _move(repository, wanted)
    except (ModelSyncError, OSError) as error:
        _give_up(repository, wanted, place, error)
    except KeyboardInterrupt:
        _undo(repository, wanted, place)
        raise
    reached("after_work_moved")
    _write_small(repository, wanted)
    reached("before_work_removed")
    _end(place)


def _give_up(repository: Repository, wanted: Work, place: _Place, error: ModelSyncError | OSError) -> None:
    """Undo, then raise what went wrong."""
    if isinstance(error, OSError):
        error = SurroundingsError(f"{wanted.doing} could not go on: {error}", help="mend that, and run it again")
    try:
        _undo(repository, wanted, place)
    except (ModelSyncError, OSError) as second:
        raise SurroundingsError(
            f"{error.message}; and it could not be undone yet: {second}",
            help="mend that; the next command tries again. Nothing that is stored was lost",
        ) from error
    raise error


def _write_files(wanted: Work, place: _Place) -> None:
    """Every step looks at what is there, so that all of this can be done again from the beginning."""
    touched: set[Path] = set()
    coming = {above for change in wanted.files if change.after is not None for above in _above(change)}
    for change in wanted.files:
        target = place.root / change.path
        if change.path in coming and target.is_dir() and not target.is_symlink():
            continue  # this was done before: the folder that comes for this file is there
        if change.rescue:
            _rescue(target, place.root / wanted.lost / change.path, place.staging / change.path, change)
        elif change.after is None and os.path.lexists(target):
            if change.before is not None and not place.has(target, change, change.before):
                raise _appeared(change.path)
            target.unlink()
        else:
            continue
        touched.add(target.parent)
        reached("after_work_file")
    for folder in sorted({place.root / above for each in wanted.files for above in _above(each)}, reverse=True):
        _remove_empty(folder)
    for change in wanted.files:
        staged = place.staging / change.path
        if change.after is None or not staged.exists():
            continue
        target = place.root / change.path
        if os.path.lexists(target) and not place.has(target, change, change.before, change.after):
            raise _appeared(change.path)
        with said("write", target):
            make_folder(target.parent)
            _rename(staged, target)
        touched.add(target.parent)
        reached("after_work_file")
    _sync(touched)


def _rescue(target: Path, lost: Path, staged: Path, change: FileChange) -> None:
    """Move what stood in the way; done already when it is among the rescued, or its successor is in place."""
    is_done = os.path.lexists(lost) or not os.path.lexists(target)
    if is_done or (change.after is not None and not staged.exists()):
        return
    with said("write", lost):
        make_folder(lost.parent)
        _rename(target, lost)


def _undo(repository: Repository, wanted: Work, place: _Place) -> None:
    """Put back what this work replaced or removed; what was rescued stays where it is."""
    back = place.staging.with_name(f"{place.staging.name}.back")
    _remove(back)
    entries, ours = list[Entry](), set[str]()
    for change in wanted.files:
        target = place.root / change.path
        is_placed = change.after is not None and not (place.staging / change.path).exists()
        # What somebody wrote since is theirs: only what this work put there is taken back.
        if not (is_placed and place.has(target, change, change.after)):
            continue
        ours.add(change.path)
        if change.before is None:
            target.unlink()
            for above in _above(change):
                _remove_empty(place.root / above)
    for change in wanted.files:  # only now is a folder gone that came for a file
        target = place.root / change.path
        if change.before is not None and (change.path in ours or not os.path.lexists(target)):
            entries.append(change.before)
        lost = place.root / wanted.lost / change.path
        if change.rescue and os.path.lexists(lost) and not os.path.lexists(target):
            _rename(lost, target)
    entries = [entry for entry in entries if not _is_barred(place.root, entry.path)]
    if entries:
        manifest = Manifest(tuple(sorted(entries)))
        folder_out(repository.workspace.store.reader, manifest, back)
        for entry in manifest.entries:
            make_folder((place.root / entry.path).parent)
            _rename(back / entry.path, place.root / entry.path)
        _sync({(place.root / entry.path).parent for entry in manifest.entries})
    _remove(back)
    _end(place)


def _is_barred(root: Path, path: str) -> bool:
    """Whether somebody put a file where a folder on the way to this path stood."""
    parts = path.split("/")[:-1]
    above = [root.joinpath(*parts[:end]) for end in range(1, len(parts) + 1)]
    return any(os.path.lexists(folder) and not folder.is_dir() for folder in above)


def _end(place: _Place) -> None:
    """The work is over, also after a power cut: doing it again later would undo what a person did since."""
    _remove(place.journal)
    with said("write", place.journal):
        sync_folder(place.journal.parent)
    _remove(place.staging)


def _move(repository: Repository, wanted: Work) -> None:
    """The moves that are not made yet, and the commit into the journal, together."""
    journal = repository.workspace.journal
    with journal.transaction():
        values = References.load(journal).values
        left = [each for each in wanted.moves if values.get(each.name) != each.new]
        if wanted.commit is not None:
            on = next((brief(each.name) for each in wanted.moves if each.name != HEAD), HEAD)
            committed(journal, repository.history.commit(wanted.commit), on)
        move(journal, left)


def _write_small(repository: Repository, wanted: Work) -> None:
    home = repository.workspace.home
    for file, text in (
        (repository.tracked_file, wanted.tracked),
        (home / "merge", wanted.merge),
        (repository.pointer_file, wanted.pointer),
    ):
        if text is None or (text and file.is_file() and file.read_bytes() == text.encode()):
            continue
        if text:
            git_files.write(file, text, repository.root)
        else:
            file.unlink(missing_ok=True)
        reached("after_work_small_file")
    if wanted.pointer:
        git_files.ignore(repository.root, Tracked.read(repository.tracked_file).paths)


def _appeared(path: str) -> UsageError:
    return UsageError(
        f"`{path}` changed while this was at work", help="look at it, and run it again; it was left as it is"
    )


def _above(change: FileChange) -> Iterator[str]:
    """The folders that a removed file may leave empty, and a folder where a file comes, the deepest first."""
    path = change.path
    while path := path.rpartition("/")[0]:
        yield path


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # it is not empty, not there, or not ours to remove
        return


def _rename(source: Path, target: Path) -> None:
    """In one step; over a border of file systems by a copy beside the target."""
    try:
        os.replace(source, target)  # noqa: PTH105 - as in `durable`
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        passing = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            shutil.copy2(source, passing, follow_symlinks=False)
            if not passing.is_symlink():
                with passing.open("rb") as handle:
                    os.fsync(handle.fileno())  # the source goes as soon as the name is there
            os.replace(passing, target)  # noqa: PTH105 - as above
        finally:
            passing.unlink(missing_ok=True)
        source.unlink()


def _sync(folders: set[Path]) -> None:
    if len(folders) > _MANY:
        os.sync()
        return
    for folder in folders:
        if folder.is_dir():
            sync_folder(folder)


def _remove(path: Path) -> None:
    remove: Callable[[Path], None] = shutil.rmtree if path.is_dir() and not path.is_symlink() else Path.unlink
    if os.path.lexists(path):
        with said("remove", path):
            remove(path)
