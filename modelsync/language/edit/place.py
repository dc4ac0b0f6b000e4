"""Where an edit takes place: a path walked through a text, and the reasons not to touch what is found there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from modelsync.core.errors import UsageError
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.language.edit.meaning import Keys, normal
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence, key_name, kind_of
from modelsync.language.text.syntax import Branch, Document, Entry, Leaf, Tree


class EditError(UsageError):
    """A change that can't be made in a spec's text; nothing was changed."""


@dataclass(frozen=True)
class Text:
    """A text that was read: its syntax and what it says."""

    document: Document
    root: Node

    @cached_property
    def uses(self) -> dict[int, list[Leaf]]:
        """The aliases of each anchored value, by where its anchor stands."""
        anchored: dict[str, int] = {}
        found: dict[int, list[Leaf]] = {}
        for tree in _walk(self.document.root):
            if isinstance(tree, Leaf) and tree.style == "*":
                found.setdefault(anchored[self.document.of(tree.span)[1:]], []).append(tree)
            for span in tree.properties:
                if self.document.text[span.start] == "&":
                    anchored[self.document.of(span)[1:]] = span.start
        return found

    def aliases(self, tree: Tree) -> list[Leaf]:
        """The aliases of one value."""
        return [alias for span in tree.properties for alias in self.uses.get(span.start, ())]

    def line(self, offset: int) -> int:
        """The number of a line, from 1, for a message."""
        return self.document.line(offset) + 1


@record
class Place:
    """What stands at a path, and the collections around it from the outermost to the nearest."""

    path: Keys
    tree: Tree
    node: Node
    around: tuple[tuple[Branch, Entry], ...]  # a collection, and its entry on the way

    @property
    def in_brackets(self) -> bool:
        """Whether it stands inside a collection in brackets."""
        return any(branch.brackets is not None for branch, _ in self.around)

    @property
    def holder(self) -> tuple[Branch, Entry]:
        """The collection that holds it and its entry there; the root has none."""
        return self.around[-1]


def said(path: Keys) -> str:
    """A path as people write it: `gates.fair.checks[0]`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the spec"


def find(text: Text, path: Keys) -> Place:
    """What stands at a path. EditError when there is nothing, or when other places would change with it."""
    place, rest = reach(text, path)
    if rest:
        raise _missing(place, rest[0])
    return place


def reach(text: Text, path: Keys) -> tuple[Place, Keys]:
    """What stands at the part of a path that exists, and the keys that do not."""
    place = Place((), text.document.root, text.root, ())
    for number, step in enumerate(path):
        refuse_shared(text, place)
        found = _step(text, place, step)
        if found is None:
            return place, path[number:]
        place = found
    return place, ()


def refuse_shared(text: Text, place: Place) -> None:
    """EditError when a value is an alias, or is used elsewhere through one: a change would change other places too."""
    tree, name = place.tree, said(place.path)
    if isinstance(tree, Leaf) and tree.style == "*":
        alias, at = text.document.of(tree.span), place.node.at.line
        raise EditError(
            f"`{name}` is `{alias}`, which is defined in line {at}: a change there would change other places too",
            help=f"change it in line {at} by hand, or give `{name}` a value of its own first",
        )
    if aliases := text.aliases(tree):
        raise EditError(_used(name, aliases, text), help="change it by hand, or give those places values of their own")


def refuse_needed(text: Text, place: Place, start: int) -> None:
    """EditError when something between an offset and the end of a value is used from outside through an alias."""
    end = place.tree.span.end
    for anchor, aliases in text.uses.items():
        outside = [alias for alias in aliases if not start <= alias.span.start < end]
        if start <= anchor < end and outside:
            raise EditError(
                _used(said(place.path), outside, text), help="give those places values of their own before it goes"
            )


def _used(name: str, aliases: list[Leaf], text: Text) -> str:
    lines = sorted({text.line(alias.span.start) for alias in aliases})
    where = ", ".join(map(str, lines[:-1])) + (" and " if lines[:-1] else "") + str(lines[-1])
    alias = text.document.of(aliases[0].span)
    return f"`{name}` is used in line{'s' if lines[1:] else ''} {where} as `{alias}`, which would change too"


def own_keys(text: Text, place: Place) -> list[str]:
    """The keys that a mapping has of its own, not by a merge; none for anything else."""
    if isinstance(place.node, Mapping) and isinstance(place.tree, Branch):
        return [key for _, key in _own_entries(text.document, place.tree, place.node)]
    return []


def _own_entries(document: Document, branch: Branch, node: Mapping) -> list[tuple[Entry, str]]:
    """The entries of a mapping that are no merges, each with its key as the reader compares it."""
    entries = [entry for entry in branch.entries if not _is_merge(document, entry)]
    return [(entry, key_name(item.key)) for entry, item in zip(entries, node.items, strict=False)]


def _step(text: Text, place: Place, step: str | int) -> Place | None:
    node, tree, name = place.node, place.tree, said(place.path)
    path = (*place.path, step)
    if isinstance(node, Mapping) and isinstance(tree, Branch) and isinstance(step, str):
        own = _own_entries(text.document, tree, node)
        wanted = normal(step)
        for number, (entry, key) in enumerate(own):
            if key == wanted:
                return Place(path, entry.value, node.items[number].value, (*place.around, (tree, entry)))
        for item in node.items[len(own) :]:
            if key_name(item.key) == wanted:
                raise EditError(
                    f"`{said(path)}` comes from the `<<` of `{name}` and is defined in line {item.key.at.line}: "
                    "a change there would change other places too",
                    help=f"add the key `{step}` to `{name}` itself: a mapping's own key wins over a merged one",
                )
        return None
    if isinstance(node, Sequence) and isinstance(tree, Branch) and isinstance(step, int):
        if not 0 <= step < len(node.items):
            count = len(node.items)
            raise EditError(
                f"`{name}` has no item {step}: it has {count} item{'' if count == 1 else 's'}",
                help="items count from 0",
            )
        entry = tree.entries[step]
        return Place(path, entry.value, node.items[step], (*place.around, (tree, entry)))
    if isinstance(node, Scalar) and node.value is None and isinstance(step, str):
        return None
    wanted = "item" if isinstance(step, int) else "key"
    raise EditError(f"`{name}` is {kind_of(node)}: it has no {wanted} `{step}`", help=f"set `{name}` as a whole")


def _missing(place: Place, step: str | int) -> EditError:
    keys = [item.key.text for item in place.node.items] if isinstance(place.node, Mapping) else []
    near = nearest(str(step), keys)
    help = f"did you mean `{near}`?" if near else f"keys here: {', '.join(keys)}" if keys else "add it first"
    return EditError(f"`{said((*place.path, step))}` does not exist", help=help)


def _is_merge(document: Document, entry: Entry) -> bool:
    key = entry.key
    return isinstance(key, Leaf) and not key.style and not key.is_nothing and document.of(key.span) == "<<"


def _walk(tree: Tree) -> Iterator[Tree]:
    """Every value in the order of the text, keys included."""
    yield tree
    if isinstance(tree, Branch):
        for entry in tree.entries:
            if entry.key is not None:
                yield from _walk(entry.key)
            yield from _walk(entry.value)
