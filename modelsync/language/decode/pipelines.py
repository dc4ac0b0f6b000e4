"""`pipelines:`: steps, what goes into them, what comes out, and how stubbornly they are tried."""

from __future__ import annotations

from modelsync.core.artifacts import OutputType
from modelsync.language.decode import literals, references
from modelsync.language.decode.context import Context
from modelsync.language.decode.fields import Fields, fields
from modelsync.language.model import Code, Pipeline, Retries, Step
from modelsync.language.nodes import Item, Scalar

_KEYS = ("uses", "run", "inputs", "with", "outputs", "after", "retries", "timeout", "isolate")
_LATER = ("command", "matrix", "each", "resources", "env", "cache", "description")
MOST_RETRIES = 20  # more is an endless loop that nobody watches
MOST_BACKOFF = 10


def pipeline(context: Context, item: Item) -> Pipeline | None:
    """One pipeline with those of its steps that could be decoded."""
    name = item.key.text
    body = fields(context, item.value, f"pipeline `{name}`", ("steps",), ("schedule", "params", "description"))
    if body is None:
        return None
    items = body.items("steps", required=True)
    steps = {each.key.text: step for each in items if (step := _step(context, name, each)) is not None}
    return Pipeline(name, steps, item.key.at)


def _step(context: Context, pipeline_name: str, item: Item) -> Step | None:
    name = item.key.text
    body = fields(context, item.value, f"step `{name}`", _KEYS, _LATER)
    if body is None:
        return None
    context.nodes["steps", f"{pipeline_name}.{name}"] = body.node
    code = _code(body)
    inputs = {
        each.key.text: (
            each,
            references.reference(context, each.value, f"input `{each.key.text}` of {body.what}", pipeline_name),
        )
        for each in body.items("inputs")
    }
    outputs = _outputs(body)
    after = _after(body, pipeline_name)
    timeout, isolate = _limits(body)
    arguments = body.items("with")
    both = {each.key.text for each in arguments} & set(inputs)
    for each in arguments:
        if each.key.text in both:
            message = f"`{each.key.text}` of {body.what} is both an input and in `with`"
            context.fault("MS109", each.key.at, message, "give it once")
    step = Step(
        pipeline=pipeline_name,
        name=name,
        code=code or Code(None, "", "", item.key.at),
        inputs={key: ref for key, (_, ref) in inputs.items() if ref is not None},
        arguments=body.values("with"),
        outputs=outputs,
        after=after,
        retries=_retries(body),
        timeout=timeout,
        isolate=isolate,
        written={each.key.text: literals.as_written(each.value) for each in arguments},
        at=item.key.at,
        inputs_at={key: each.key.at for key, (each, _) in inputs.items()},
        arguments_at={each.key.text: each.key.at for each in arguments},
    )
    return step if code is not None else None


def _code(body: Fields) -> Code | None:
    uses, run = body.node.get("uses"), body.node.get("run")
    if uses is not None and run is not None:
        key = body.node.key("uses")
        assert key is not None
        body.context.fault("MS109", key.at, f"{body.what} has both `uses` and `run`", "keep one")
        return None
    if uses is not None:
        return references.builtin(body.context, uses, f"`uses` of {body.what}")
    if run is not None:
        return references.code(body.context, run, f"`run` of {body.what}")
    if not body.has("command"):
        help = "add `run: folder/file.py:function` or `uses: builtin/split`"
        body.context.fault("MS102", body.node.at, f"{body.what} does nothing: it has no `run` and no `uses`", help)
    return None


def _outputs(body: Fields) -> dict[str, OutputType]:
    found = {}
    items = body.items("outputs", required=True)
    for item in items:
        what = f"output `{item.key.text}` of {body.what}"
        if (kind := literals.choice(body.context, item.value, what, list(OutputType))) is not None:
            found[item.key.text] = OutputType(kind)
    return found


def _after(body: Fields, pipeline_name: str) -> tuple[str, ...]:
    found = []
    for written, node in body.texts("after"):
        name = written.removeprefix("steps.")
        found.append(name)
        body.context.texts["after", pipeline_name, body.what, name] = node.at
    return tuple(dict.fromkeys(found))


def _retries(body: Fields) -> Retries:
    node = body.node.get("retries")
    if isinstance(node, Scalar):  # the short form `retries: 2`
        return Retries(limit=body.integer("retries", 0, 0, MOST_RETRIES))
    section = body.section("retries", ("limit", "delay", "backoff", "on"))
    if section is None:
        return Retries()
    section.node_of("limit", required=True)
    on = []
    on_node = section.node.get("on")
    for each in _listed(section, on_node):
        if (
            said := literals.choice(section.context, each, f"`on` of {section.what}", ("error", "timeout"))
        ) is not None:
            on.append(said)
    return Retries(
        limit=section.integer("limit", 0, 0, MOST_RETRIES),
        delay=section.duration("delay") or 0.0,
        backoff=section.number("backoff", 1, MOST_BACKOFF) or 1.0,
        on=tuple(dict.fromkeys(on)) if on_node is not None else Retries().on,
    )


def _listed(section: Fields, node: object) -> tuple[Scalar, ...]:
    if isinstance(node, Scalar):
        return (node,)
    return (
        tuple(each for each in section.listed("on", required=True) if isinstance(each, Scalar))
        if node is not None
        else ()
    )


def _limits(body: Fields) -> tuple[float | None, str]:
    """The timeout, and where the step runs: a time limit is only real when the process can be ended."""
    timeout = body.duration("timeout")
    node = body.node.get("timeout")
    if timeout is not None and timeout <= 0 and node is not None:
        body.context.fault("MS104", node.at, f"`timeout` of {body.what} must be more than 0")
    isolate = body.choice("isolate", ("thread", "process"))
    place = body.node.get("isolate")
    if isolate == "thread" and timeout is not None and place is not None:
        message = f"{body.what} has a timeout, so it runs in a process of its own"
        body.context.fault(
            "MS109", place.at, message, "a thread can't be stopped: write `isolate: process` or remove it"
        )
    return timeout, "process" if timeout is not None else isolate or "thread"
