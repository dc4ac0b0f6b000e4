"""What may be written where the cursor is: keys, words, references, names, functions, expectations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from modelsync.core.records import record
from modelsync.core.signature import Signature
from modelsync.language.assist.cursor import MARK, Cursor, find
from modelsync.language.assist.locating import keys_of
from modelsync.language.assist.wording import expected
from modelsync.language.decode.spec import BUILT_IN_ROLES, SPEC
from modelsync.language.known import Known
from modelsync.language.model import Code
from modelsync.language.names import Names, collect
from modelsync.language.rules.conditions import scope
from modelsync.language.rules.watches import METRICS as WATCHED
from modelsync.language.shapes import (
    Builtin,
    Choice,
    Condition,
    Either,
    Expectations,
    Fields,
    Flag,
    Function,
    Key,
    Kinds,
    Many,
    Named,
    Plain,
    Reference,
    Secret,
    Shape,
    Validator,
)
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Mapping, Node, Scalar
from modelsync.language.text.source import Source

_HOLE = re.compile(r"\$\{\{\s*([A-Za-z_.0-9]*)$")
_SKIPPED = ("description",)


@record
class Completion:
    """One thing that may be written: the word, how it is inserted, and what it means."""

    label: str
    insert: str
    kind: str  # key | word | reference | name | function | expectation | hole
    detail: str = ""
    doc: str = ""


@record
class World:
    """What completions are made from: the names of the text that is typed, and of everything outside it."""

    names: Names
    known: Known
    subject: Subject | None  # the spec as it was when it could last be read
    functions: tuple[str, ...]  # of the project, `flows/churn.py:fit`


def completions(
    source: Source, line: int, col: int, known: Known, subject: Subject | None, functions: Iterable[str] = ()
) -> tuple[Completion, ...]:
    """Everything that may stand at a place (from 1), the likeliest first."""
    before = (source.lines[line - 1] if line <= len(source.lines) else "")[: col - 1]
    if hole := _HOLE.search(before):
        return tuple(_holes(subject, hole.group(1)))
    cursor = find(source, line, col)
    if cursor is None:
        return ()
    names = collect(cursor.root) if isinstance(cursor.root, Mapping) else Names()
    world = World(names, known, subject, tuple(functions))
    return tuple(_at(cursor, world))


def _at(cursor: Cursor, world: World) -> Iterator[Completion]:
    shape, holder = _shape(cursor)
    asked = world.known.expectations.get(cursor.path[-1]) if cursor.path else None
    if cursor.is_key and asked is not None and holder is not None:
        written = {item.key.text for item in holder.items}
        for argument in asked.arguments:
            if argument not in written:
                yield Completion(argument, f"{argument}: ", "key", "required" if argument in asked.required else "")
        return
    if cursor.is_key and holder is not None and _is_mapping(shape):
        yield from _keys(shape, holder, cursor, world)
        return
    if shape is not None:
        yield from _values(shape, cursor, world)


def _shape(cursor: Cursor) -> tuple[Shape | None, Mapping | None]:
    """The shape at the marker: of the mapping it is a key of, or of the value it stands for."""
    shape: Shape | None = SPEC
    holders = list(cursor.holders)
    node: Node | None = cursor.root
    for part in cursor.path:
        shape = _inner(shape, node)
        if isinstance(node, Mapping):
            fields = keys_of(shape, node)
            if fields is not None:
                key = fields.keys.get(part)
                shape = None if key is None else key.shape
            else:
                shape = shape.item if isinstance(shape, Named) else None
            node = node.get(part)
        else:
            shape = shape.item if isinstance(shape, Many) else None
            node = getattr(node, "items", ())[int(part)]
    return _inner(shape, node), (holders[-1] if holders else None)


def _inner(shape: Shape | None, node: Node | None) -> Shape | None:
    """The shape of a node behind the choices that its own form decides."""
    match shape:
        case Either():
            return _inner(shape.mapping if isinstance(node, Mapping) else shape.scalar, node)
        case Many() if shape.one and isinstance(node, Scalar | Mapping):
            return _inner(shape.item, node)
        case Fields() if shape.short and isinstance(node, Scalar):
            return _inner(shape.keys[shape.short].shape, node)
    return shape


def _is_mapping(shape: Shape | None) -> bool:
    return isinstance(shape, Fields | Kinds | Named | Expectations)


def _keys(shape: Shape | None, holder: Mapping, cursor: Cursor, world: World) -> Iterator[Completion]:
    written = {item.key.text for item in holder.items if MARK not in item.key.text}
    if isinstance(shape, Expectations):
        yield from _expectations(world.known)
        return
    if isinstance(shape, Named):
        if shape.title == "guardrail":
            metrics = (metric for metric in world.known.metrics if metric not in written)
            yield from (Completion(metric, f"{metric}: ", "name") for metric in metrics)
        yield from _parameters(cursor, world, written)
        return
    fields = keys_of(shape, holder)
    if fields is None:
        return
    found = [(name, key) for name, key in fields.keys.items() if name not in written]
    for name, key in sorted(found, key=lambda each: (not each[1].required, each[0] in _SKIPPED)):
        yield Completion(name, f"{name}: ", "key", "required" if key.required else "", _doc(key))


def _doc(key: Key) -> str:
    said = expected(key.shape)
    return f"{key.doc}\n\nIt is {said}." if said else key.doc


def _expectations(known: Known) -> Iterator[Completion]:
    for name, shape in sorted(known.expectations.items()):
        first = "".join(f"{argument}: , " for argument in shape.required)
        inside = "{" + first.removesuffix(", ") + "}"
        yield Completion(
            name, f"{name}: {inside}", "expectation", ", ".join(shape.required), ", ".join(shape.arguments)
        )


def _parameters(cursor: Cursor, world: World, written: set[str]) -> Iterator[Completion]:
    """The parameters of the step's own function, as names of inputs and of values."""
    path = cursor.path
    if len(path) != 5 or path[0] != "pipelines" or path[4] not in ("inputs", "with") or world.subject is None:
        return
    step = cursor.holders[-2]
    run = step.get("run") or step.get("uses")
    root = world.subject.context.root
    if not isinstance(run, Scalar):
        return
    if run.text in world.known.builtins:
        found = world.known.builtins[run.text]
    else:
        file, _, function = run.text.rpartition(":")
        said = world.subject.signature(Code(root / file, function, run.text, run.at)) if file else None
        if not isinstance(said, Signature):
            return
        found = said
    other = step.get("with" if path[4] == "inputs" else "inputs")
    taken = written | ({item.key.text for item in other.items} if isinstance(other, Mapping) else set())
    for each in found.parameters:
        if each.name not in taken:
            detail = each.annotation or ("" if not each.required else "required")
            yield Completion(each.name, f"{each.name}: ", "name", detail)


