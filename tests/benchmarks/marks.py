"""Words marked where they stand: definitions with all their uses, params that are put in, names in conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelsync.language.text.nodes import Scalar
from tests.benchmarks.spots import Place, Spot, Survey, TreePath

HOLE = re.compile(r"\$\{\{\s*((params|matrix)\.(\w+))\s*\}\}")
COMMAND_HOLE = re.compile(r"\{((inputs|outputs|params)\.(\w+))\}")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")
_WORDS = frozenset({"and", "or", "not", "in", "true", "false"})
_UNCHECKED = "nothing uses it"
_INCLUDED = "an included file may declare it too"
UNKNOWABLE = "only the running code knows it"


class Marks:
    """Collects the spots of one survey."""

    def __init__(self, survey: Survey) -> None:
        self.s = survey

    def spot(
        self,
        kind: str,
        group: str,
        node: Scalar,
        part: tuple[int, int] | None = None,
        legal: frozenset[str] = frozenset(),
        free: str = "",
        meant: frozenset[str] = frozenset(),
        places: frozenset[Place] = frozenset(),
    ) -> None:
        """Remember the whole of a scalar or a part of it."""
        inner = self.s.inner(node)
        if inner is None:
            return
        start, end = (inner[0] + part[0], inner[0] + part[1]) if part else inner
        at = (node.at.line, node.at.col)
        word = self.s.text[start:end]
        if any(sign.isalpha() for sign in word):
            self.s.spots.append(
                Spot(kind, group, start, end, places or frozenset({at}), meant | {word, node.text}, inner, legal, free)
            )

    def define(self, path: tuple[str, ...], key: Scalar) -> None:
        self.s.defined.setdefault(path, key)

    def use(self, path: tuple[str, ...], place: Place) -> None:
        self.s.uses.setdefault(path, []).append(place)

    def finish(self) -> None:
        """Definitions, once all their uses are known."""
        for path, key in self.s.defined.items():
            uses = frozenset(self.s.uses.get(path, ()))
            own = (key.at.line, key.at.col)
            free = "" if uses else _UNCHECKED
            if re.search(rf"(?<!\w){re.escape(key.text)}:", self.s.included):
                free = _INCLUDED
            self.spot("definition", path[0], key, free=free, places=uses | {own})

    def holes(self, node: Scalar, path: TreePath) -> None:
        inner = self.s.inner(node)
        for pattern in (HOLE, COMMAND_HOLE):
            for hole in pattern.finditer(node.text):
                head, name = hole.group(2), hole.group(3)
                place = (node.at.line, node.at.col + (1 if node.quoted else 0) + hole.start(1))
                if inner is None:
                    place = (node.at.line, node.at.col)
                match head:
                    case "params":
                        self.use(("params", name), place)
                    case "matrix":
                        self.use(("axes", *self._axes_of(path), name), place)
                    case _:
                        self.use((head.removesuffix("s"), *step_of(path), name), place)
                whole = frozenset({hole.group(1), f"{{{hole.group(1)}}}"})
                for part in ((hole.start(1), hole.end(2)), hole.span(3)):
                    self.spot("param", head, node, part, meant=whole, places=frozenset({place}))

    def _axes_of(self, path: TreePath) -> tuple[str, ...]:
        pipeline, name = step_of(path)
        step = self.s.spec.pipelines[pipeline].steps[name]
        return (pipeline, step.each) if step.each else (pipeline, name)

    def condition(self, node: Scalar) -> None:
        inner = self.s.inner(node)
        bare = _TEXT.sub(lambda found: " " * len(found.group()), node.text)
        calls: list[tuple[int, int, str]] = [
            (found.start(), found.end(), found.group(1)) for found in re.finditer(r"(\w+)\(([^()]*)\)", bare)
        ]
        for found in NAME.finditer(bare):
            name, start = found.group(), found.start()
            if name in _WORDS:
                continue
            around = next((call for call in calls if call[0] < start < call[1]), None)
            around = around if around is not None and around[2] in ("changed", "gate") else None
            quote = 1 if node.quoted else 0
            places = {(node.at.line, node.at.col + quote + start)}
            meant = {name}
            if around is not None:
                places.add((node.at.line, node.at.col + quote + around[0]))
                meant.add(f"{around[2]}({name})")
            if inner is None:  # over several lines: wherever the name stands in it
                places = self._anywhere(node, name)
            for used in _condition_uses(name, around[2] if around else ""):
                for place in places:
                    self.use(used, place)
            self._name_parts(node, start, name, frozenset(places), frozenset(meant), around is not None)

    def _anywhere(self, node: Scalar, name: str) -> set[Place]:
        start = self.s.offset(node.at.line, node.at.col)
        end = self.s.offset(node.at.end_line, node.at.end_col)
        found = re.finditer(rf"(?<![\w.]){re.escape(name)}\b", self.s.text[start:end])
        return {self.s.place(start + each.start()) for each in found}

    def _name_parts(
        self, node: Scalar, start: int, name: str, places: frozenset[Place], meant: frozenset[str], inside: bool
    ) -> None:
        parts = name.split(".")
        for index, part in enumerate(parts):
            own = parts[-2:-1] == ["metrics"] and index == len(parts) - 1
            self.spot(
                "condition",
                "metric" if own else "inside a call" if inside else parts[0],
                node,
                (start, start + len(part)),
                free=UNKNOWABLE if own else "",
                meant=meant,
                places=places,
            )
            start += len(part) + 1


def step_of(path: TreePath) -> tuple[str, str]:
    return (str(path[1]), str(path[3])) if path[:1] == ("pipelines",) and len(path) > 3 else ("", "")


def _condition_uses(name: str, call: str) -> Iterator[tuple[str, ...]]:
    head, _, rest = name.partition(".")
    if call == "gate":
        yield ("gate", name)
    elif head == "params" and rest:
        yield ("params", rest)
    elif head == "datasets" and rest:
        yield ("dataset", rest)
