"""What MLflow shows of a version: a run with its numbers and verdicts, a model, a registered version, aliases."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from modelsync.core.artifacts import OutputType
from modelsync.core.digest import Digest, canonical
from modelsync.core.errors import DamageError
from modelsync.registry.effects import effect_key
from modelsync.registry.mirror_model import NotLoadableError, lay_out
from modelsync.registry.records import GatePage, GateRecord, ModelVersion
from modelsync.registry.state import State

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric, Run
    from mlflow.entities.model_registry import ModelVersion as Page

_EFFECT = "modelsync.effect"
_SOURCE = "modelsync.source"  # where the run's model lies, once all of the run is there
_LOGGED = "models:/"  # how the address of a logged model begins; its id follows
_PRODUCTION, _CHAMPION, _PREVIOUS = "production", "champion", "previous"
_LONGEST = 5_000  # characters of a tag or param; MLflow refuses longer ones (8,000 and 6,000)
_BATCH = 100  # the most params or tags that MLflow takes at once
_RESERVED_ALIAS = re.compile(r"latest|v\d+", re.IGNORECASE)


class Bytes(Protocol):
    """What is needed of the store."""

    def has(self, digest: str) -> bool:
        """Whether the object is there."""

    def restore_file(self, digest: Digest, target: Path) -> None:
        """A verified copy of a file."""

    def restore_folder(self, digest: Digest, target: Path) -> None:
        """A verified copy of a folder."""


class Pages:
    """Writes to one experiment of one MLflow. Everything is looked for by its effect before it is made."""

    def __init__(
        self, client: MlflowClient, store: Bytes, experiment: str, location: Path | None, trusted: tuple[str, ...]
    ) -> None:
        self._client = client
        self._store = store
        self._name = experiment
        self._location = location
        self._trusted = trusted
        self._experiment: str | None = None

    def register(self, model: ModelVersion, state: State) -> dict[str, str]:
        """Make run, model and registered version unless they are there; the page of the version by its name."""
        page = self._version(model, state)
        return {f"{model.model} {model.version}": f"#/models/{page.name}/versions/{page.version}"}

    def promote(self, stage: str, model: ModelVersion, before: ModelVersion | None, state: State) -> None:
        """Let the stage's alias name the version; for production also `champion`, and `previous` for what was there."""
        if stage == _PRODUCTION and before is not None:
            self._alias(_PREVIOUS, self._version(before, state))
        page = self._version(model, state)
        for alias in (stage, _CHAMPION) if stage == _PRODUCTION else (stage,):
            self._alias(alias, page)

    def drawn(self, page: GatePage, state: State) -> None:
        """Lay a page that was drawn later beside ours, in every run that shows its verdict."""
        record = state.gates.get(page.key)
        if record is None:
            return
        for model in (model for versions in state.models.values() for model in versions):
            if _gates(model, state).get(page.gate) is not record:
                continue
            if (run := self._made(model)) is not None:
                with tempfile.TemporaryDirectory(prefix="modelsync-") as scratch:
                    self._restore_page(page.page, Path(scratch) / f"{page.gate}.{page.drawn_by}.html")
                    self._client.log_artifacts(run, scratch, "gates")

    def _alias(self, name: str, page: Page) -> None:
        plain = re.sub(r"[^A-Za-z0-9_-]", "-", name)
        if _RESERVED_ALIAS.fullmatch(plain):
            plain = f"stage-{plain}"
        self._client.set_registered_model_alias(page.name, plain, page.version)

    def _version(self, model: ModelVersion, state: State) -> Page:
        """The registered version; made again when somebody removed it in MLflow."""
        effect = self._effect(model)
        self._registered(model.model)
        found = self._client.search_model_versions(f"name = '{model.model}' and tag.`{_EFFECT}` = '{effect}'")
        if found:
            return found[0]
        run = self._run(model, state, effect)
        source = run.data.tags[_SOURCE]
        with _tracking(self._client.tracking_uri):
            return self._client.create_model_version(
                model.model,
                source=source,
                run_id=run.info.run_id,
                model_id=source.removeprefix(_LOGGED) if source.startswith(_LOGGED) else None,
                tags={**_tags(model, state), _EFFECT: effect},
                description=describe(model, state),
            )

    def _effect(self, model: ModelVersion) -> str:
        return effect_key("mirror", self._name, model.model, str(model.version), model.artifact.digest)

    def _made(self, model: ModelVersion) -> str | None:
        """The id of the run that shows a version, None when there is none yet."""
        asked = f"tags.`{_EFFECT}` = '{self._effect(model)}'"
        found = [run for run in self._client.search_runs([self._experiment_id()], asked) if _SOURCE in run.data.tags]
        return str(found[0].info.run_id) if found else None

    def _registered(self, name: str) -> None:
        if not self._client.search_registered_models(f"name = '{name}'"):
            self._client.create_registered_model(name, tags={"modelsync.project": self._name})

    def _run(self, model: ModelVersion, state: State, effect: str) -> Run:
        experiment = self._experiment_id()
        for run in self._client.search_runs([experiment], f"tags.`{_EFFECT}` = '{effect}'"):
            if run.info.status == "FINISHED" and _SOURCE in run.data.tags:
                return run
            self._remove(experiment, run.info.run_id)  # its maker died half-way
        at, begun = _milliseconds(model.at), state.run(model.run or "")
        tags = {**_tags(model, state), **_outcomes(model), **_origin(model, state), _EFFECT: effect}
        start = at if begun is None else _milliseconds(begun.started)
        run = self._client.create_run(experiment, start, tags, run_name=f"{model.model} {model.version}")
        id = run.info.run_id
        gates = _gates(model, state)
        self._log_params(id, model)
        metrics = _metrics(at, model, gates)
        self._log_metrics(id, metrics)
        with tempfile.TemporaryDirectory(prefix="modelsync-") as scratch:
            self._log_gates(id, gates, Path(scratch) / "gates")
            source = self._log_model(experiment, id, model, metrics, Path(scratch) / "model")
        self._client.set_tag(id, _SOURCE, source)
        self._client.set_terminated(id, "FINISHED", at)
        return self._client.get_run(id)

    def _remove(self, experiment: str, run: str) -> None:
        for model in self._client.search_logged_models([experiment], f"source_run_id = '{run}'"):
            self._client.delete_logged_model(model.model_id)
        self._client.delete_run(run)

    def _experiment_id(self) -> str:
        if self._experiment is None:
            found = self._client.get_experiment_by_name(self._name)
            if found is None:
                place = None if self._location is None else (self._location / self._name).as_uri()
                self._experiment = self._client.create_experiment(self._name, artifact_location=place)
            else:
                if found.lifecycle_stage == "deleted":
                    self._client.restore_experiment(found.experiment_id)
                self._experiment = found.experiment_id
        return str(self._experiment)

    def _log_params(self, run: str, model: ModelVersion) -> None:
        from mlflow.entities import Param

        params = [Param(_name(name), str(value)[:_LONGEST]) for name, value in _flat(model.params)]
        for start in range(0, len(params), _BATCH):
            self._client.log_batch(run, params=params[start : start + _BATCH])

    def _log_metrics(self, run: str, metrics: list[Metric]) -> None:
        for start in range(0, len(metrics), _BATCH):
            self._client.log_batch(run, metrics=metrics[start : start + _BATCH])

    def _log_gates(self, run: str, gates: Mapping[str, GateRecord], scratch: Path) -> None:
        if not gates:
            return
        scratch.mkdir()
        for gate, record in gates.items():
            text = json.dumps(record.verdict.to_json(), indent=2, ensure_ascii=False)
            (scratch / f"{gate}.json").write_text(text, encoding="utf-8")
            self._restore_page(record.report, scratch / f"{gate}.html")
            for name, digest in record.pages.items():
                self._restore_page(digest, scratch / f"{gate}.{name}.html")
        self._client.log_artifacts(run, str(scratch), "gates")

    def _restore_page(self, digest: str | None, target: Path) -> None:
        if digest is not None and self._store.has(digest):
            with suppress(DamageError):  # the verdict says the same in numbers; checking the store names the damage
                self._store.restore_file(Digest(digest), target)

    def _log_model(self, experiment: str, run: str, model: ModelVersion, metrics: list[Metric], scratch: Path) -> str:
        """Log the model so that MLflow can load it, else as plain files, and say why; where it lies."""
        from mlflow.entities import LoggedModelOutput, Metric
        from mlflow.entities.logged_model_status import LoggedModelStatus

        kept = scratch / "kept"
        try:
            self._restore(model, kept)
        except DamageError as error:
            return self._unloadable(run, model, error.message)
        logged = self._client.create_logged_model(
            experiment,
            name=model.model,
            source_run_id=run,
            tags={"modelsync.version": str(model.version), "modelsync.digest": model.artifact.digest},
            params={_name(name): str(value)[:_LONGEST] for name, value in _flat(model.params)},
        )
        try:
            lay_out(kept, scratch / "laid", logged, self._trusted)
        except NotLoadableError as error:
            self._client.delete_logged_model(logged.model_id)
            self._client.log_artifacts(run, str(kept), "model")
            return self._unloadable(run, model, str(error))
        self._client.log_model_artifacts(logged.model_id, str(scratch / "laid"))
        self._client.finalize_logged_model(logged.model_id, LoggedModelStatus.READY)
        self._client.log_outputs(run, [LoggedModelOutput(logged.model_id, step=0)])
        # The same numbers once more, so that they stand on the model's own page.
        self._log_metrics(
            run, [Metric(one.key, one.value, one.timestamp, one.step, logged.model_id) for one in metrics]
        )
        return f"{_LOGGED}{logged.model_id}"

    def _unloadable(self, run: str, model: ModelVersion, reason: str) -> str:
        self._client.set_tag(run, "modelsync.not_loadable", reason[:_LONGEST])
        return f"{self._client.get_run(run).info.artifact_uri}/model"

    def _restore(self, model: ModelVersion, target: Path) -> None:
        if model.artifact.type in (OutputType.MODEL, OutputType.FOLDER):
            self._store.restore_folder(model.artifact.digest, target)
        else:
            self._store.restore_file(model.artifact.digest, target / model.model)


