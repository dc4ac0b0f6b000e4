"""The whole file: the table of its sections, and the Spec they make."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelsync.core.diagnostics import Pos
from modelsync.language.decode import literals
from modelsync.language.decode.around_the_clock import CHANNEL, MONITOR, SCHEDULE
from modelsync.language.decode.body import Body, Place
from modelsync.language.decode.context import Context, TooManyError
from modelsync.language.decode.datasets import DATASET
from modelsync.language.decode.deploys import DEPLOY
from modelsync.language.decode.gates import GATE
from modelsync.language.decode.literals import OPENING
from modelsync.language.decode.models import MODEL
from modelsync.language.decode.params import PARAM, given
from modelsync.language.decode.places import REMOTE, SECRET, one_default
from modelsync.language.decode.reading import read
from modelsync.language.decode.spelling import THE_SPEC, respelt
from modelsync.language.decode.stages import STAGE
from modelsync.language.decode.steps import PIPELINE
from modelsync.language.delivery import Access
from modelsync.language.model import Spec
from modelsync.language.names import Names, collect
from modelsync.language.paths import root_of
from modelsync.language.shapes import Choice, Fields, Key, Many, Named, Number, Plain, Text
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Node, Scalar
from modelsync.language.text.source import Source

VERSION = 1
DEFAULT_CONCURRENCY = 4
MOST_CONCURRENCY = 64
BUILT_IN_ROLES = ("admin", "contributor", "viewer")

_PROJECT = Plain(
    "", r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", "letters, digits, `-` and `_`, at most 64, a letter or digit first"
)
_PERSON = Plain("", r"[^\s@]+@[^\s@]+", "an address such as `ana@example.org`, or a pattern such as `*@example.org`")


def _access(body: Body) -> Access:
    return Access(body.get("roles", {}))


ACCESS = Fields(
    {
        "roles": Key(
            Named(Many(_PERSON, "a person", one=True), "role", "role"),
            "People by role.",
            required=True,
            example="{ml-lead: [ana@example.org]}",
        )
    },
    _access,
)
ENGINE = Fields(
    {
        "runner": Key(Choice(("threads", "dask", "ray")), "What runs the steps.", default="threads"),
        "concurrency": Key(
            Number(1, MOST_CONCURRENCY, whole=True), "How many steps run at once.", default=DEFAULT_CONCURRENCY
        ),
    }
)
SPEC = Fields(
    {
        "modelsync": Key(Number(whole=True), "The version of the language, 1.", required=True, example="1"),
        "project": Key(_PROJECT, "The name of the project.", required=True, example="churn"),
        "description": Key(Text(), "What it is about."),
        "root": Key(
            Plain(), "The folder where paths start, from the folder of the spec, such as `../..`.", default="."
        ),
        "include": Key(Many(Plain(), one=True), "Files that are merged first; this file wins."),
        "params": Key(Named(PARAM, "param"), "Values that can be given on the command line."),
        "secrets": Key(Named(SECRET, "secret"), "Where secrets lie, never what they are."),
        "remotes": Key(Named(REMOTE, "remote"), "Other places for data."),
        "datasets": Key(Named(DATASET, "dataset"), "Where rows come from, and the shape they promise."),
        "pipelines": Key(Named(PIPELINE, "pipeline"), "Steps from artifacts to artifacts."),
        "gates": Key(Named(GATE, "gate"), "What must hold."),
        "models": Key(Named(MODEL, "model"), "Which artifact is a model, and how its versions move."),
        "stages": Key(Named(STAGE, "stage"), "The way to production."),
        "deploy": Key(Named(DEPLOY, "deploy"), "Where models run, and how a new version takes over."),
        "schedules": Key(Named(SCHEDULE, "schedule"), "When it runs by itself."),
        "monitors": Key(Named(MONITOR, "monitor"), "Gates that are asked again on live data."),
        "notify": Key(Named(CHANNEL, "channel"), "Who is told about what."),
        "access": Key(ACCESS, "Who may do what."),
        "engine": Key(ENGINE, "How steps are run."),
    }
)
"""The whole language, in the order in which later sections need earlier ones and in which files are laid out."""


def decode(
    source: Source, sources: Mapping[Path, Source], root: Node, overrides: Mapping[str, str], environ: Mapping[str, str]
) -> tuple[Spec | None, Context]:
    """The spec as far as it could be decoded, and everything found on the way."""
    context = Context(source, sources, Names(), source.path.parent.resolve(), environ)
    try:
        context.tree = root
        root = respelt(context, root, SPEC)
        if isinstance(root, nodes.Mapping):
            context.names = collect(root)
        context.given = given(context, overrides)
        values = read(context, SPEC, _ordered(context, root), Place(THE_SPEC))
        return (None if values is None else _spec(context, root, values)), context
    except TooManyError:
        return None, context


def _ordered(context: Context, root: Node) -> Node:
    """The sections in the order in which they need each other; where paths start is known before any is read."""
    if not isinstance(root, nodes.Mapping):
        return root
    _version(context, root)
    context.root = _root(context, root)
    by_name = {item.key.text: item for item in root.items}
    by_name.pop("include", None)  # what stands there was looked at when the files were read
    ordered = (by_name[key] for key in SPEC.keys if key in by_name)
    return nodes.Mapping(tuple(ordered), root.at)


def _version(context: Context, root: nodes.Mapping) -> None:
    node = root.get("modelsync")
    if isinstance(node, Scalar) and OPENING in node.text:
        literals.plain(context, node, "`modelsync`")
    if isinstance(node, Scalar) and isinstance(node.value, int) and node.value != VERSION:
        message = f"language version {node.text[:20]} is not known to this ModelSync"
        context.fault("MS108", node.at, message, f"it reads version {VERSION}")


def _root(context: Context, root: nodes.Mapping) -> Path:
    node, folder = root.get("root"), context.root
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or OPENING in node.text:
        return folder
    found = root_of(folder, node.text)
    if found is None:
        help = "name a folder above the spec, such as `../..`"
        context.fault("MS601", node.at, f"`root: {node.text}` does not hold the spec", help)
        return folder
    return found


def _place(root: Node, *keys: str) -> Pos | None:
    """Where a value stands, None when it is not written."""
    found: Node | None = root
    for key in keys:
        found = found.get(key) if isinstance(found, nodes.Mapping) else None
    return None if found is None else found.at


def _spec(context: Context, root: Node, values: Mapping[str, Any]) -> Spec:
    assert isinstance(root, nodes.Mapping)
    one_default(Body(context, Place(THE_SPEC), root, values))
    engine = values.get("engine", {})
    return Spec(
        path=context.source.path,
        root=context.root,
        project=values.get("project", ""),
        params=context.params,
        datasets=values.get("datasets", {}),
        pipelines=values.get("pipelines", {}),
        gates=values.get("gates", {}),
        models=values.get("models", {}),
        stages=values.get("stages", {}),
        deploys=values.get("deploy", {}),
        concurrency=engine.get("concurrency", DEFAULT_CONCURRENCY),
        runner=engine.get("runner", "threads"),
        runner_at=_place(root, "engine", "runner"),
        secrets=values.get("secrets", {}),
        remotes=values.get("remotes", {}),
        schedules=values.get("schedules", {}),
        monitors=values.get("monitors", {}),
        channels=values.get("notify", {}),
        access=values.get("access", Access()),
        files=tuple(context.sources),
    )
