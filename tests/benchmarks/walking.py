"""A good spec walked by the shapes of the language: what each key and value is, and what would be right there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelsync.core.signature import Signature
from modelsync.language.decode.spec import BUILT_IN_ROLES, SPEC
from modelsync.language.decode.table_checks import ALL
from modelsync.language.known import Known
from modelsync.language.model import Spec
from modelsync.language.rules.watches import METRICS
from modelsync.language.shapes import (
    Builtin,
    Choice,
    Condition,
    Either,
    Expectations,
    Fields,
    Function,
    Kinds,
    Many,
    Matrix,
    Named,
    Plain,
    Reference,
    Secret,
    Shape,
    Text,
)
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence
from tests.benchmarks.marks import UNKNOWABLE, Marks, step_of
from tests.benchmarks.spots import Entry, Leaf, Survey, TreePath

_COLUMN_ARGUMENTS = ("column", "column_A", "column_B", "column_list")


def survey(text: str, root: Mapping, spec: Spec, known: Known) -> Survey:
    """All spots of a text."""
    found = Survey(text, root, spec, known, "".join(each.read_text(encoding="utf-8") for each in spec.files[1:]))
    found._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
    walk = _Walk(found)
    walk.walk(SPEC, root, (), "")
    walk.finish()
    unique = {(each.start, each.end, each.kind): each for each in found.spots}
    found.spots = list(unique.values())
    return found


_NESTED = (Fields, Kinds, Named, Many, Either, Expectations, Matrix)


class _Walk(Marks):
    """From the root down; what an anchor holds is looked at where it stands."""

    def walk(self, shape: Shape, node: Node, path: TreePath, key: str) -> None:
        if node.via is not None:
            return
        if isinstance(node, Scalar):
            self.s.scalars.append(node)
            self.holes(node, path)
        self.s.leaves.append(Leaf(shape, node, key, path))
        if isinstance(node, Scalar) and not isinstance(shape, _NESTED):
            self._scalar(shape, node, path, key)
        else:
            self._nested(shape, node, path, key)

    def _nested(self, shape: Shape, node: Node, path: TreePath, key: str) -> None:
        match shape:
            case Fields():
                self._fields(shape, node, path)
            case Kinds() if isinstance(kind := _get(node, shape.by), Scalar):
                self._fields(shape.options[kind.text], node, path, shape)
            case Named() if isinstance(node, Mapping):
                for item in _own(node):
                    self._name(shape, item, path)
                    self.walk(shape.item, item.value, (*path, item.key.text), item.key.text)
            case Many():
                items = node.items if isinstance(node, Sequence) else (node,)
                for index, each in enumerate(items):
                    self.walk(shape.item, each, (*path, index), key)
            case Either():
                self.walk(shape.mapping if isinstance(node, Mapping) else shape.scalar, node, path, key)
            case Expectations():
                self._expectation(node, path)
            case _:
                self._axes(shape, node, path)
                self._literals(node, path)

    def _axes(self, shape: Shape, node: Node, path: TreePath) -> None:
        for item in node.items if isinstance(shape, Matrix) and isinstance(node, Mapping) else ():
            if item.key.text not in ("include", "exclude"):
                self.define(("axes", *step_of(path), item.key.text), item.key)

    def _literals(self, node: Node, path: TreePath) -> None:
        for each in _scalars(node):
            self.s.scalars.append(each)
            self.holes(each, path)

    def _fields(self, shape: Fields, node: Node, path: TreePath, kinds: Kinds | None = None) -> None:
        if not isinstance(node, Mapping):
            if shape.short and not (isinstance(node, Scalar) and node.value is None):
                self.walk(shape.keys[shape.short].shape, node, path, shape.short)
            return
        written = frozenset(item.key.text for item in node.items)
        for item in _own(node):
            inner = shape.keys[item.key.text].shape
            self.s.entries.append(Entry(shape, node, item, path, self.s.is_flow(node)))
            self.spot("key", str(path[:1]), item.key, legal=frozenset(shape.keys) - written)
            if kinds is not None and item.key.text == kinds.by and isinstance(item.value, Scalar):
                self.spot("kind", "", item.value, legal=frozenset(kinds.options))
            else:
                self.walk(inner, item.value, (*path, item.key.text), item.key.text)

    def _name(self, shape: Named, item: Item, path: TreePath) -> None:
        title, name = shape.title, item.key.text
        if title in ("input", "argument"):
            self._argument(item, path)
            return
        section = {"deployment": "deploy", "param": "params"}.get(title, title)
        if title in ("variable", "credential"):
            return
        if title == "column":
            self.define(("column", str(path[1]), name), item.key)
        elif title in ("step", "output"):
            owner = [str(path[1])] + ([str(path[3])] if title == "output" else [])
            self.define((title, *owner, name), item.key)
        else:
            self.define((section, name), item.key)

    def _scalar(self, shape: Shape, node: Scalar, path: TreePath, key: str) -> None:
        match shape:
            case Choice():
                self.spot("enum", key, node, legal=frozenset(shape.words))
            case Reference():
                self._reference(shape, node, path)
            case Plain() if shape.names:
                self._bare(shape, node, path, key)
            case Plain():
                self._plain(node, path, key)
            case Function():
                self._function(node)
            case Builtin():
                legal = frozenset(self.s.known.builtins)
                self.spot("function", "builtin", node, legal=legal)
            case Condition():
                self.condition(node)
            case Secret() if node.text.startswith("secrets."):
                name = node.text.removeprefix("secrets.")
                self.use(("secret", name), (node.at.line, node.at.col))
                legal = frozenset(f"secrets.{each}" for each in self.s.spec.secrets)
                start = len("secrets.")
                self.spot("bare name", "secret", node, (start, len(node.text)), legal)
            case Text() if key == "source" and "." in node.text.rpartition("/")[2] and "://" not in node.text:
                self.spot("file", "source", node)
            case Text() if key == "timezone":
                self.spot("enum", "timezone", node)

    def _reference(self, shape: Reference, node: Scalar, path: TreePath) -> None:
        at = (node.at.line, node.at.col)
        pipeline = str(path[1]) if path[:1] == ("pipelines",) else ""
        written = node.text.partition("@")[0]
        for used in _resolved(written, pipeline):
            self.use(used, at)
        possible = self._referable(shape, pipeline)
        start = 0
        for part in written.split("."):
            self.spot(
                "reference",
                part if part in shape.words else path_head(path),
                node,
                (start, start + len(part)),
                possible,
            )
            start += len(part) + 1

    def _referable(self, shape: Reference, pipeline: str) -> frozenset[str]:
        spec = self.s.spec
        found = {f"datasets.{name}" for name in spec.datasets} | {f"models.{name}" for name in spec.models}
        for step in spec.steps:
            for output in step.outputs:
                found.add(f"pipelines.{step.pipeline}.{step.name}.{output}")
                if step.pipeline == pipeline:
                    found.add(f"steps.{step.name}.{output}")
        return frozenset(found | set(shape.words))

    def _bare(self, shape: Plain, node: Scalar, path: TreePath, key: str) -> None:
        at, spec = (node.at.line, node.at.col), self.s.spec
        pipeline = str(path[1]) if path[:1] == ("pipelines",) else ""
        name = node.text.removeprefix(f"{shape.names}.")
        legal: dict[str, set[str]] = {
            "stages": set(spec.stages),
            "gates": set(spec.gates),
            "deploy": set(spec.deploys),
            "models": set(spec.models),
            "pipelines": set(spec.pipelines),
            "roles": {*spec.access.roles, *BUILT_IN_ROLES},
            "steps": {each.name for each in spec.steps if each.pipeline == pipeline},
        }
        legal["until"] = legal["stages"] | {each.id for each in spec.steps}
        section = {"stages": "stage", "gates": "gate", "models": "model", "pipelines": "pipeline", "roles": "role"}
        if shape.names == "steps":
            self.use(("step", pipeline, name), at)
        elif shape.names == "until":
            for used in (("stage", name), ("step", *name.removeprefix("pipelines.").split("."))):
                self.use(used, at)
        else:
            self.use((section.get(shape.names, shape.names), name), at)
        words = frozenset(legal[shape.names])
        start = len(node.text) - len(name)
        self.spot("bare name", key, node, (start, len(node.text)), words, meant=frozenset({f"steps.{name}"}))

    def _plain(self, node: Scalar, path: TreePath, key: str) -> None:
        known, gate = self.s.known, self.s.spec.gates.get(str(path[1])) if path[:1] == ("gates",) else None
        if key == "metric" and path[0] == "deploy":
            self.spot("metric", "watch", node, legal=frozenset(METRICS))
        elif key == "metric" and gate is not None and gate.kind in ("performance", "fairness"):
            names = known.metrics if gate.kind == "performance" else known.fairness_metrics
            self.spot("metric", gate.kind, node, legal=frozenset(names))
        elif key == "metric":
            self.spot("metric", "own", node, free=UNKNOWABLE)
        elif key == "test":
            self.spot("drift test", "", node, legal=frozenset(known.drift_tests))
        elif key in ("columns", "by", "label") and gate is not None and node.text != ALL:
            data = gate.target if key == "columns" else gate.data
            self._column(node, None if data is None else str(data), key)
        elif key == "key" and path[0] == "datasets":
            self._column(node, f"datasets.{path[1]}", key)

    def _column(self, node: Scalar, data: str | None, group: str) -> None:
        """The name of a column; known when the data are a dataset with a contract, or a split of one."""
        dataset = self._columns_from(data or "")
        contract = self.s.spec.datasets[dataset].contract if dataset else None
        columns = frozenset(contract.columns) if contract is not None and contract.columns else frozenset()
        if columns:
            self.use(("column", self._written(dataset), node.text), (node.at.line, node.at.col))
        self.spot("column", group, node, legal=columns, free="" if columns else UNKNOWABLE)

    def _written(self, dataset: str) -> str:
        """The dataset whose contract it is: another may have it by an anchor."""
        datasets = self.s.root.get("datasets")
        named = {item.key.text: item.value for item in datasets.items} if isinstance(datasets, Mapping) else {}
        at = {name: contract.at for name, body in named.items() if (contract := _get(body, "contract")) is not None}
        return next((name for name, place in at.items() if place == at.get(dataset)), dataset)

    def _columns_from(self, data: str) -> str:
        head, _, rest = data.partition(".")
        if head == "datasets":
            return rest
        pipeline, _, step_name = rest.partition(".")
        found = self.s.spec.pipelines.get(pipeline)
        step = None if found is None else found.steps.get(step_name.partition(".")[0])
        if step is None or step.code.text != "builtin/split" or "data" not in step.inputs:
            return ""
        return self._columns_from(str(step.inputs["data"]))

    def _function(self, node: Scalar) -> None:
        file = node.text.rpartition(":")[0]
        start = len(file) + 1
        path = self.s.spec.root / file
        functions = frozenset(re.findall(r"(?m)^def (\w+)", path.read_text()))
        self.spot("function", "own", node, (start, len(node.text)), frozenset(f"{file}:{each}" for each in functions))
        self.spot("file", "code", node, (0, len(file)))

    def _argument(self, item: Item, path: TreePath) -> None:
        """A name in `inputs` or `with`: a parameter of the function, or a name that a command uses."""
        key, spec = item.key, self.s.spec
        if path[0] == "gates":
            code = spec.gates[str(path[1])].uses
        else:
            step = spec.pipelines[str(path[1])].steps[str(path[3])]
            if step.command:
                self.define(("input", step.pipeline, step.name, key.text), key)
                return
            code = step.code
        assert code is not None
        file = code.file
        found = self.s.known.builtins.get(code.text) if file is None else self.s.known.signature(file, code.name)
        assert isinstance(found, Signature)
        legal = frozenset(each.name for each in found.parameters)
        self.spot("argument", str(path[-1]), key, legal=legal, free="the function takes any" if found.open else "")
        if code.text == "builtin/split" and key.text == "stratify" and isinstance(item.value, Scalar):
            self._column(item.value, str(step.inputs["data"]), "stratify")
        if code.text == "builtin/select" and key.text == "mode" and isinstance(item.value, Scalar):
            self.spot("enum", "mode", item.value, legal=frozenset({"min", "max"}))

    def _expectation(self, node: Node, path: TreePath) -> None:
        if not isinstance(node, Mapping):
            if isinstance(node, Scalar):
                self.spot("expectation", "", node, legal=frozenset(self.s.known.expectations))
            return
        item = node.items[0]
        if item.key.text == "suite":
            if isinstance(item.value, Scalar):
                self.spot("file", "suite", item.value)
            return
        self.spot("expectation", "", item.key, legal=frozenset(self.s.known.expectations))
        shape = self.s.known.expectations[item.key.text]
        gate = self.s.spec.gates[str(path[1])]
        for argument in item.value.items if isinstance(item.value, Mapping) else ():
            self.spot("expectation argument", "", argument.key, legal=frozenset(shape.arguments))
            self._literals(argument.value, path)
            for each in _scalars(argument.value):
                if argument.key.text in _COLUMN_ARGUMENTS:
                    self._column(each, str(gate.target), "expectation")


def path_head(path: TreePath) -> str:
    """The kind of place: `gates target`, `pipelines inputs`."""
    named = [str(part) for part in path if isinstance(part, str)]
    return f"{named[0]} {named[4] if named[0] == 'pipelines' else named[-1]}"


def _get(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


def _own(node: Mapping) -> Iterator[Item]:
    """The items of a mapping that are not merged into it."""
    return (item for item in node.items if item.via is None)


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Mapping():
            for item in node.items:
                yield from _scalars(item.value)
        case Sequence():
            for each in node.items:
                yield from _scalars(each)


def _resolved(written: str, pipeline: str) -> Iterator[tuple[str, ...]]:
    """The definitions that a reference needs."""
    head, *rest = written.split(".")
    if head == "steps":  # its own pipeline may be called as it likes
        yield from (each for each in _resolved(f"pipelines.{pipeline}.{'.'.join(rest)}", "") if each[0] != "pipeline")
    elif head in ("datasets", "models"):
        yield (head.removesuffix("s"), *rest)
    elif head == "pipelines":
        for length, kind in enumerate(("pipeline", "step", "output")[: len(rest)], 1):
            yield (kind, *rest[:length])
    elif rest == ["requests"]:
        yield ("deploy", head)
