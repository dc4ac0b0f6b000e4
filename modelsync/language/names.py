"""What a spec declares, with places: gathered before decoding, so that a fault in a body never hides its name."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterator
from dataclasses import field

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Pos
from modelsync.core.records import record
from modelsync.language.foreign import meant
from modelsync.language.model import Ref, RefKind
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")  # also names inside `when`, so never a dash

StepId = tuple[str, str]
OutputId = tuple[str, str, str]


@record
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
    secrets: dict[str, Pos] = field(default_factory=dict)
    remotes: dict[str, Pos] = field(default_factory=dict)
    schedules: dict[str, Pos] = field(default_factory=dict)
    monitors: dict[str, Pos] = field(default_factory=dict)
    channels: dict[str, Pos] = field(default_factory=dict)
    roles: dict[str, Pos] = field(default_factory=dict)
    matrices: dict[StepId, Node] = field(default_factory=dict)
    each: dict[StepId, str] = field(default_factory=dict)  # the step that one follows, in the same pipeline
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
            case RefKind.STEP:
                return self.steps.get((ref.path[0], ref.path[1]))
            case RefKind.LIVE:
                return self.deploys.get(ref.path[0])
        return self.outputs_at.get((ref.path[0], ref.path[1], ref.path[2]))

    def table(self, section: str) -> dict[str, Pos]:
        """The names of one section of the spec."""
        return {**dict(_sections(self)), "pipelines": self.pipelines, "roles": self.roles}[section]

    def followed(self, step: StepId) -> StepId:
        """The step whose matrix decides how often one runs: itself, or where its `each` leads."""
        seen = {step}
        while (name := self.each.get(step)) and (step[0], name) not in seen:
            step = (step[0], name)
            seen.add(step)
        return step

    def is_unclear(self, step: StepId) -> bool:
        """Whether nobody can say how often a step runs: what it follows does not exist, or leads nowhere."""
        last = self.followed(step)
        return last not in self.steps or last in self.each

    def is_many(self, step: StepId) -> bool:
        """Whether a step runs once for each member of a matrix."""
        return self.followed(step) in self.matrices

    def declared(self) -> Iterator[tuple[str, ...]]:
        """Every declared name with its section, the names from the outside in: `("steps", "train", "fit")`."""
        for section, table in _sections(self):
            yield from ((section, name) for name in table)
        yield from (("roles", name) for name in self.roles)
        yield from (("pipelines", name) for name in self.pipelines)
        yield from (("steps", *id) for id in self.steps)
        yield from (("outputs", *id) for id in self.outputs_at)

    def position(self, path: tuple[str, ...]) -> Pos | None:
        """Where a name of `declared` stands."""
        section, *rest = path
        match section, rest:
            case "steps", [pipeline, step]:
                return self.steps.get((pipeline, step))
            case "outputs", [pipeline, step, output]:
                return self.outputs_at.get((pipeline, step, output))
            case _, [name]:
                return self.table(section).get(name)
        return None

    def referable(self, heads: Collection[str], pipeline: str = "") -> Iterator[str]:
        """Every reference that could be written; inside a pipeline its own steps in their short form first."""
        if "outputs" in heads:
            for owner, step, output in self.outputs_at:
                yield f"steps.{step}.{output}" if owner == pipeline else f"pipelines.{owner}.{step}.{output}"
        if "steps" in heads:
            for owner, step in self.steps:
                yield f"steps.{step}" if owner == pipeline else f"pipelines.{owner}.{step}"
        for head, table in (("datasets", self.datasets), ("models", self.models)):
            if head in heads:
                yield from (f"{head}.{name}" for name in table)
        if "live" in heads:
            yield from (f"{name}.requests" for name in self.deploys)


def _sections(names: Names) -> tuple[tuple[str, dict[str, Pos]], ...]:
    return (
        ("params", names.params),
        ("secrets", names.secrets),
        ("remotes", names.remotes),
        ("datasets", names.datasets),
        ("gates", names.gates),
        ("models", names.models),
        ("stages", names.stages),
        ("deploy", names.deploys),
        ("schedules", names.schedules),
        ("monitors", names.monitors),
        ("notify", names.channels),
    )


def collect(root: Mapping) -> Names:
    """The declared names of a spec; whatever is not shaped as expected is left to the decoder."""
    names = Names()
    for section, table in _sections(names):
        table.update((item.key.text, item.key.at) for item in _declared(names, root.get(section), section))
    access = root.get("access")
    roles = access.get("roles") if isinstance(access, Mapping) else access
    names.roles.update((item.key.text, item.key.at) for item in _declared(names, roles, "access"))
    for pipeline in _declared(names, root.get("pipelines"), "pipelines"):
        names.pipelines[pipeline.key.text] = pipeline.key.at
        for step in _declared(names, _inside(pipeline.value, "steps"), "pipelines", pipeline.key.text):
            _step(names, pipeline.key.text, step)
    return names


def is_name(text: str) -> bool:
    """Whether a text can name something: letters, digits and `_`, and no word that an expression already uses."""
    return NAME.fullmatch(text) is not None and not keyword.iskeyword(text)


def local(written: str, pipeline: str) -> str:
    """The bare name of a step of a pipeline, also where it is written as a path: `steps.fit`, `pipelines.train.fit`."""
    return written.removeprefix("steps.").removeprefix(f"pipelines.{pipeline}.")


def _step(names: Names, pipeline: str, step: Item) -> None:
    id = (pipeline, step.key.text)
    names.steps[id] = step.key.at
    if isinstance(step.value, Mapping):
        if (matrix := step.value.get("matrix")) is not None:
            names.matrices[id] = matrix
        elif (each := step.value.get("each")) is not None:
            names.each[id] = local(each.text, pipeline) if isinstance(each, Scalar) else ""
        if step.value.get("outputs") is None:
            names.broken.add(("pipelines", *id))  # told as missing, not at everything that would use them
    for output in _declared(names, _inside(step.value, "outputs"), "pipelines", pipeline, step.key.text):
        names.outputs_at[*id, output.key.text] = output.key.at
        written = output.value.text if isinstance(output.value, Scalar) else ""
        type = written if written in set(OutputType) else meant(written, OutputType)
        names.outputs[*id, output.key.text] = OutputType(type) if type else None


def _inside(node: Node, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else node


def _declared(names: Names, node: Node | None, *path: str) -> tuple[Item, ...]:
    """The items of a mapping; anything else that is written is remembered as broken."""
    if isinstance(node, Mapping):
        return node.items
    if node is not None and not (isinstance(node, Scalar) and node.value is None):
        names.broken.add(path)
    return ()
