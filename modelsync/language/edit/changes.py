"""Changes in the text of a spec that keep everything else of it: comments, order, quotes and indentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from modelsync.core.errors import SpecError
from modelsync.core.records import record
from modelsync.language.edit.extent import Splice, spliced
from modelsync.language.edit.insert import add, append, put, rename
from modelsync.language.edit.meaning import Keys, added, appended, has_only, holds, normal, removed, renamed
from modelsync.language.edit.place import (
    EditError,
    Text,
    find,
    own_keys,
    reach,
    refuse_needed,
    refuse_shared,
    said,
)
from modelsync.language.edit.remove import remove
from modelsync.language.text.nodes import Mapping, Node, key_name
from modelsync.language.text.read import read
from modelsync.language.text.source import Source
from modelsync.language.text.syntax import parse, start_of
from modelsync.language.text.writing import Data


@record
class Set:
    """Replace the value at a path that exists."""

    path: Keys
    value: Data


@record
class Add:
    """A new key at the end of the mapping at a path; mappings that are missing on the way are made."""

    path: Keys
    key: str
    value: Data


@record
class Append:
    """A new item at the end of the list at a path; a scalar there becomes the list's first item."""

    path: Keys
    value: Data


@record
class Remove:
    """Take away a key or an item with its value, the comment at its end and the comment lines directly above it."""

    path: Keys


@record
class Rename:
    """Another name for the key at a path; what refers to it elsewhere is not touched."""

    path: Keys
    key: str


Edit = Set | Add | Append | Remove | Rename


def apply(source: Source, edits: Sequence[Edit]) -> str:
    """The text after all edits, made one after the other.

    SpecError when the text can't be read; EditError when an edit can't be made as it is meant. The result of each was
    read again and says exactly what was asked for.
    """
    text = _read(source)
    for edit in edits:
        text = _applied(source, text, edit)
    return text.document.text


def _read(source: Source) -> Text:
    found = read(source)
    if found.root is None or found.diagnostics:
        raise SpecError(found.diagnostics)
    return Text(parse(source.text), found.root)


def _applied(source: Source, old: Text, edit: Edit) -> Text:
    name = said(edit.path)
    try:
        splices = _splices(old, edit)
    except ValueError as error:
        raise EditError(f"`{name}` can't hold that: {error}") from error
    try:
        new = _read(Source(source.path, spliced(old.document.text, splices)))
    except SpecError as error:
        said_there = error.diagnostics[0].message
        raise EditError(f"with this change of `{name}` the spec could not be read: {said_there}") from error
    if not _is_as_meant(old.root, new.root, edit) or not _keeps_comments(old, new, edit):
        _refuse_merged(new, edit)
        is_open = not old.document.text.endswith(("\n", "\r"))  # a block scalar there would get a line end
        raise EditError(
            f"this change of `{name}` would change something else too, so nothing was changed",
            help="end the last line of the file first" if is_open else "make it by hand",
        )
    return new


def _splices(text: Text, edit: Edit) -> list[Splice]:
    match edit:
        case Add():
            return _add(text, edit)
        case Append():
            place = find(text, edit.path)
            refuse_shared(text, place)
            return append(text, place, edit.value)
    if not edit.path:
        raise EditError("the spec as a whole can't be changed", help="name a key of it")
    place = find(text, edit.path)
    if isinstance(edit, Rename):
        _refuse_existing(text, edit)
        return rename(text, place, edit.key)
    if isinstance(edit, Set):
        refuse_needed(text, place, start_of(place.tree))
        return put(text, place, edit.value)
    refuse_needed(text, place, place.holder[1].start)
    return remove(text, place)


def _add(text: Text, edit: Add) -> list[Splice]:
    place, rest = reach(text, edit.path)
    refuse_shared(text, place)
    missing = tuple(step for step in rest if isinstance(step, str))
    if len(missing) != len(rest):
        raise EditError(
            f"`{said(edit.path)}` does not exist", help="an item is appended to a list, not added by number"
        )
    if not rest and normal(edit.key) in own_keys(text, place):
        name = said((*edit.path, edit.key))
        raise EditError(f"`{name}` exists already", help="set it, or choose another name")
    return add(text, place, missing, edit.key, edit.value)


def _refuse_existing(text: Text, edit: Rename) -> None:
    node = find(text, edit.path[:-1]).node
    if not isinstance(node, Mapping):
        raise EditError(f"`{said(edit.path)}` is an item of a list: it has no key", help="set or remove the item")
    if edit.key != edit.path[-1] and node.get(edit.key) is not None:
        raise EditError(f"`{said((*edit.path[:-1], edit.key))}` exists already", help="choose another name")


def _refuse_merged(new: Text, edit: Edit) -> None:
    """EditError when a key is still there after it was removed or renamed, because a merge brings it in."""
    node = reach(new, edit.path[:-1])[0].node
    if isinstance(edit, Remove | Rename) and isinstance(node, Mapping):
        for item in node.items:
            if item.via is not None and key_name(item.key) == normal(str(edit.path[-1])):
                raise EditError(
                    f"`{said(edit.path)}` would still be there: `<<` brings it in from line {item.key.at.line}",
                    help="set it to what it should be",
                )


def _is_as_meant(before: Node, after: Node, edit: Edit) -> bool:
    match edit:
        case Set():
            return has_only(before, after, edit.path, lambda _, new: holds(new, edit.value))
        case Add():
            return added(before, after, edit.path, edit.key, edit.value)
        case Append():
            return has_only(before, after, edit.path, lambda old, new: appended(old, new, edit.value))
        case Remove():
            return has_only(before, after, edit.path[:-1], lambda old, new: removed(old, new, edit.path[-1]))
        case Rename():
            return has_only(before, after, edit.path[:-1], lambda old, new: renamed(old, new, edit.path[-1], edit.key))


def _keeps_comments(old: Text, new: Text, edit: Edit) -> bool:
    before, after = (Counter(each.text for each in text.document.comments) for text in (old, new))
    return after <= before if isinstance(edit, Remove) else after == before
