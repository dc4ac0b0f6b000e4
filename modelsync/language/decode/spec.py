"""The whole file: its head, then each section in the order in which later ones need earlier ones."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from modelsync.language import nodes
from modelsync.language.decode import literals
from modelsync.language.decode.context import Context, TooManyError
from modelsync.language.decode.datasets import dataset
from modelsync.language.decode.deploys import deploy
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.decode.gates import gate
from modelsync.language.decode.models import model
from modelsync.language.decode.params import params
from modelsync.language.decode.pipelines import pipeline
from modelsync.language.decode.stages import stage
from modelsync.language.model import Spec
from modelsync.language.names import collect
from modelsync.language.nodes import Item, Node
from modelsync.language.source import Source

VERSION = 1
SECTIONS = ("params", "datasets", "pipelines", "gates", "models", "stages", "deploy", "engine")
LATER_SECTIONS = ("include", "secrets", "remotes", "schedules", "monitors", "notify", "access")
DEFAULT_CONCURRENCY = 4
MOST_CONCURRENCY = 64
_PROJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

_Part = TypeVar("_Part")


def decode(source: Source, root: Node, overrides: Mapping[str, str]) -> tuple[Spec | None, Context]:
    """The spec as far as it could be decoded, and everything found on the way."""
    names = collect(root if isinstance(root, nodes.Mapping) else nodes.Mapping((), root.at))
    context = Context(source, names, source.path.parent.resolve())
    try:
        body = fields(context, root, "the spec", ("modelsync", "project", "root", *SECTIONS), LATER_SECTIONS)
        return (None if body is None else _spec(body, overrides)), context
    except TooManyError:
        return None, context


def _spec(body: Fields, overrides: Mapping[str, str]) -> Spec:
    context = body.context
    _version(body)
    project = _project(body)
    context.root = _root(body, context.root)
    context.params.update(params(context, body.items("params"), overrides))
    return Spec(
        path=context.source.path,
        root=context.root,
        project=project or "",
        params=context.params,
        datasets=_all(body, "datasets", dataset),
        pipelines=_all(body, "pipelines", pipeline),
        gates=_all(body, "gates", gate),
        models=_all(body, "models", model),
        stages=_all(body, "stages", stage),
        deploys=_all(body, "deploy", deploy),
        concurrency=_concurrency(body),
    )


def _all(body: Fields, key: str, decoder: Callable[[Context, Item], _Part | None]) -> dict[str, _Part]:
    found = ((item.key.text, decoder(body.context, item)) for item in body.items(key))
    return {name: part for name, part in found if part is not None}


def _version(body: Fields) -> None:
    node = body.node_of("modelsync", required=True)
    if node is None:
        return
    said = literals.integer(body.context, node, "`modelsync` (the language version)")
    if said is not None and said != VERSION:
        message = f"language version {said} is not known to this ModelSync"
        body.context.fault("MS108", node.at, message, f"it reads version {VERSION}")


def _project(body: Fields) -> str | None:
    found = body.plain("project", required=True)
    if found is None:
        return None
    name, node = found
    if not _PROJECT.fullmatch(name):
        help = "letters, digits, `-` and `_`, at most 64, a letter or digit first"
        body.context.fault("MS107", node.at, f"`{name}` can't be the name of a project", help)
    return name


def _root(body: Fields, folder: Path) -> Path:
    found = body.plain("root")
    if found is None:
        return folder
    written, node = found
    root = Path(os.path.normpath(folder / written))
    if Path(written).is_absolute() or not folder.is_relative_to(root):
        message = f"`root: {written}` does not hold the spec"
        body.context.fault("MS601", node.at, message, "name a folder above the spec, such as `../..`")
        return folder
    return root


def _concurrency(body: Fields) -> int:
    engine = body.section("engine", ("runner", "concurrency"))
    if engine is None:
        return DEFAULT_CONCURRENCY
    engine.choice("runner", ("threads",), ("dask", "ray"))
    return engine.integer("concurrency", DEFAULT_CONCURRENCY, 1, MOST_CONCURRENCY)
