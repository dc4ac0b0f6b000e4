"""`deploy:`: where a model runs and how a new version takes over."""

from __future__ import annotations

from modelsync.language.decode.context import Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.model import Deploy, LocalTarget
from modelsync.language.nodes import Item, Mapping, Scalar

STRATEGIES = ("recreate", "blue_green")
LATER_STRATEGIES = ("canary", "rolling", "shadow", "ab_test")
LATER_TARGETS = ("docker", "kubernetes", "endpoint")
_LATER = ("steps", "watch", "rollback", "scale", "autoscale", "analysis")
MOST_REPLICAS = 64  # processes on one machine; more only fight for its cores


def deploy(context: Context, item: Item) -> Deploy | None:
    """One deployment, None when its model or target can't be used."""
    name = item.key.text
    body = fields(context, item.value, f"deploy `{name}`", ("model", "target", "strategy"), _LATER)
    if body is None:
        return None
    model = body.plain("model", required=True)
    target = _target(body)
    strategy = body.choice("strategy", STRATEGIES, LATER_STRATEGIES, required=True)
    if model is not None:
        context.texts["deploy", name, "model", model[0].removeprefix("models.")] = model[1].at
    if model is None or target is None or strategy is None:
        return None
    return Deploy(name, model[0].removeprefix("models."), target, strategy, item.key.at)


def _target(body: Fields) -> LocalTarget | None:
    node = body.node_of("target", required=True)
    if node is None or _is_later(body, node):
        return None
    target = body.section("target", ("kind", "port", "replicas"), ("host", "image", "resources"))
    if target is None:
        return None
    kind = target.choice("kind", ("local",), LATER_TARGETS, required=True)
    port_node = target.node_of("port", required=True)
    port = target.integer("port", 0, 1, 65535)
    replicas = target.integer("replicas", 1, 1, MOST_REPLICAS)
    return None if kind is None or port_node is None or port == 0 else LocalTarget(port, replicas)


def _is_later(body: Fields, node: object) -> bool:
    """Another kind of target has keys of its own: it is refused once, not once for each of them."""
    kind = node.get("kind") if isinstance(node, Mapping) else None
    if not isinstance(kind, Scalar) or kind.text not in LATER_TARGETS:
        return False
    message = f"`kind` of `target` of {body.what}: `{kind.text}` is not supported yet"
    body.context.fault("MS110", kind.at, message, "supported now: local")
    return True
