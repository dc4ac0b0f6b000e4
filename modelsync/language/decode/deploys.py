"""`deploy:`: where a model runs, how a new version takes over, and what is watched meanwhile."""

from __future__ import annotations

from modelsync.language import secrecy
from modelsync.language.decode.body import Body
from modelsync.language.delivery import (
    Deploy,
    DockerTarget,
    EndpointTarget,
    KubernetesTarget,
    LocalTarget,
    Rollback,
    TrafficStep,
    Watch,
)
from modelsync.language.shapes import Choice, Duration, Fields, Flag, Key, Kinds, Many, Number, Plain, Secret, Text

STRATEGIES = ("recreate", "blue_green", "canary", "rolling", "shadow", "ab_test")
MOST_REPLICAS = 64  # processes on one machine; more only fight for its cores
MOST_PODS = 1000
MOST_LOOKS = 1000
_ROLLING_ONLY = ("max_unavailable", "max_surge")


def _deploy(body: Body) -> Deploy | None:
    body.context.nodes["deploy", body.name] = body.node
    model, target, strategy = body.get("model"), body.get("target"), body.get("strategy")
    help = "remove it, or write `strategy: rolling`"
    body.only_with(_ROLLING_ONLY, strategy in (None, "rolling"), "only goes with `strategy: rolling`", help)
    if all(body.get(key) == 0 for key in _ROLLING_ONLY):
        message = f"{body.what} may neither take a replica away nor add one, so it never begins"
        body.fault("MS104", body.key_at("max_surge"), message, "let `max_unavailable` or `max_surge` be 1 or more")
    if model is None or target is None or strategy is None:
        return None
    return Deploy(
        name=body.name,
        model=model,
        target=target,
        strategy=strategy,
        at=body.at,
        steps=body.get("steps", ()),
        watch=body.get("watch", ()),
        rollback=body.get("rollback"),
        max_unavailable=body.get("max_unavailable"),
        max_surge=body.get("max_surge"),
    )


def _local(body: Body) -> LocalTarget | None:
    port = body.get("port")
    return None if port is None else LocalTarget(port, body.get("replicas", 1))


def _docker(body: Body) -> DockerTarget | None:
    port = body.get("port")
    return None if port is None else DockerTarget(port, body.get("replicas", 1), body.get("image", ""))


def _kubernetes(body: Body) -> KubernetesTarget | None:
    space = body.get("namespace")
    if space is None:
        return None
    plain = KubernetesTarget(space)
    return KubernetesTarget(
        namespace=space,
        port=body.get("port", plain.port),
        replicas=body.get("replicas", plain.replicas),
        context=body.get("context", plain.context),
        image=body.get("image", plain.image),
    )


def _endpoint(body: Body) -> EndpointTarget | None:
    url = body.get("url")
    if url is not None and secrecy.looks_secret(url):
        message = f"`url` of {body.what} holds a password"
        body.fault("MS602", body.value_at("url"), message, "give it as `token: secrets.name`")
        return None
    return None if url is None else EndpointTarget(url, body.get("token"))


def _step(body: Body) -> TrafficStep | None:
    share = body.get("traffic")
    if share is None:
        return None
    return TrafficStep(share, body.get("for", 0.0), body.get("min_requests", 0), body.get("pause", False))


def _watch(body: Body) -> Watch | None:
    if not body.has("min") and not body.has("max"):
        body.fault("MS102", body.node.at, f"{body.what} asks nothing of its metric", "add `max:` or `min:`")
    low, high = body.bounds()
    metric = body.get("metric")
    if metric is None:
        return None
    return Watch(metric, low, high, body.get("versus"), body.get("fail_after", 1), body.get("observe", False))


def _rollback(body: Body) -> Rollback:
    return Rollback(body.get("to", "last_good"), body.get("within"), body.get("freeze", 0.0))


def _port(default: int | None = None) -> Key:
    return Key(
        Number(1, 65535, whole=True),
        "The port that callers use.",
        required=default is None,
        default=default,
        example="8080",
    )