def _values(shape: Shape, cursor: Cursor, world: World) -> Iterator[Completion]:
    match shape:
        case Reference():
            yield from _references(shape, cursor, world)
        case Plain():
            yield from _plain(shape, cursor, world)
        case Condition():
            names = {} if world.subject is None else scope(world.subject, shape.owner).names
            for name, kind in sorted(names.items()):
                yield Completion(name.removesuffix("*"), name.removesuffix("*"), "name", str(kind))
        case Expectations():
            yield from _expectations(world.known)
        case Many():
            yield from _values(shape.item, cursor, world)
    group, words = _words(shape, world)
    yield from (Completion(word, word, group) for word in words)


def _words(shape: Shape, world: World) -> tuple[str, Iterable[str]]:
    """What may stand for a shape that does not depend on where it stands."""
    match shape:
        case Choice():
            return "word", shape.words
        case Flag():
            return "word", ("true", "false", *shape.words)
        case Secret():
            return "reference", (f"secrets.{name}" for name in world.names.secrets)
        case Function() | Validator():
            return "function", world.functions
        case Builtin():
            return "function", world.known.builtins
    return "", ()


def _references(shape: Reference, cursor: Cursor, world: World) -> Iterator[Completion]:
    pipeline = cursor.path[1] if cursor.path[:1] == ("pipelines",) and len(cursor.path) > 1 else ""
    yield from (Completion(word, word, "word") for word in shape.words)
    for each in world.names.referable(shape.heads, pipeline):
        if _fits(shape, each, pipeline, world.names):
            yield Completion(each, each, "reference")


def _fits(shape: Reference, written: str, pipeline: str, names: Names) -> bool:
    """Whether what a reference names has a type that may stand there."""
    parts = written.split(".")
    if not shape.types or parts[0] not in ("steps", "pipelines"):
        return True
    id = (pipeline, *parts[1:]) if parts[0] == "steps" else tuple(parts[1:])
    made = names.outputs.get(id) if len(id) == 3 else None
    return made is None or made in shape.types


def _plain(shape: Plain, cursor: Cursor, world: World) -> Iterator[Completion]:
    known, last = world.known, next((part for part in reversed(cursor.path) if not part.isdigit()), "")
    section = cursor.path[0] if cursor.path else ""
    words: Iterable[str] = ()
    if shape.names == "steps":
        words = (step for pipeline, step in world.names.steps if pipeline == cursor.path[1])
    elif shape.names == "until":
        words = (*world.names.stages, *(f"{pipeline}.{step}" for pipeline, step in world.names.steps))
    elif shape.names:
        words = (*world.names.table(shape.names), *(BUILT_IN_ROLES if shape.names == "roles" else ()))
    elif last == "metric":
        words = WATCHED if section == "deploy" else known.metrics
    elif last == "test":
        words = known.drift_tests
    elif last in ("by", "column", "columns", "group", "key", "label", "order_by"):
        words = _columns(world)
    yield from (Completion(word, word, "name") for word in words)


def _columns(world: World) -> tuple[str, ...]:
    """Every column of every contract, each once."""
    datasets = () if world.subject is None else world.subject.spec.datasets.values()
    contracts = (dataset.contract for dataset in datasets)
    return tuple(dict.fromkeys(name for contract in contracts if contract is not None for name in contract.columns))


def _holes(subject: Subject | None, typed: str) -> Iterator[Completion]:
    names = () if subject is None else tuple(subject.names.params)
    axes = (
        set() if subject is None else {axis for step in subject.spec.steps for m in step.members for axis in m.values}
    )
    for word in (*(f"params.{name}" for name in names), *(f"matrix.{axis}" for axis in sorted(axes))):
        if word.startswith(typed) or not typed:
            yield Completion(word, word, "hole")
