"""Keys that do not exist, found before anything is decoded: a slip is told once and read as what was meant.

Without this step a misspelt key would be told twice, as unknown and as missing, and whatever it declares would be
missing everywhere else. A key that stands one level too high or too low is told, and read where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from modelsync.core.nearest import is_slip, nearest
from modelsync.language.decode.belonging import owners
from modelsync.language.decode.context import Context
from modelsync.language.decode.regrouping import in_one, needless, section_of
from modelsync.language.foreign import either, file_of_another_tool, instead_at_the_top, meant, ours, theirs
from modelsync.language.mends import slip
from modelsync.language.shapes import Either, Fields, Kinds, Many, Named, Shape, fields_at
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence

THE_SPEC = "the spec"


def respelt(context: Context, root: Node, shape: Fields) -> Node:
    """The whole spec with every slip in a key put right and every unknown key left out, each told as a fault."""
    top = {item.key.text: item.key for item in root.items} if isinstance(root, Mapping) else {}
    if (what := file_of_another_tool(top)) and "modelsync" not in top:
        message = f"this is {what}, not a spec"
        context.fault("MS101", next(iter(top.values())).at, message, "a spec begins with `modelsync: 1`")
        context.emptied.add(root.at)
        return Mapping((), root.at)
    return _Speller(context).respelt(root, shape, THE_SPEC)


def kind_of(node: Mapping, shape: Kinds) -> str:
    """The kind that is written, or the one that was probably meant; empty when there is none."""
    written = node.get(shape.by)
    if not isinstance(written, Scalar):
        return ""
    return written.text if written.text in shape.options else meant(written.text, shape.options)


def named(key: str, what: str) -> str:
    """A key in words: `key` of what it stands in."""
    return f"`{key}`" if what == THE_SPEC else f"`{key}` of {what}"


def in_words(shape: Named, name: str, owner: str) -> str:
    """A named thing in words: step `fit`, output `model` of step `fit`."""
    called = f"{shape.title} `{name}`"
    return f"{called} of {owner}" if shape.within and owner else called


@dataclass(slots=True)
class _Level:
    """One mapping with known keys on the way down."""

    shape: Fields
    what: str
    written: set[str]
    moved: dict[str, list[Item]] = field(default_factory=dict)  # into which of its keys -> what stands beside it
    strays: list[Item] = field(default_factory=list)  # keys of its own that stand further down
    gathered: dict[str, list[Item]] = field(default_factory=dict)  # a key that is not written -> what belongs below it

    def tells(self, key: str) -> str:
        """Where a key of this level goes, in words."""
        if self.what == THE_SPEC:
            return f"`{key}:` is a section of the spec, so it begins in the first column"
        return f"`{key}` goes into {self.what}"


class _Speller:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._levels: list[_Level] = []

    def respelt(self, node: Node, shape: Shape, what: str, owner: str = "") -> Node:
        match shape:
            case Fields() if isinstance(node, Mapping):
                return self._fields(node, shape, what)
            case Kinds() if isinstance(node, Mapping):
                return self._kinds(node, shape, what)
            case Either():
                return self.respelt(node, shape.mapping, what) if isinstance(node, Mapping) else node
            case Named() if isinstance(node, Mapping):
                items = (self._inside(each, shape.item, in_words(shape, each.key.text, owner)) for each in node.items)
                return replace(node, items=tuple(items))
            case Many() if isinstance(node, Sequence):
                called = f"{shape.title} of {owner or what}" if shape.title else what
                return replace(node, items=tuple(self.respelt(each, shape.item, called) for each in node.items))
            case Many() if shape.one:
                return self.respelt(node, shape.item, what)
        return node

    def _inside(self, item: Item, shape: Shape, what: str, owner: str = "") -> Item:
        with self._context.through(item.via or item.value.via):
            return replace(item, value=self.respelt(item.value, shape, what, owner))

    def _kinds(self, node: Mapping, shape: Kinds, what: str) -> Node:
        if node.get(shape.by) is None and (near := _meant_kind(node, shape)):
            by = (shape.by,)
            items = (self._slip(each, shape.by, by, what) if each.key.text == near else each for each in node.items)
            node = replace(node, items=tuple(items))
        kind = kind_of(node, shape)
        return self._fields(node, shape.options[kind], f"{kind} {what}") if kind else node

    def _fields(self, node: Mapping, shape: Fields, what: str) -> Mapping:
        level = _Level(shape, what, {item.key.text for item in node.items})
        self._levels.append(level)
        kept: list[Item] = []
        for item in node.items:
            each = item if item.key.text in shape.keys else self._unknown(item, level, kept, node)
            if each is not None:
                kept.append(each)
        done = [self._below(_taking(each, level), level) for each in _once(kept)]
        done += [self._below(each, level) for each in (*level.strays, *_gathered(level))]
        self._levels.pop()
        if node.items and not done:
            self._context.emptied.add(node.at)
        return replace(node, items=tuple(done))

    def _below(self, item: Item, level: _Level) -> Item:
        key = item.key.text
        return self._inside(item, level.shape.keys[key].shape, named(key, level.what), level.what)

    def _unknown(self, item: Item, level: _Level, before: list[Item], node: Mapping) -> Item | None:
        """Tell an unknown key; the item under the key that was meant, None when it is none of this level."""
        text, keys = item.key.text, tuple(level.shape.keys)
        taken = nearest(text, keys)
        if taken in level.written and is_slip(text, taken) and not _is_from_elsewhere(taken, item, node):
            self._slip(item, "", keys, level.what, f"`{taken}` stands here already; keep one of them")
            return None
        free = [key for key in keys if key not in level.written or _is_from_elsewhere(key, item, node)]
        is_misspelt = any(is_slip(text, key) for key in keys)
        if not is_misspelt and (inner := needless(item, level.shape, ours(text, free))):
            self._lifted(item, inner, level)
            return None
        if words := either(text, free):
            level.written.add(words[0])
            return self._slip(item, words[0], keys, level.what, f"write `{'` or `'.join(words)}`, as it is meant")
        if len(node.items) == 1 and (better := in_one(item, level.shape)):
            self._slip(item, "", keys, level.what, better)
            return None
        near = ours(text, free) or nearest(text, free)
        is_sure = near and (ours(text, free) or is_slip(text, near) or slip(item.key.at, text, near))
        if near and (is_sure or not self._is_elsewhere(item, level, node)):
            level.written.add(near)
            return self._slip(item, near, keys, level.what)
        if taken in level.written and slip(item.key.at, text, taken):
            self._slip(item, "", keys, level.what, f"`{taken}` stands here already; keep one of them")
            return None
        if not (help := self._moved(item, level, before, node)):
            if self._is_gathered(item, level, node):
                return None
            help = self._elsewhere(item, level)
        if not help and "with" in level.shape.keys:
            help = "if it is a parameter of the function, write it under `with`"
        self._slip(item, "", keys, level.what, help)
        return None

    def _lifted(self, item: Item, inner: tuple[Item, ...], level: _Level) -> None:
        """Tell of a key around others that belong into the level itself, and read them there."""
        names = " and ".join(f"`{each.key.text}`" for each in inner)
        help = f"write {names} straight into {level.what}, without `{item.key.text}`"
        self._slip(item, "", tuple(level.shape.keys), level.what, help)
        level.strays += [each for each in inner if each.key.text not in level.written]
        level.written |= {each.key.text for each in inner}

    def _is_gathered(self, item: Item, level: _Level, node: Mapping) -> bool:
        """Whether an unknown key is a thing by name whose section is left out; all of these are told at the first."""
        section = section_of(item, level.shape)
        if not section:
            return False
        if section in level.written:
            level.moved.setdefault(section, []).append(item)
            self._slip(item, "", tuple(level.shape.keys), level.what, f"put it under `{section}:`")
            return True
        found = level.gathered.setdefault(section, [])
        if not found:
            others = [each for each in node.items if each.key.text not in level.shape.keys]
            names = [f"`{each.key.text}`" for each in others if section_of(each, level.shape) == section]
            listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
            self._slip(item, "", tuple(level.shape.keys), level.what, f"put {listed} under `{section}:`")
        found.append(item)
        return True

    def _elsewhere(self, item: Item, level: _Level) -> str:
        """Where a key goes that is none of this level nor of one around."""
        text, top = item.key.text, self._levels[0].shape
        if level.what == THE_SPEC and (better := instead_at_the_top(text)):
            return better
        if (word := ours(text, level.shape.keys)) and word in level.written:
            inner = item.value.items if isinstance(item.value, Mapping) else ()
            level.moved.setdefault(word, []).extend(inner)
            return f"it is called `{word}`, which stands here already: put both together"
        return owners(text, top)

    def _is_elsewhere(self, item: Item, level: _Level, node: Mapping) -> bool:
        """Whether the very key belongs one level below, in a mapping around, or under another name somewhere."""
        key = item.key.text
        around = any(key in each.shape.keys for each in self._levels[:-1])
        by_name = section_of(item, level.shape)
        theirs_elsewhere = theirs(key) and owners(key, self._levels[0].shape)
        return around or bool(by_name or _child(key, level.shape, node) or theirs_elsewhere)

    def _moved(self, item: Item, level: _Level, before: list[Item], node: Mapping) -> str:
        """Put the item where it belongs, when that is just below or in a mapping around; the words for it."""
        key = item.key.text
        if child := _child(key, level.shape, node):
            level.moved.setdefault(child, []).append(item)
            return f"`{key}` goes into `{child}`"
        for around in reversed(self._levels[:-1]):
            if key in around.shape.keys and (around.what != THE_SPEC or isinstance(item.value, Mapping)):
                if key not in around.written:
                    around.written.add(key)
                    around.strays.append(item)
                return around.tells(key)
        last = before[-1] if before else None
        if last is not None and _is_nothing(last.value) and isinstance(level.shape.keys[last.key.text].shape, Named):
            level.moved.setdefault(last.key.text, []).append(item)
            return f"indent it, if it belongs to `{last.key.text}`"
        return ""

    def _slip(self, item: Item, near: str, allowed: tuple[str, ...], what: str, help: str = "") -> Item:
        """Tell an unknown key; the item under the key that was meant."""
        key = item.key
        message, is_asked = f"unknown key `{key.text}` in {what}", not help
        help = help or (f"did you mean `{near}`?" if near else "")
        note = f"keys allowed here: {', '.join(sorted(allowed))}"
        fix = slip(key.at, key.text, near) if near and is_asked else None
        self._context.fault("MS101", key.at, message, help, notes=(note,), fix=fix)
        return replace(item, key=replace(key, text=near, value=near)) if near else item


def _gathered(level: _Level) -> Iterator[Item]:
    """The sections that are left out, with what was gathered for them."""
    for section, items in level.gathered.items():
        at = items[0].key.at
        yield Item(Scalar(section, section, "", at), Mapping(tuple(items), items[0].value.at))


def _is_from_elsewhere(key: str, item: Item, node: Mapping) -> bool:
    """Whether a key comes from an anchor or another file, so that the item may write it too."""
    found = next((each for each in node.items if each.key.text == key), None)
    return found is not None and (found.via is not None or found.key.at.file != item.key.at.file)


def _once(items: list[Item]) -> list[Item]:
    """The items, each key once: what was put right lies over what comes from an anchor or another file."""
    found: dict[str, Item] = {}
    for item in items:
        first = found.setdefault(item.key.text, item)
        if first is not item:
            own, below = (item, first) if item.via is None and first.via is not None else (first, item)
            found[item.key.text] = replace(own, value=_overlaid(own.value, below.value))
    return list(found.values())


def _overlaid(own: Node, below: Node) -> Node:
    if not isinstance(own, Mapping) or not isinstance(below, Mapping):
        return own
    there = {item.key.text for item in own.items}
    return replace(own, items=(*own.items, *(item for item in below.items if item.key.text not in there)))


def _meant_kind(node: Mapping, shape: Kinds) -> str:
    """The unknown key that was meant as the one that decides the kind."""
    allowed = {key for option in shape.options.values() for key in option.keys}
    unknown = [item.key.text for item in node.items if item.key.text not in allowed]
    return next((key for key in unknown if ours(key, (shape.by,))), "") or nearest(shape.by, unknown)


def _child(key: str, shape: Fields, node: Mapping) -> str:
    """The key of a mapping whose own keys the given one is among."""
    for name, each in shape.keys.items():
        value = node.get(name)
        kind = kind_of(value, each.shape) if isinstance(value, Mapping) and isinstance(each.shape, Kinds) else ""
        below = fields_at(each.shape, kind)
        if below is not None and key in below.keys:
            return name
    return ""


def _taking(item: Item, level: _Level) -> Item:
    """The item with what stood beside it and belongs into it, as far as it is a mapping or nothing."""
    more = [each for each in level.moved.get(item.key.text, ()) if _fits(item.value, each)]
    if not more:
        return item
    own = item.value.items if isinstance(item.value, Mapping) else ()
    at = item.value.at
    return replace(item, value=Mapping((*own, *more), at))


def _fits(value: Node, item: Item) -> bool:
    return value.get(item.key.text) is None if isinstance(value, Mapping) else _is_nothing(value)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