def _replicas(most: int) -> Key:
    return Key(Number(1, most, whole=True), "How many serve at once.", default=1)


_KIND = Key(Choice(("local", "docker", "kubernetes", "endpoint")), "Where it runs.", required=True)
_IMAGE = Key(Text(), "The image to run; without it one is built from the model.")
TARGET = Kinds(
    "kind",
    {
        "local": Fields({"kind": _KIND, "port": _port(), "replicas": _replicas(MOST_REPLICAS)}, _local),
        "docker": Fields(
            {"kind": _KIND, "port": _port(), "replicas": _replicas(MOST_REPLICAS), "image": _IMAGE}, _docker
        ),
        "kubernetes": Fields(
            {
                "kind": _KIND,
                "namespace": Key(
                    Text(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "small letters, digits and `-`, at most 63"),
                    "The namespace it lives in.",
                    required=True,
                    example="ml-team",
                ),
                "context": Key(Text(), "The context of your kubeconfig; without it the current one."),
                "port": _port(8080),
                "replicas": _replicas(MOST_PODS),
                "image": _IMAGE,
            },
            _kubernetes,
        ),
        "endpoint": Fields(
            {
                "kind": _KIND,
                "url": Key(
                    Text(r"https?://.+", "an `https://` address"),
                    "Where versions are sent.",
                    required=True,
                    example="https://api.example.org",
                ),
                "token": Key(Secret(), "The secret it is asked with."),
            },
            _endpoint,
        ),
    },
)
TRAFFIC_STEP = Fields(
    {
        "traffic": Key(
            Number(0, 100, unit="percent"), "The share of the new version in percent.", required=True, example="5"
        ),
        "for": Key(Duration(unit="m"), "How long the step lasts at least, such as `15m`.", default="0s"),
        "min_requests": Key(
            Number(0, whole=True),
            "How many requests it must have seen; too few hold it, they never promote.",
            default=0,
        ),
        "pause": Key(Flag(), "Whether a person must let it go on.", default=False),
    },
    _step,
)
WATCH = Fields(
    {
        "metric": Key(
            Plain(),
            "What is measured: error_rate, latency_p95_ms, prediction_psi ...",
            required=True,
            example="error_rate",
        ),
        "min": Key(Number(), "The least that is good."),
        "max": Key(Number(), "The most that is good."),
        "versus": Key(Choice(("stable",)), "Compare with the version that runs beside it."),
        "fail_after": Key(Number(1, MOST_LOOKS, whole=True), "How many looks in a row must fail.", default=1),
        "observe": Key(Flag(), "Whether it is only recorded and never decides.", default=False),
    },
    _watch,
)
ROLLBACK = Fields(
    {
        "to": Key(Choice(("last_good",)), "Which version comes back.", default="last_good"),
        "within": Key(Duration(positive=True), "How soon it must be back, such as `30s`."),
        "freeze": Key(Duration(unit="h"), "How long nothing new is promoted afterwards, such as `24h`.", default="0s"),
    },
    _rollback,
)
DEPLOY = Fields(
    {
        "model": Key(Plain("models"), "The model that is deployed.", required=True, example="churn"),
        "target": Key(TARGET, "Where it runs.", required=True, example="{kind: local, port: 8080}"),
        "strategy": Key(Choice(STRATEGIES), "How a new version takes over.", required=True),
        "description": Key(Text(), "Who calls it, for people."),
        "steps": Key(Many(TRAFFIC_STEP, "a step", least=1), "The shares of traffic, one after the other."),
        "watch": Key(Many(WATCH, "a measure", least=1), "What must stay within bounds while it rolls out."),
        "rollback": Key(ROLLBACK, "What happens when it does not."),
        "max_unavailable": Key(Number(0, MOST_PODS, whole=True), "How many replicas may be missing while rolling."),
        "max_surge": Key(Number(0, MOST_PODS, whole=True), "How many replicas may be added while rolling."),
    },
    _deploy,
)
