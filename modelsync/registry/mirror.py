"""MLflow as a mirror of the journal: facts that it does not show yet are applied, in order, each once."""

from __future__ import annotations

import logging
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from modelsync.core import quiet
from modelsync.core.errors import LockedError, ModelSyncError
from modelsync.registry import facts
from modelsync.registry.journal import Event, Journal
from modelsync.registry.lease import lease
from modelsync.registry.mirror_pages import Bytes, Pages
from modelsync.registry.records import GatePage, ModelVersion, StageRecord
from modelsync.registry.state import State

if TYPE_CHECKING:
    from mlflow import MlflowClient

SHOWN = (facts.MODEL_REGISTERED, facts.STAGE_PROMOTED, facts.GATE_DRAWN)
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class MirrorSettings:
    """Where MLflow keeps its records, where artifacts go (when MLflow is a database, not a server), the experiment.

    `trusted` are types beyond skops's own that a stored model may hold and still be shown as one that MLflow can load;
    `timeout` in seconds bounds each request to a server.
    """

    tracking_uri: str
    artifact_root: Path
    experiment: str
    timeout: float = 5.0
    trusted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """What a sync did: facts applied, facts still waiting, one sentence when something was in the way.

    `pages` are places inside MLflow's web pages (`#/models/credit/versions/3`) by model and version; `links` the
    address of the newest, when MLflow is a server.
    """

    applied: int
    behind: int
    problem: str | None = None
    links: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)


def sync(journal: Journal, store: Bytes, settings: MirrorSettings) -> MirrorReport:
    """Show every fact that MLflow does not have yet.

    Nothing is raised for an MLflow that does not answer or refuses: the report says so, and the next call catches up.
    """
    waiting = _waiting(journal)
    if not waiting:
        return MirrorReport(0, 0)
    problem = _unreachable(settings)
    if problem is not None:
        return MirrorReport(0, len(waiting), problem)
    try:
        import_mlflow()  # before it is silenced: it sets the levels of its loggers when it is imported
        with lease(journal, "mirror"), _limits(settings), _silence():
            waiting = _waiting(journal)  # somebody else may have caught up while the lease was not ours
            return _apply(journal, waiting, _pages(store, settings), settings)
    except LockedError as error:
        return MirrorReport(0, len(waiting), f"another process is writing to MLflow ({error.message})")
    except Exception as error:  # the mirror must never stop a run, whatever MLflow and its libraries raise
        return MirrorReport(0, len(waiting), _sentence(error))


def import_mlflow() -> type[MlflowClient]:
    """Import MLflow with its telemetry off; it takes seconds, so it can be done ahead of the first sync."""
    os.environ.update(quiet.SETTINGS)
    from mlflow import MlflowClient

    return MlflowClient


def _waiting(journal: Journal) -> list[Event]:
    cursor = State().extend(journal.events(kinds=(facts.MIRROR_SYNCED,))).mirror_cursor
    waiting = list(journal.events(after=cursor, kinds=SHOWN))
    if any(event.kind != facts.GATE_DRAWN for event in waiting):
        return waiting
    # Pages alone are no reason to start MLflow: they are shown with the versions that they belong to.
    registered = next(iter(journal.events(kinds=(facts.MODEL_REGISTERED,))), None)
    return [] if registered is None else waiting


def _apply(journal: Journal, waiting: Sequence[Event], pages: Pages, settings: MirrorSettings) -> MirrorReport:
    done, problem, made = 0, None, dict[str, str]()
    state, past = State(), journal.events()
    try:
        for event in waiting:
            _fold_up_to(state, past, event.seq)
            made.update(_show(event, state, pages))
            done += 1
    except Exception as error:  # as in `sync`; what was done before stays done
        problem = _sentence(error)
    if done:
        facts.mirror_synced(journal, waiting[done - 1].seq, made)
    links = {}
    if made and _is_http(settings.tracking_uri):
        links["mlflow"] = f"{settings.tracking_uri.rstrip('/')}/{list(made.values())[-1]}"
    return MirrorReport(done, len(waiting) - done, problem, links, made)


def _fold_up_to(state: State, past: Iterator[Event], seq: int) -> None:
    """What is shown of a fact is what was known then, not what came later."""
    for event in past:
        state.extend((event,))
        if event.seq == seq:
            return


def _show(event: Event, state: State, pages: Pages) -> dict[str, str]:
    """Apply one fact; one that cannot be read is passed over, because `State.problems` names it already."""
    try:
        if event.kind == facts.MODEL_REGISTERED:
            return pages.register(ModelVersion.of(event), state)
        if event.kind == facts.GATE_DRAWN:
            pages.drawn(GatePage.of(event), state)
            return {}
        stage = StageRecord.of(event)
    except ValueError:
        return {}
    model = state.model(stage.model, stage.version)
    if model is not None:
        before = None if stage.previous is None else state.model(stage.model, stage.previous)
        pages.promote(stage.stage, model, before, state)
    return {}


def _pages(store: Bytes, settings: MirrorSettings) -> Pages:
    client_class = import_mlflow()
    if settings.tracking_uri.startswith(_SQLITE):
        Path(settings.tracking_uri.removeprefix(_SQLITE)).parent.mkdir(parents=True, exist_ok=True)
    client = client_class(tracking_uri=settings.tracking_uri, registry_uri=settings.tracking_uri)
    location = None if _is_http(settings.tracking_uri) else settings.artifact_root.absolute()
    return Pages(client, store, settings.experiment, location, settings.trusted)


def _is_http(uri: str) -> bool:
    return urlsplit(uri).scheme in ("http", "https")


def _unreachable(settings: MirrorSettings) -> str | None:
    """Why a server does not answer, asked before MLflow is, because MLflow tries for minutes."""
    if not _is_http(settings.tracking_uri):
        return None
    address = settings.tracking_uri.rstrip("/") + "/health"
    try:
        with urllib.request.urlopen(address, timeout=settings.timeout):  # noqa: S310 - http and https only, see above
            return None
    except urllib.error.HTTPError:  # whoever refuses is there
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return f"{settings.tracking_uri} does not answer: {reason}"


def _sentence(error: Exception) -> str:
    """The first line of what was raised, with the way out when it is ours."""
    if isinstance(error, ModelSyncError):
        return f"{error.message}; {error.help}" if error.help else error.message
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no reason given'}"


@contextmanager
def _limits(settings: MirrorSettings) -> Iterator[None]:
    """Short waits and no printing by MLflow while inside; the user's own settings come first and come back."""
    wanted = {
        "MLFLOW_HTTP_REQUEST_TIMEOUT": str(max(1, round(settings.timeout))),
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    }
    fresh = [name for name in wanted if name not in os.environ]
    os.environ.update({name: wanted[name] for name in fresh})
    try:
        yield
    finally:
        for name in fresh:
            os.environ.pop(name, None)


@contextmanager
def _silence() -> Iterator[None]:
    """MLflow and its schema tool tell of every table they make; what matters comes back as the report."""
    loggers = [logging.getLogger(name) for name in ("mlflow", "alembic")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
