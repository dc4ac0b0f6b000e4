"""What a rule looks at: the spec as far as it was decoded, what it declares, and what exists outside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from modelsync.core.artifacts import OutputType
from modelsync.core.diagnostics import Pos
from modelsync.core.signature import Signature, SignatureFault
from modelsync.language.decode.context import AnyCheck, Condition, Context
from modelsync.language.known import Known
from modelsync.language.lineage import label_of
from modelsync.language.model import CHAMPION, Code, Gate, Ref, RefKind, Spec
from modelsync.language.names import Names
from modelsync.language.nodes import Item, Node, Scalar
from modelsync.language.nodes import Mapping as MappingNode


@dataclass(frozen=True, slots=True)
class Use:
    """One reference where it stands: what it is for, and what it may name (`types` None: anything an output can be)."""

    ref: Ref
    what: str
    kinds: frozenset[RefKind]
    types: frozenset[OutputType] | None = None
    pipeline: str = ""  # inside which pipeline it stands


_DATA = frozenset({RefKind.DATASET, RefKind.OUTPUT})
_OUTPUT = frozenset({RefKind.OUTPUT})
_MODEL = frozenset({RefKind.MODEL})
_TABLE = frozenset({OutputType.TABLE})
_TARGETS = {
    "quality": (_DATA, _TABLE),
    "drift": (_DATA, _TABLE),
    "performance": (_MODEL, None),
    "fairness": (_MODEL, None),
    "custom": (frozenset(RefKind), None),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """One spec under its rules."""

    spec: Spec
    known: Known
    context: Context

    @property
    def names(self) -> Names:
        """What the file declares, broken or not."""
        return self.context.names

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every expression written in the spec."""
        return tuple(self.context.conditions)

    def checks(self, gate: Gate) -> tuple[tuple[AnyCheck, MappingNode], ...]:
        """The checks of a gate, each with its node."""
        return tuple(self.context.checks.get(gate.name, ()))

    def exists(self, ref: Ref) -> bool:
        """Whether what a reference names is declared."""
        return self.names.place(ref) is not None

    def type_of(self, ref: Ref) -> OutputType | None:
        """The type behind an output reference; None when unknown."""
        if ref.kind is not RefKind.OUTPUT:
            return None
        return self.names.outputs.get((ref.path[0], ref.path[1], ref.path[2]))

    def text_at(self, *path: str) -> Pos | None:
        """The place of a bare name, such as `stages, production, deploy, live`."""
        return self.context.texts.get(path)

    def is_broken(self, section: str, name: str, key: str, decoded: object) -> bool:
        """Whether a key is written and could not be decoded: what misses it is no fault of its own."""
        node = self.context.nodes.get((section, name))
        return decoded is None and node is not None and node.get(key) is not None

    def gate_place(self, gate: Gate, key: str) -> Pos:
        """The place of a key's value in a gate, of its name when the key is not there."""
        node = self.context.nodes["gates", gate.name].get(key)
        return gate.at if node is None else node.at

    def uses(self) -> Iterator[Use]:
        """Every reference of the spec."""
        for step in self.spec.steps:
            for name, ref in step.inputs.items():
                yield Use(ref, f"input `{name}` of step `{step.name}`", _DATA, None, step.pipeline)
        for gate in self.spec.gates.values():
            kinds, types = _TARGETS[gate.kind]
            yield Use(gate.target, f"`target` of {gate.kind} gate `{gate.name}`", kinds, types)
            if gate.data is not None:
                yield Use(gate.data, f"`data` of gate `{gate.name}`", _DATA, _TABLE)
            if isinstance(gate.reference, Ref):
                types = _TABLE if gate.kind == "drift" else None
                yield Use(gate.reference, f"`reference` of gate `{gate.name}`", kinds, types)
        for model in self.spec.models.values():
            artifact = frozenset({OutputType.MODEL})
            yield Use(model.artifact, f"`artifact` of model `{model.name}`", _OUTPUT, artifact)
            if model.metrics is not None:
                metrics = frozenset({OutputType.METRICS})
                yield Use(model.metrics, f"`metrics` of model `{model.name}`", _OUTPUT, metrics)

    def signature(self, code: Code) -> Signature | SignatureFault | None:
        """The function behind a `run` or `uses`; None for a builtin that does not exist."""
        if code.file is None:
            return self.known.builtins.get(code.text)
        return self.known.signature(code.file, code.name)

    def calls(self) -> Iterator[Call]:
        """Every function the spec calls, with what it is given."""
        for step in self.spec.steps:
            node = self.context.nodes["steps", step.id]
            given = {**step.arguments_at, **step.inputs_at}
            yield Call(step.code, f"step `{step.name}`", True, frozenset(), given, _is_whole(node, "inputs", "with"))
        for gate in self.spec.gates.values():
            if gate.uses is not None:
                node = self.context.nodes["gates", gate.name]
                given = {item.key.text: item.key.at for item in _items(node.get("with"))}
                offered, whole = _offered(self.spec, gate), _is_whole(node, "with")
                yield Call(gate.uses, f"gate `{gate.name}`", False, offered, given, whole)


@dataclass(frozen=True, slots=True)
class Call:
    """One function with what it gets: by name with places (a fault when not wanted), and what is offered if wanted."""

    code: Code
    what: str
    is_step: bool
    offered: frozenset[str]
    given: Mapping[str, Pos]
    is_whole: bool  # whether nothing it may be given was lost to a fault


def _offered(spec: Spec, gate: Gate) -> frozenset[str]:
    """What a gate's function gets when it asks for it, as far as the gate and the contract have it."""
    on_model = gate.target.kind is RefKind.MODEL
    table = gate.data if on_model else gate.target
    labelled = table is not None and label_of(spec, table) is not None
    has = {
        "model": on_model,
        "data": table is not None,
        "reference": gate.reference is not None,
        "champion": on_model and gate.reference == CHAMPION,
        "label": labelled,
        "positive": labelled,
    }
    return frozenset(name for name, there in has.items() if there)


def _is_whole(node: MappingNode, *keys: str) -> bool:
    parts = [node.get(key) for key in keys]
    return all(part is None or isinstance(part, MappingNode) or _is_nothing(part) for part in parts)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _items(node: object) -> tuple[Item, ...]:
    return node.items if isinstance(node, MappingNode) else ()
