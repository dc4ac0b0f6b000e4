"""Keys that do not exist, found before anything is decoded: a slip is told once and read as what was meant.

Without this step a misspelt key would be told twice, as unknown and as missing, and whatever it declares would be
missing everywhere else.
"""

from __future__ import annotations

from dataclasses import replace

from modelsync.core.nearest import nearest
from modelsync.language.decode.context import Context
from modelsync.language.mends import slip
from modelsync.language.nodes import Item, Mapping, Node, Scalar, Sequence
from modelsync.language.shapes import Either, Fields, Kinds, Many, Named, Shape


def respelt(context: Context, node: Node, shape: Shape, what: str, owner: str = "") -> Node:
    """The node with every slip in a key put right and every unknown key left out, each told as a fault."""
    match shape:
        case Fields() if isinstance(node, Mapping):
            return _fields(context, node, shape, what)
        case Kinds() if isinstance(node, Mapping):
            return _kinds(context, node, shape, what)
        case Either():
            return respelt(context, node, shape.mapping, what) if isinstance(node, Mapping) else node
        case Named() if isinstance(node, Mapping):
            items = (_inside(context, item, shape.item, in_words(shape, item.key.text, owner)) for item in node.items)
            return replace(node, items=tuple(items))
        case Many() if isinstance(node, Sequence):
            called = f"{shape.title} of {owner or what}" if shape.title else what
            return replace(node, items=tuple(respelt(context, each, shape.item, called) for each in node.items))
        case Many() if shape.one:
            return respelt(context, node, shape.item, what)
    return node


def kind_of(node: Mapping, shape: Kinds) -> str:
    """The kind that is written, or the nearest there is; empty when there is none."""
    written = node.get(shape.by)
    if not isinstance(written, Scalar):
        return ""
    return written.text if written.text in shape.options else nearest(written.text, shape.options)


def named(key: str, what: str) -> str:
    """A key in words: `key` of what it stands in."""
    return f"`{key}`" if what == "the spec" else f"`{key}` of {what}"


def in_words(shape: Named, name: str, owner: str) -> str:
    """A named thing in words: step `fit`, output `model` of step `fit`."""
    called = f"{shape.title} `{name}`"
    return f"{called} of {owner}" if shape.within and owner else called


def _kinds(context: Context, node: Mapping, shape: Kinds, what: str) -> Node:
    by = Fields({shape.by: next(iter(shape.options.values())).keys[shape.by]})
    if node.get(shape.by) is None and (near := _meant(node, shape)):
        node = replace(node, items=tuple(_told(context, item, near, by, what) for item in node.items))
    kind = kind_of(node, shape)
    return _fields(context, node, shape.options[kind], f"{kind} {what}") if kind else node


def _meant(node: Mapping, shape: Kinds) -> str:
    """The key that was meant as the one that decides the kind."""
    allowed = {key for option in shape.options.values() for key in option.keys}
    unknown = [item.key.text for item in node.items if item.key.text not in allowed]
    return nearest(shape.by, unknown)


def _told(context: Context, item: Item, near: str, by: Fields, what: str) -> Item:
    if item.key.text != near:
        return item
    return _slip(context, item, next(iter(by.keys)), tuple(by.keys), what)


def _fields(context: Context, node: Mapping, shape: Fields, what: str) -> Mapping:
    written = {item.key.text for item in node.items}
    kept: list[Item] = []
    for item in node.items:
        each = item
        if each.key.text not in shape.keys:
            near = nearest(each.key.text, (key for key in shape.keys if key not in written))
            each = _slip(context, item, near, tuple(shape.keys), what)
            if not near:
                continue
            written.add(near)
        key = each.key.text
        kept.append(_inside(context, each, shape.keys[key].shape, named(key, what), what))
    return replace(node, items=tuple(kept))


def _slip(context: Context, item: Item, near: str, allowed: tuple[str, ...], what: str) -> Item:
    """Tell an unknown key; the item under the key that was meant."""
    key = item.key
    message = f"unknown key `{key.text}` in {what}"
    help = f"did you mean `{near}`?" if near else ""
    note = f"keys allowed here: {', '.join(sorted(allowed))}"
    context.fault("MS101", key.at, message, help, notes=(note,), fix=slip(key.at, key.text, near) if near else None)
    return replace(item, key=replace(key, text=near, value=near)) if near else item


def _inside(context: Context, item: Item, shape: Shape, what: str, owner: str = "") -> Item:
    with context.through(item.via or item.value.via):
        return replace(item, value=respelt(context, item.value, shape, what, owner))
