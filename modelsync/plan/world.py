"""What exists when a plan is made: recorded facts, the content of sources, the code of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime

from modelsync.core import clock
from modelsync.core.artifacts import Artifact
from modelsync.core.digest import Digest
from modelsync.language.model import Spec
from modelsync.plan.graph import champion_stage
from modelsync.registry.records import DatasetVersion, Deployment, ModelVersion
from modelsync.registry.state import State


@dataclass(frozen=True, slots=True)
class CodeDigest:
    """What a function's meaning depends on: one digest, and its parts by `file.py:name`, to say which one changed."""

    digest: Digest
    parts: Mapping[str, Digest] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What a source is like now, learnt without fetching it.

    `digest` is that of its bytes where they are on this machine; elsewhere `fingerprint` changes with the content, and
    is empty when only fetching can tell (`note` says why). `modified` is the time of the newest content, if known.
    """

    digest: Digest | None = None
    fingerprint: str = ""
    note: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Handed to the planner by `api`; the planner itself looks at nothing.

    `sources` maps datasets to what their source is like (a run puts in what fetching has told), `code` maps step ids
    and custom gates to their code, `stored` answers whether all bytes of an artifact are there, `alive` whether a
    recorded deployment answers. `pins` maps references such as `datasets.x@1.2.0` to the version they name.
    """

    state: State
    sources: MutableMapping[str, Look]
    code: Mapping[str, CodeDigest]
    stored: Callable[[Artifact], bool]
    alive: Callable[[Deployment], bool]
    pins: Mapping[str, DatasetVersion] = field(default_factory=dict)
    now: datetime = field(default_factory=clock.now)

    def champion(self, spec: Spec, model: str) -> ModelVersion | None:
        """The version behind the production alias, if there is one."""
        stage = champion_stage(spec)
        return None if stage is None else self.at_stage(model, stage)

    def at_stage(self, model: str, stage: str) -> ModelVersion | None:
        """The version of a model that a stage holds."""
        record = self.state.stages.get((model, stage))
        if record is None:
            return None
        return next((v for v in self.state.models.get(model, ()) if v.version == record.version), None)

    def latest(self, model: str) -> ModelVersion | None:
        """The version registered last."""
        versions = self.state.models.get(model, ())
        return versions[-1] if versions else None
