"""What a spec says about releasing: approvals, targets, rollouts, and what is done around the clock afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from modelsync.core.diagnostics import Pos
from modelsync.core.records import record


@record
class SecretRef:
    """`secrets.name`: where a value will come from, never the value."""

    name: str
    at: Pos = field(compare=False)

    def __str__(self) -> str:
        return f"secrets.{self.name}"


@record
class Approval:
    """Who must agree before a version enters a stage, and how long the question stands (seconds)."""

    roles: tuple[str, ...]
    expires: float
    count: int = 1
    not_author: bool = False


@record
class LocalTarget:
    """Processes on this machine behind one port."""

    port: int
    replicas: int = 1
    host: str = "127.0.0.1"


@record
class DockerTarget:
    """Containers of one engine behind one port."""

    port: int
    replicas: int = 1
    image: str = ""  # empty: built from the model


@record
class KubernetesTarget:
    """A deployment and a service in one namespace of a cluster."""

    namespace: str
    port: int = 8080
    replicas: int = 1
    context: str = ""  # empty: the current one
    image: str = ""


@record
class EndpointTarget:
    """A service of somebody else that takes a version over HTTP."""

    url: str
    token: SecretRef | None = None


Target = LocalTarget | DockerTarget | KubernetesTarget | EndpointTarget


@record
class TrafficStep:
    """A share of traffic in percent, held for so many seconds and until so many requests were seen."""

    traffic: float
    hold: float = 0.0
    min_requests: int = 0
    pause: bool = False  # until a person goes on


@record
class Watch:
    """A measure of the running version that must stay within bounds."""

    metric: str
    min: float | None = None
    max: float | None = None
    versus: str | None = None  # stable
    fail_after: int = 1  # looks in a row that must fail
    observe: bool = False  # recorded, never decides


@record
class Rollback:
    """Where a failed rollout goes back to, how soon, and how long nothing new is promoted (seconds)."""

    to: str = "last_good"
    within: float | None = None
    freeze: float = 0.0


@record
class Deploy:
    """Where and how a model is rolled out."""

    name: str
    model: str
    target: Target
    strategy: str  # recreate | blue_green | canary | rolling | shadow | ab_test
    at: Pos = field(compare=False)
    steps: tuple[TrafficStep, ...] = ()
    watch: tuple[Watch, ...] = ()
    rollback: Rollback | None = None
    max_unavailable: int | None = None
    max_surge: int | None = None

    @property
    def local(self) -> LocalTarget:
        """The target, for what only works on this machine."""
        assert isinstance(self.target, LocalTarget)
        return self.target


@record
class Schedule:
    """When the spec is run by itself."""

    name: str
    cron: str  # empty with `every`
    every: float | None  # seconds
    timezone: str
    until: str  # a stage, or a step as `pipeline.step`; empty: everything
    pipeline: str  # empty: all
    missed: str  # latest | all | skip
    overlap: str  # forbid | allow | replace
    at: Pos = field(compare=False)


@record
class Monitor:
    """A gate that is asked again and again on what a deployment sees."""

    name: str
    gate: str
    data: object  # a Ref
    every: float  # seconds
    then: tuple[str, ...]
    at: Pos = field(compare=False)


@record
class Channel:
    """Where messages go, and about what."""

    name: str
    url: SecretRef
    events: tuple[str, ...]
    at: Pos = field(compare=False)


@record
class Access:
    """People by role; a pattern such as `*@example.org` is anybody of that address."""

    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
