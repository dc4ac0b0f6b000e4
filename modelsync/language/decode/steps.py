"""`pipelines:`: steps, what goes into them, what comes out, and how stubbornly they are tried."""

from __future__ import annotations

from typing import Any

from modelsync.core.artifacts import OutputType
from modelsync.language.decode import literals
from modelsync.language.decode.body import Body
from modelsync.language.decode.matrices import axes_of, members_of
from modelsync.language.model import Code, Member, Pipeline, Resources, Retries, Step
from modelsync.language.shapes import (
    Anything,
    Builtin,
    Choice,
    Duration,
    Fields,
    Function,
    Key,
    Many,
    Matrix,
    Named,
    Number,
    Plain,
    Reference,
    Secret,
    Size,
    Text,
)
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence

MOST_RETRIES = 20  # more is an endless loop that nobody watches
MOST_BACKOFF = 10
MOST_FILLED = 200_000  # a second of work
_WORK = ("run", "uses", "command")


def _pipeline(body: Body) -> Pipeline:
    return Pipeline(body.name, body.get("steps", {}), body.at)


def _step(body: Body) -> Step | None:
    context, id = body.context, body.place.step
    context.nodes["steps", id] = body.node
    code = _code(body)
    _check_twice(body)
    timeout, isolate = _limits(body)
    members = _members(body)
    inputs = _items(body, "inputs")
    arguments = _items(body, "with")
    if code is None:
        return None
    return Step(
        pipeline=body.place.pipeline,
        name=body.name,
        code=code,
        inputs=body.get("inputs", {}),
        arguments={} if members else body.get("with", {}),
        outputs={name: OutputType(kind) for name, kind in body.get("outputs", {}).items()},
        after=tuple(dict.fromkeys(body.get("after", ()))),
        retries=body.get("retries", Retries()),
        timeout=timeout,
        isolate=isolate,
        written={name: literals.as_written(node) for name, (_, node) in arguments.items()},
        at=body.at,
        inputs_at={name: at for name, (at, _) in inputs.items()},
        arguments_at={name: at for name, (at, _) in arguments.items()},
        command=body.get("command", ()),
        env={} if members else body.get("env", {}),
        resources=body.get("resources", Resources()),
        each=body.get("each", ""),
        members=members,
        tags=body.get("tags", ()),
        description=body.get("description", ""),
    )


def _items(body: Body, key: str) -> dict[str, tuple[Any, Node]]:
    """The items of a mapping by name, each with the place of its key and its node."""
    node = body.node.get(key)
    return {each.key.text: (each.key.at, each.value) for each in node.items} if isinstance(node, Mapping) else {}


def _code(body: Body) -> Code | None:
    written = [key for key in _WORK if body.has(key)]
    for extra in written[1:]:
        body.fault("MS109", body.key_at(extra), f"{body.what} has both `{written[0]}` and `{extra}`", "keep one")
    if not written:
        help = "add `run: folder/file.py:function`, `uses: builtin/split` or `command: [program, argument]`"
        body.fault("MS102", body.node.at, f"{body.what} does nothing: it has no `run`, `uses` or `command`", help)
        return None
    if written[0] == "command":
        body.only_with(("with",), False, "only goes with a function", "put the values into the list, as `{params.x}`")
        return Code(None, "", "command", body.value_at("command")) if body.get("command") else None
    found: Code | None = body.get(written[0])
    return found


def _check_twice(body: Body) -> None:
    inputs = _items(body, "inputs")
    for name, (at, _) in _items(body, "with").items():
        if name in inputs:
            body.fault("MS109", at, f"`{name}` of {body.what} is both an input and in `with`", "give it once")
    if body.has("matrix") and body.has("each"):
        message = f"{body.what} has both `matrix` and `each`"
        body.fault("MS109", body.key_at("each"), message, "keep one: `each` follows the matrix of another step")


def _limits(body: Body) -> tuple[float | None, str]:
    """The timeout, and where the step runs: a limit is only real when the process can be ended."""
    timeout, isolate = body.get("timeout"), body.get("isolate")
    memory = body.get("resources", Resources()).memory
    limit = "a timeout" if timeout is not None else "a memory limit" if memory is not None else ""
    if isolate == "thread" and limit:
        message = f"{body.what} has {limit}, so it runs in a process of its own"
        help = "a thread can't be stopped: write `isolate: process` or remove it"
        body.fault("MS109", body.value_at("isolate"), message, help)
    return timeout, "process" if limit else isolate or "thread"


