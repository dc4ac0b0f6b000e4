"""What the journal's facts look like when they are read: one frozen record for each kind of thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Self

from modelsync.core.artifacts import Artifact
from modelsync.core.verdict import Verdict
from modelsync.core.version import Version
from modelsync.registry.journal import Event


@dataclass(frozen=True, slots=True)
class _Form:
    """How a value that JSON does not know is written and read."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


_FORM, _SOURCE = "form", "source"
_VERSION = {_FORM: _Form(str, Version.parse)}
_VERSION_OR_NONE = {
    _FORM: _Form(
        lambda version: None if version is None else str(version),
        lambda text: None if text is None else Version.parse(text),
    )
}
_ARTIFACT = {_FORM: _Form(Artifact.to_json, Artifact.from_json)}
_ARTIFACTS = {
    _FORM: _Form(
        lambda outputs: {name: artifact.to_json() for name, artifact in outputs.items()},
        lambda outputs: {name: Artifact.from_json(value) for name, value in outputs.items()},
    )
}
_VERDICT = {_FORM: _Form(Verdict.to_json, Verdict.from_json)}
_WORDS = {_FORM: _Form(list, tuple)}
_WORDS_OR_NONE = {
    _FORM: _Form(
        lambda words: None if words is None else list(words), lambda words: None if words is None else tuple(words)
    )
}

# Fields that came later: a fact of before has their default.
_YOUNGER = {"younger": True}

# Fields that stand in no payload, because the event itself, or a later one, says it: one truth for each.
_AT = {_SOURCE: "at"}
_RUN = {_SOURCE: "run"}
_LATER = {_SOURCE: ""}


class Record:
    """Between a record and the payload of its event; the round trip is exact."""

    __slots__ = ()

    def payload(self) -> dict[str, Any]:
        """The fields as plain values, without those that the event itself holds."""
        return {part.name: part.form.write(getattr(self, part.name)) for part in _plan(type(self)).parts}

    @classmethod
    def of(cls, event: Event) -> Self:
        """The record that an event describes; ValueError, naming the field, when its payload does not fit."""
        if event.fault:
            raise ValueError(event.fault)
        plan = _plan(cls)
        values = {part.name: part.read(event.payload) for part in plan.parts}
        return cls(**values, **{name: getattr(event, source) for name, source in plan.own})


@dataclass(frozen=True, slots=True)
class RunRecord(Record):
    """One `modelsync run`: which project and spec with which params, by whom, when, and how it ended (None: not yet).

    `started` and `finished` are times of the journal; `exit` is the exit code; `git` is commit and dirty flag.
    """

    id: str
    project: str
    spec: str
    spec_digest: str
    params: dict[str, Any]
    git: dict[str, Any] | None
    actor: str
    number: int = 0  # given by the journal, consecutive within a project
    started: str = field(default="", metadata=_AT)
    finished: str | None = field(default=None, metadata=_LATER)
    outcome: str | None = field(default=None, metadata=_LATER)
    exit: int | None = field(default=None, metadata=_LATER)


@dataclass(frozen=True, slots=True)
class StepRecord(Record):
    """A step that finished: its cache key, the parts that made it (a re-run names its cause by them), its outputs."""

    step: str
    key: str
    outputs: dict[str, Artifact] = field(metadata=_ARTIFACTS)
    parts: dict[str, Any]
    run: str | None = field(metadata=_RUN)
    seconds: float
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class StepFailure(Record):
    """A step that failed: `reason` is `error` or `timeout`, `message` what is said of it."""

    step: str
    key: str
    reason: str
    message: str
    seconds: float
    run: str | None = field(metadata=_RUN)
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class GateRecord(Record):
    """What a gate said of a target.

    `subject` is the content that was judged, `champion` the version compared with, `report` the digest of our page,
    `pages` those of other libraries by their names: they are drawn later and told by facts of their own.
    """

    gate: str
    key: str
    subject: str
    target: str
    champion: str | None
    verdict: Verdict = field(metadata=_VERDICT)
    report: str | None
    run: str | None = field(metadata=_RUN)
    at: str = field(default="", metadata=_AT)
    pages: dict[str, str] = field(default_factory=dict, metadata=_LATER)


@dataclass(frozen=True, slots=True)
class GatePage(Record):
    """A page that another library drew of a verdict: `key` is that of the verdict, `page` the digest of the file."""

    gate: str
    key: str
    drawn_by: str
    page: str
    run: str | None = field(metadata=_RUN)
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class ProfileRecord(Record):
    """What drift gates compare with instead of a table: `table` is the digest of that, `profile` that of its profile,
    `key` names both table and contract.
    """

    table: str
    key: str
    profile: str
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class DatasetVersion(Record):
    """A version of a dataset; `size` in bytes, `rule` fired on `evidence`, `author` added it.

    `digest` is that of the source's bytes, of its manifest when `form` is `folder`; `content_key` identifies bytes and
    contract together, `table` is what steps and gates read: the typed table, or the bytes where there are no rows.
    `columns` are schema and statistics of each column. `source` is where it came from as written, `fingerprint` what
    that was like then (empty when only fetching can tell), `filename` what its file or folder was called, `described`
    what is known of content that is no table.
    """

    dataset: str
    version: Version = field(metadata=_VERSION)
    digest: str
    size: int
    rows: int | None
    columns: list[Any]
    contract: dict[str, Any] | None
    content_key: str
    table: Artifact = field(metadata=_ARTIFACT)
    tags: tuple[str, ...] = field(metadata=_WORDS)
    rule: str
    evidence: dict[str, Any]
    git: dict[str, Any] | None
    run: str | None = field(metadata=_RUN)
    at: str = field(default="", metadata=_AT)
    source: str = field(default="", metadata=_YOUNGER)
    form: str = field(default="file", metadata=_YOUNGER)  # file | folder
    filename: str = field(default="", metadata=_YOUNGER)
    fingerprint: str = field(default="", metadata=_YOUNGER)
    author: str = field(default="", metadata=_YOUNGER)
    described: dict[str, Any] = field(default_factory=dict, metadata=_YOUNGER)

    @property
    def spelled(self) -> str:
        """`customers@1.2.0`, as a command takes it."""
        return f"{self.dataset}@{self.version}"