def describe(model: ModelVersion, state: State) -> str:
    """The version in a sentence or two, as in a changelog."""
    parts = [f"{model.model} {model.version}: {model.rule}."]
    data = ", ".join(f"{name} {version}" for name, version in _dataset_versions(model, state))
    numbers = ", ".join(f"{name} {value:.4g}" for name, value in sorted(model.metrics.items()) if _is_number(value))
    gates = ", ".join(f"{gate} {outcome}" for gate, outcome in sorted(model.gates.items()))
    parts += [f"{word}: {said}." for word, said in (("Data", data), ("Metrics", numbers), ("Gates", gates)) if said]
    return " ".join(parts)


@contextmanager
def _tracking(uri: str) -> Iterator[None]:
    """MLflow looks for the source of a new version where the whole process tracks, whatever its client was told."""
    import mlflow

    is_set = mlflow.is_tracking_uri_set()  # type: ignore[no-untyped-call]  # MLflow left it without types
    before = mlflow.get_tracking_uri() if is_set else None
    mlflow.set_tracking_uri(uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)  # type: ignore[arg-type]  # None takes the setting back


def _tags(model: ModelVersion, state: State) -> dict[str, str]:
    commit = (model.git or {}).get("commit")
    tags = {
        "modelsync.version": str(model.version),
        "modelsync.rule": model.rule,
        "modelsync.bump": model.bump,
        "modelsync.evidence": canonical(model.evidence),
        "modelsync.run": model.run or "",
        **({"git.commit": str(commit)} if commit else {}),
        **{f"modelsync.dataset.{name}": version for name, version in _dataset_versions(model, state)},
    }
    return {_name(name): value[:_LONGEST] for name, value in tags.items()}