def _members(body: Body) -> tuple[Member, ...]:
    """The arguments of every member, its values put in; what the first one made is kept where nothing differs."""
    members = members_of(body.context, body.place)
    with_first, env_first = body.get("with", {}), body.get("env", {})
    differing = {name: node for name, (_, node) in _items(body, "with").items() if _holes(node)}
    varying = {name: node for name, (_, node) in _items(body, "env").items() if _holes(node)}
    if not _is_affordable(body, len(members), [*differing.values(), *varying.values()]):
        return ()
    found, axes = [], axes_of(members)
    for values in members:
        with body.context.member(values, axes):
            arguments = {name: literals.value(body.context, node) for name, node in differing.items()}
            texts = {
                name: literals.text(body.context, node, f"variable `{name}` of {body.what}")
                for name, node in varying.items()
            }
        good = {name: said for name, said in arguments.items() if said is not literals.FAULT}
        env = {name: said for name, said in texts.items() if said is not None}
        found.append(Member(values, with_first | good, env_first | env))
    return tuple(found)


def _is_affordable(body: Body, members: int, nodes: list[Node]) -> bool:
    """Whether the members of all steps so far are few enough to put values into each: `check` stays quick."""
    holes = sum(_holes(node) for node in nodes)
    body.context.filled += members * max(holes, 1)
    if body.context.filled <= MOST_FILLED:
        return True
    if body.context.filled - members * max(holes, 1) <= MOST_FILLED:  # told once, where it becomes too much
        message = f"{body.what} has {members:,} members with {holes:,} values put in for each: with the steps before it"
        help = "take away members, or put values in only where they differ"
        body.fault("MS104", body.node.at, f"{message} more than {MOST_FILLED:,} in one spec", help)
    return False


def _holes(node: Node) -> int:
    """How many `${{ }}` stand in a value."""
    match node:
        case Mapping():
            return sum(_holes(item.value) for item in node.items)
        case Sequence():
            return sum(_holes(each) for each in node.items)
        case Scalar():
            return node.text.count(literals.OPENING)


def _retries(body: Body) -> Retries:
    plain = Retries()
    return Retries(
        limit=body.get("limit", plain.limit),
        delay=body.get("delay", plain.delay),
        backoff=body.get("backoff", plain.backoff),
        on=tuple(dict.fromkeys(body.get("on", plain.on))),
    )


def _resources(body: Body) -> Resources:
    return Resources(body.get("cpu"), body.get("memory"), body.get("gpu", 0))


RETRIES = Fields(
    {
        "limit": Key(Number(0, MOST_RETRIES, whole=True), "How often it is tried again.", required=True, example="2"),
        "delay": Key(Duration(), "How long to wait before the first further try.", default="0s"),
        "backoff": Key(Number(1, MOST_BACKOFF), "What the delay is multiplied with after each try.", default=1),
        "on": Key(
            Many(Choice(("error", "timeout")), least=1, one=True), "What is tried again.", default=["error", "timeout"]
        ),
    },
    _retries,
    short="limit",
)
RESOURCES = Fields(
    {
        "cpu": Key(Number(0.1, 1024), "How many cores it may use."),
        "memory": Key(Size(), "How much memory it may use, such as `2GiB`; beyond it the step is stopped."),
        "gpu": Key(Number(0, 64, whole=True), "How many graphics processors it needs.", default=0),
    },
    _resources,
)
STEP = Fields(
    {
        "run": Key(Function(), "A typed function of your own, `folder/file.py:function`."),
        "uses": Key(Builtin(), "A step that ModelSync brings, such as `builtin/split`."),
        "command": Key(
            Many(Text(), "an argument", least=1, repeats=True),
            "A program with its arguments, never a shell string; `{inputs.x}`, `{outputs.x}`, `{params.x}` are put in.",
        ),
        "inputs": Key(
            Named(Reference(("datasets", "outputs")), "input", within=True),
            "What goes in, by the name of the parameter.",
        ),
        "with": Key(Named(Anything(), "argument", within=True), "Values for parameters; `${{ params.x }}` is put in."),
        "outputs": Key(
            Named(Choice(tuple(OutputType), fixed=True), "output", within=True),
            "What comes out, each with its type.",
            required=True,
            example="{model: model}",
        ),
        "after": Key(Many(Plain("steps"), one=True), "Steps that must be done first though nothing flows from them."),
        "matrix": Key(Matrix(), "Values by axis: the step runs once for each combination."),
        "each": Key(Plain("steps"), "A step with a matrix: this one runs once for every member of it."),
        "retries": Key(RETRIES, "How stubbornly it is tried again.", default=0),
        "timeout": Key(Duration(True, "m"), "When it is stopped, such as `40m`; it then runs in its own process."),
        "isolate": Key(Choice(("thread", "process")), "Where it runs.", default="thread"),
        "resources": Key(RESOURCES, "What it may use."),
        "env": Key(
            Named(Secret(or_text=True), "variable", within=True),
            "What it sees of the environment: a text or `secrets.name`.",
        ),
        "tags": Key(Many(Plain(), one=True), "Words to select it by."),
        "description": Key(Text(), "What it does, for people."),
    },
    _step,
    per_member=("with", "env"),
)
PIPELINE = Fields(
    {
        "steps": Key(Named(STEP, "step"), "The steps by name.", required=True),
        "description": Key(Text(), "What it is for."),
    },
    _pipeline,
)