@dataclass(frozen=True, slots=True)
class DatasetNote(Record):
    """What became known of a version of a dataset later; None leaves as it is what was known.

    `tags` are those that it has from now on; `fingerprint` is that of a source which was fetched again and held the
    same content.
    """

    dataset: str
    version: Version = field(metadata=_VERSION)
    tags: tuple[str, ...] | None = field(metadata=_WORDS_OR_NONE)
    fingerprint: str | None
    author: str = ""
    run: str | None = field(default=None, metadata=_RUN)
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class ModelVersion(Record):
    """A version of a model with all that led to it.

    `content` identifies the model and its metrics; `artifacts` maps references to what the run had there (a later run
    compares with it); `datasets` maps names to content keys, `gates` names to outcomes; `skipped` are the rules that
    did not fire.
    """

    model: str
    version: Version = field(metadata=_VERSION)
    artifact: Artifact = field(metadata=_ARTIFACT)
    artifacts: dict[str, Artifact] = field(metadata=_ARTIFACTS)
    metrics: dict[str, float]
    content: str
    rule: str
    bump: str
    evidence: dict[str, Any]
    skipped: list[Any]
    params: dict[str, Any]
    datasets: dict[str, str]
    code: dict[str, Any]
    signature: dict[str, Any] | None
    contract: dict[str, Any] | None
    gates: dict[str, str]
    git: dict[str, Any] | None
    run: str | None = field(metadata=_RUN)
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class StageRecord(Record):
    """A version that came to a stage, and the one that stood there before."""

    model: str
    stage: str
    version: Version = field(metadata=_VERSION)
    previous: Version | None = field(metadata=_VERSION_OR_NONE)
    run: str | None = field(metadata=_RUN)
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class Deployment(Record):
    """One state of a deployment; `status` is rolling, live, failed or undeployed."""

    deploy: str
    model: str
    version: Version = field(metadata=_VERSION)
    strategy: str
    url: str
    port: int | None
    status: str
    artifact: Artifact = field(metadata=_ARTIFACT)
    detail: dict[str, Any]
    run: str | None = field(metadata=_RUN)
    at: str = field(default="", metadata=_AT)


@dataclass(frozen=True, slots=True)
class _Part:
    """One field of a record as it stands in a payload."""

    name: str
    form: _Form
    types: tuple[type, ...]  # what JSON may hold there; empty when the form decides
    make: Callable[[], Any] | None = None  # what a fact of before the field has there

    def read(self, payload: Mapping[str, Any]) -> Any:
        if self.name not in payload and self.make is not None:
            return self.make()
        if self.name not in payload:
            raise ValueError(f"it has no `{self.name}`")
        value = payload[self.name]
        if self.types and not isinstance(value, self.types):
            raise ValueError(f"its `{self.name}` is {value!r}")
        try:
            return self.form.read(value)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"its `{self.name}` cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class _Plan:
    """The fields of a record: those in the payload, and those of the event by the event's own name."""

    parts: tuple[_Part, ...]
    own: tuple[tuple[str, str], ...]


_JSON_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "dict": (dict,),
    "list": (list,),
    "None": (type(None),),
}
_PLAIN = _Form(_same, _same)


def _plan(record: type[Record]) -> _Plan:
    plan = _plans.get(record)
    if plan is None:
        plan = _plans[record] = _make_plan(record)
    return plan


_plans: dict[type[Record], _Plan] = {}  # made once for each kind of record


def _make_plan(record: type[Record]) -> _Plan:
    parts, own = [], []
    for part in fields(record):  # type: ignore[arg-type]  # every record is a dataclass
        source = part.metadata.get(_SOURCE)
        if source:
            own.append((part.name, source))
        elif source is None:
            form = part.metadata.get(_FORM)
            types = () if form else _json_types(str(part.type))
            make = _absent(part) if part.metadata.get("younger") else None
            parts.append(_Part(part.name, form or _PLAIN, types, make))
    return _Plan(tuple(parts), tuple(own))


def _absent(part: Field[Any]) -> Callable[[], Any]:
    if part.default_factory is not MISSING:
        return part.default_factory
    return lambda: part.default


def _json_types(annotation: str) -> tuple[type, ...]:
    """What JSON holds for an annotation such as `dict[str, Any] | None`."""
    heads = [choice.partition("[")[0] for choice in annotation.split(" | ")]
    return tuple(kind for head in heads for kind in _JSON_TYPES[head])
