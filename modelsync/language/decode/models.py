"""`models:`: which artifact a model is, which metrics describe it, and how its versions move."""

from __future__ import annotations

from modelsync.core.version import Version
from modelsync.language.decode import references
from modelsync.language.decode.context import Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.decode.versioning import MODEL_RULES, rules
from modelsync.language.model import Model
from modelsync.language.nodes import Item

FIRST = Version(0, 1, 0)  # semver.org: initial development starts at 0.1.0


def model(context: Context, item: Item) -> Model | None:
    """One model, None when it has no usable artifact."""
    name = item.key.text
    body = fields(
        context,
        item.value,
        f"model `{name}`",
        ("artifact", "metrics", "registry", "versioning"),
        ("checkpoints", "tags", "description"),
    )
    if body is None:
        return None
    artifact_node = body.node_of("artifact", required=True)
    artifact = (
        None if artifact_node is None else references.reference(context, artifact_node, f"`artifact` of {body.what}")
    )
    metrics_node = body.node.get("metrics")
    metrics = None if metrics_node is None else references.reference(context, metrics_node, f"`metrics` of {body.what}")
    body.choice("registry", ("mlflow",))
    versioning = body.section("versioning", ("start", "rules"), ("branches", "changelog"))
    own = rules(versioning, "model", name) if versioning is not None else None
    start = FIRST if versioning is None else _start(versioning)
    if artifact is None:
        return None
    return Model(name, artifact, metrics, start, MODEL_RULES if own is None else own, item.key.at)


def _start(body: Fields) -> Version:
    written = body.text("start")
    if written is None:
        return FIRST
    try:
        return Version.parse(written)
    except ValueError as error:
        message, _, help = str(error).partition("; ")
        node = body.node.get("start")
        assert node is not None
        body.context.fault("MS105", node.at, f"`start` of {body.what}: {message}", help)
        return FIRST
