"""`models:`: which artifact a model is, which metrics describe it, and how its versions move."""

from __future__ import annotations

from modelsync.core.artifacts import OutputType
from modelsync.core.version import Version
from modelsync.language.decode import versioning
from modelsync.language.decode.body import Body
from modelsync.language.model import Model
from modelsync.language.shapes import Choice, Fields, Key, Reference, Text

FIRST = Version(0, 1, 0)  # semver.org: initial development starts at 0.1.0


def _model(body: Body) -> Model | None:
    body.context.nodes["models", body.name] = body.node
    artifact = body.get("artifact")
    if artifact is None:
        return None
    said = body.get("versioning", {})
    return Model(
        name=body.name,
        artifact=artifact,
        metrics=body.get("metrics"),
        start=said.get("start", FIRST),
        rules=said.get("rules") or versioning.MODEL_RULES,
        at=body.at,
        description=body.get("description", ""),
    )


MODEL = Fields(
    {
        "artifact": Key(
            Reference(("outputs",), (OutputType.MODEL,)),
            "The output that is the model.",
            required=True,
            example="pipelines.train.fit.model",
        ),
        "metrics": Key(Reference(("outputs",), (OutputType.METRICS,)), "The output with its metrics."),
        "description": Key(Text(), "What it predicts, for people."),
        "registry": Key(Choice(("mlflow",)), "Where people look at it.", default="mlflow"),
        "versioning": Key(versioning.MODEL, "When its version grows, and by which part."),
    },
    _model,
)
