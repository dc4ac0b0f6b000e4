"""`stages:`: what must hold before a version may enter each stage."""

from __future__ import annotations

from modelsync.language.decode.context import Context
from modelsync.language.decode.fields import fields
from modelsync.language.decode.versioning import condition
from modelsync.language.model import Stage
from modelsync.language.nodes import Item


def stage(context: Context, item: Item) -> Stage | None:
    """One stage."""
    name = item.key.text
    body = fields(context, item.value, f"stage `{name}`", ("after", "gates", "when", "deploy"), ("approval", "notify"))
    if body is None:
        return None
    context.nodes["stages", name] = body.node
    after, deploy = body.plain("after"), body.plain("deploy")
    gates = body.texts("gates")
    when_node = body.node.get("when")
    when = None if when_node is None else condition(context, when_node, "stage", name)
    for key, said in (("after", after), ("deploy", deploy)):
        if said is not None:
            context.texts["stages", name, key, said[0]] = said[1].at
    for gate, node in gates:
        context.texts["stages", name, "gates", gate] = node.at
    return Stage(
        name=name,
        after=after[0] if after is not None else None,
        gates=tuple(gate for gate, _ in gates),
        when=when,
        deploy=deploy[0] if deploy is not None else None,
        at=item.key.at,
    )
