"""What means the same and is written otherwise: descriptions, the order of lists, layout and comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modelsync.core.digest import of_value
from modelsync.language.normal import normal_form
from modelsync.plan.difference.changes import Change, Class
from modelsync.plan.difference.sides import Side

Path = tuple[str | int, ...]

_KEYS = {"deploys": "deploy", "channels": "notify"}  # sections that the normal form calls otherwise
DESCRIPTION = "description"


def described(old: Side, new: Side) -> Iterator[Change]:
    """Descriptions that changed: people read them, nothing else does."""
    for path, _, _ in _differ(normal_form(old.spec), normal_form(new.spec), ()):
        if path[-1] == DESCRIPTION and len(path) > 1:
            yield _change(old, new, path, f"the description of {_said(path[:-1])} is another")


def rest(old: Side, new: Side) -> Iterator[Change]:
    """What is left when nothing else was found to change; one change for the text as a whole when that is all."""
    found = [each for each in _differ(normal_form(old.spec), normal_form(new.spec), ()) if each[0][-1] != DESCRIPTION]
    for path, one, other in found:
        how = "is in another order" if _sorted(one) == _sorted(other) else "is written otherwise"
        yield _change(old, new, path, f"{_said(path)} {how}, which decides nothing")
    if not found and old.texts != new.texts:
        said = "only the text differs: layout, comments, or another way to write the same"
        yield Change(Class.COSMETIC, "", said, old.at(), new.at())


def _change(old: Side, new: Side, path: Path, said: str) -> Change:
    where = (_KEYS.get(str(path[0]), path[0]), *path[1:])
    return Change(Class.COSMETIC, "", said, old.at(*where), new.at(*where))


def _differ(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """The smallest parts that differ; a list that is longer or in another order is one part."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and old.keys() == new.keys():
        for key in old:
            yield from _differ(old[key], new[key], (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and _sorted(old) != _sorted(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differ(one, other, (*path, number))
    elif old != new:
        yield path, old, new


def _sorted(value: Any) -> Any:
    return sorted(map(of_value, value)) if isinstance(value, list) else value


def _said(path: Path) -> str:
    return "`" + ".".join(map(str, path)) + "`"
