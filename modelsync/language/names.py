"""What a spec declares, with places: gathered before decoding, so that a fault in a body never hides its name."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Pos
from modelsync.language.model import Ref, RefKind
from modelsync.language.nodes import Item, Mapping, Node, Scalar

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")  # also names inside `when`, so never a dash

StepId = tuple[str, str]
OutputId = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """Each declared name and where it stands."""

    params: dict[str, Pos] = field(default_factory=dict)
    datasets: dict[str, Pos] = field(default_factory=dict)
    pipelines: dict[str, Pos] = field(default_factory=dict)
    steps: dict[StepId, Pos] = field(default_factory=dict)
    outputs: dict[OutputId, OutputType | None] = field(default_factory=dict)  # None: declared with a type that is none
    outputs_at: dict[OutputId, Pos] = field(default_factory=dict)
    gates: dict[str, Pos] = field(default_factory=dict)
    models: dict[str, Pos] = field(default_factory=dict)
    stages: dict[str, Pos] = field(default_factory=dict)
    deploys: dict[str, Pos] = field(default_factory=dict)
    broken: set[tuple[str, ...]] = field(default_factory=set)  # what is written, but not as a mapping of names

    def is_hidden(self, *path: str) -> bool:
        """Whether something could stand inside a broken part: that it is not declared is then no fault of its own."""
        return any(path[:length] in self.broken for length in range(1, len(path) + 1))

    def place(self, ref: Ref) -> Pos | None:
        """Where what a reference names is declared, None when it is not."""
        match ref.kind:
            case RefKind.DATASET:
                return self.datasets.get(ref.path[0])
            case RefKind.MODEL:
                return self.models.get(ref.path[0])
        return self.outputs_at.get((ref.path[0], ref.path[1], ref.path[2]))

    def references(self, pipeline: str = "") -> Iterator[str]:
        """Every reference that could be written; inside a pipeline its own steps in their short form first."""
        for owner, step, output in self.outputs_at:
            yield f"steps.{step}.{output}" if owner == pipeline else f"pipelines.{owner}.{step}.{output}"
        yield from (f"datasets.{name}" for name in self.datasets)
        yield from (f"models.{name}" for name in self.models)


def collect(root: Mapping) -> Names:
    """The declared names of a spec; whatever is not shaped as expected is left to the decoder."""
    names = Names()
    for section, table in (
        ("params", names.params),
        ("datasets", names.datasets),
        ("gates", names.gates),
        ("models", names.models),
        ("stages", names.stages),
        ("deploy", names.deploys),
    ):
        table.update((item.key.text, item.key.at) for item in _declared(names, root.get(section), section))
    for pipeline in _declared(names, root.get("pipelines"), "pipelines"):
        names.pipelines[pipeline.key.text] = pipeline.key.at
        for step in _declared(names, _inside(pipeline.value, "steps"), "pipelines", pipeline.key.text):
            _step(names, pipeline.key.text, step)
    return names


def is_name(text: str) -> bool:
    """Whether a text can name something: letters, digits and `_`, and no word that an expression already uses."""
    return NAME.fullmatch(text) is not None and not keyword.iskeyword(text)


def _step(names: Names, pipeline: str, step: Item) -> None:
    names.steps[pipeline, step.key.text] = step.key.at
    for output in _declared(names, _inside(step.value, "outputs"), "pipelines", pipeline, step.key.text):
        id = (pipeline, step.key.text, output.key.text)
        names.outputs_at[id] = output.key.at
        known = isinstance(output.value, Scalar) and output.value.text in set(OutputType)
        names.outputs[id] = OutputType(output.value.text) if known and isinstance(output.value, Scalar) else None


def _inside(node: Node, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else node


def _declared(names: Names, node: Node | None, *path: str) -> tuple[Item, ...]:
    """The items of a mapping; anything else that is written is remembered as broken."""
    if isinstance(node, Mapping):
        return node.items
    if node is not None and not (isinstance(node, Scalar) and node.value is None):
        names.broken.add(path)
    return ()