def _outcomes(model: ModelVersion) -> dict[str, str]:
    """Tags of the run only: on the page of a version they would stand before its own."""
    return {_name(f"gate.{gate}"): outcome for gate, outcome in model.gates.items()}


def _origin(model: ModelVersion, state: State) -> dict[str, str]:
    """The tags behind MLflow's own columns: who, from which file, at which commit."""
    tags = {"mlflow.source.type": "PROJECT"}
    run = state.run(model.run or "")
    if run is not None:
        tags |= {"mlflow.user": run.actor, "mlflow.source.name": run.spec, "modelsync.run_number": str(run.number)}
    if commit := (model.git or {}).get("commit"):
        tags["mlflow.source.git.commit"] = str(commit)
    return tags


def _dataset_versions(model: ModelVersion, state: State) -> list[tuple[str, str]]:
    """Name and version of each dataset the model was made of; its content when no version is recorded."""
    found = []
    for name, content in sorted(model.datasets.items()):
        known = (one for one in reversed(state.datasets.get(name, [])) if one.content_key == content)
        version = next(known, None)
        found.append((name, content if version is None else str(version.version)))
    return found


def _gates(model: ModelVersion, state: State) -> dict[str, GateRecord]:
    """The record behind each verdict that the version was registered with: the last one of that outcome."""
    found = {}
    for record in state.gate_history:
        if model.gates.get(record.gate) == record.verdict.outcome:
            found[record.gate] = record
    return found


def _metrics(at: int, model: ModelVersion, gates: Mapping[str, GateRecord]) -> list[Metric]:
    """The metrics of the version, and the number of every check of its gates."""
    from mlflow.entities import Metric

    numbers = {_name(name): value for name, value in model.metrics.items()}
    for gate, record in gates.items():
        for check in record.verdict.checks:
            if check.value is not None:
                numbers.setdefault(_name(f"gate.{gate}.{check.id}"), check.value)
    return [Metric(name, float(value), at, 0) for name, value in numbers.items() if _is_number(value)]


def _flat(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _name(text: str) -> str:
    """The name in the characters that MLflow allows."""
    return re.sub(r"[^\w.\-/ ]", "_", text, flags=re.ASCII)[:250]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _milliseconds(at: str) -> int:
    return round(datetime.fromisoformat(at).timestamp() * 1000)
