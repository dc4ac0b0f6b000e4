"""What a rule looks at: the spec as far as it was decoded, what it declares, and what exists outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from modelsync.core.artifacts import OutputType
from modelsync.core.checks import Asked
from modelsync.core.diagnostics import Pos
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.core.signature import Signature, SignatureFault
from modelsync.language.decode.context import BareName, Condition, Context, Use
from modelsync.language.known import Known
from modelsync.language.lineage import label_of, step_of
from modelsync.language.model import CHAMPION, Code, Gate, Ref, RefKind, Spec
from modelsync.language.names import Names
from modelsync.language.text.nodes import Item, Node, Scalar, Sequence
from modelsync.language.text.nodes import Mapping as MappingNode

_IN_COMMAND = re.compile(r"\{params\.(\w+)\}")


@record
class Mention:
    """A name of something declared, where it is used: `("steps", "train", "fit")`."""

    path: tuple[str, ...]  # the section, then the names from the outside in
    at: Pos


@record
class Subject:
    """One spec under its rules."""

    spec: Spec
    known: Known
    context: Context
    _misnamed: Mapping[tuple[str, ...], tuple[str, ...]] | None = field(default=None, compare=False)

    @property
    def names(self) -> Names:
        """What the file declares, broken or not."""
        return self.context.names

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every expression written in the spec."""
        return tuple(self.context.conditions)

    def checks(self, gate: Gate) -> tuple[tuple[Asked, MappingNode], ...]:
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

    def is_broken(self, section: str, name: str, key: str, decoded: object) -> bool:
        """Whether a key is written and could not be decoded: what misses it is no fault of its own."""
        node = self.context.nodes.get((section, name))
        return decoded is None and node is not None and node.get(key) is not None

    def is_spoilt(self, node: Node | None) -> bool:
        """Whether a fault was told inside a node, so that not all of it was understood."""
        if node is None:
            return False
        told = {found.at for found in self.context.faults} | self.context.unfilled
        return bool(told) and not told.isdisjoint(_places(node))

    def is_whole(self, ref: Ref) -> bool:
        """Whether all that something descends from was understood; what is missing there is else a consequence."""
        seen: set[str] = set()
        queue = [ref]
        while queue:
            ref = queue.pop()
            if ref.kind is RefKind.DATASET:
                if ref.path[0] not in self.spec.datasets or self.is_spoilt(self.context.nodes["datasets", ref.path[0]]):
                    return False
                continue
            step = step_of(self.spec, ref)
            if step is None or not self.exists(ref):
                return False
            if step.id not in seen:
                seen.add(step.id)
                if step.inputs.keys() != step.inputs_at.keys():
                    return False
                queue.extend(step.inputs.values())
        return True

    def gate_place(self, gate: Gate, key: str) -> Pos:
        """The place of a key's value in a gate, of its name when the key is not there."""
        node = self.context.nodes["gates", gate.name].get(key)
        return gate.at if node is None else node.at

    def uses(self) -> tuple[Use, ...]:
        """Every reference of the spec."""
        return tuple(self.context.uses)

    def mentions(self) -> Iterator[Mention]:
        """Every use of a declared name, of whatever section."""
        for use in self.context.uses:
            yield from (each for each in mentioned(use.ref) if each.path != ("pipelines", use.pipeline))
        for bare in self.context.bare:
            yield Mention(self.path_of(bare), bare.at)
        for step in self.spec.steps:
            for name in _IN_COMMAND.findall(" ".join(step.command)):
                yield Mention(("params", name), step.code.at)
        for secret in self.context.secrets:
            yield Mention(("secrets", secret.name), secret.at)
        for condition in self.conditions:
            for name in condition.expression.names():
                if path := _in_condition(name):
                    yield Mention(path, condition.node.at)

    def path_of(self, bare: BareName) -> tuple[str, ...]:
        """What a bare name means; where a stage or a step may stand, a name without a dot is a stage."""
        name = bare.name.removeprefix("pipelines.")
        match bare.section:
            case "steps":
                return "steps", bare.pipeline, name
            case "until":
                return ("steps", *name.split(".", 1)) if "." in name else ("stages", name)
        return bare.section, bare.name

    def misnamed(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """What is used under a name that nothing has, by the declared name that was meant and that nothing uses.

        When several places agree on a name, the slip is in its definition.
        """
        if self._misnamed is None:
            object.__setattr__(self, "_misnamed", _misnamed(self))
        assert self._misnamed is not None
        return self._misnamed

    def scalars(self, node: MappingNode, section: str, key: str) -> Iterator[tuple[Scalar, str]]:
        """The scalar under one key of every entry of a list in a body, with its text."""
        listed = node.get(section)
        for each in listed.items if isinstance(listed, Sequence) else ():
            found = each.get(key) if isinstance(each, MappingNode) else None
            if isinstance(found, Scalar):
                yield found, found.text

    def signature(self, code: Code) -> Signature | SignatureFault | None:
        """The function behind the `run` or `uses` of a step; None for a builtin that does not exist."""
        if code.file is None:
            return self.known.builtins.get(code.text)
        return self.known.signature(code.file, code.name)

    def validator(self, code: Code) -> Signature | SignatureFault | None:
        """The function behind the `uses` of a gate; None when a package brings it and its source can't be read."""
        return self.known.validator(code.name) if code.file is None else self.known.signature(code.file, code.name)

    def behind(self, call: Call) -> Signature | SignatureFault | None:
        """The function that a step or a gate calls, as `signature` and `validator` find it."""
        return self.signature(call.code) if call.is_step else self.validator(call.code)

    def calls(self) -> Iterator[Call]:
        """Every function the spec calls, with what it is given."""
        for step in self.spec.steps:
            if step.command:
                continue
            node = self.context.nodes["steps", step.id]
            given = {**step.arguments_at, **step.inputs_at}
            yield Call(step.code, f"step `{step.name}`", True, frozenset(), given, _is_whole(node, "inputs", "with"))
        for gate in self.spec.gates.values():
            if gate.uses is not None:
                node = self.context.nodes["gates", gate.name]
                given = {item.key.text: item.key.at for item in _items(node.get("with"))}
                offered, whole = self._offered(gate, node), _is_whole(node, "with")
                yield Call(gate.uses, f"gate `{gate.name}`", False, offered, given, whole)

    def _offered(self, gate: Gate, node: MappingNode) -> frozenset[str]:
        """What a gate's function gets when it asks for it, as far as the gate and the contract have or may have it."""
        on_model = gate.target.kind is RefKind.MODEL
        table = gate.data if on_model else gate.target
        has_data = table is not None or (on_model and node.get("data") is not None)
        labelled = gate.label is not None or node.get("label") is not None
        if not labelled and has_data:
            labelled = table is None or label_of(self.spec, table) is not None or not self.is_whole(table)
        has_reference = gate.reference is not None or node.get("reference") is not None
        has = {
            "model": on_model,
            "data": has_data,
            "reference": has_reference,
            "champion": on_model and (gate.reference == CHAMPION or (has_reference and gate.reference is None)),
            "label": labelled,
            "positive": labelled,
        }
        return frozenset(name for name, there in has.items() if there)


@record
class Call:
    """One function with what it gets: by name with places (a fault when not wanted), and what is offered if wanted."""

    code: Code
    what: str
    is_step: bool
    offered: frozenset[str]
    given: Mapping[str, Pos]
    is_whole: bool  # whether nothing it may be given was lost to a fault


def _is_whole(node: MappingNode, *keys: str) -> bool:
    parts = [node.get(key) for key in keys]
    return all(part is None or isinstance(part, MappingNode) or _is_nothing(part) for part in parts)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _places(node: Node) -> Iterator[Pos]:
    """Every place in a node where a fault can be told."""
    yield node.at
    if isinstance(node, MappingNode):
        for item in node.items:
            yield item.key.at
            yield from _places(item.value)
    elif isinstance(node, Sequence):
        for each in node.items:
            yield from _places(each)


def _items(node: object) -> tuple[Item, ...]:
    return node.items if isinstance(node, MappingNode) else ()


def mentioned(ref: Ref) -> Iterator[Mention]:
    """The names on the way to what a reference names."""
    match ref.kind:
        case RefKind.DATASET:
            yield Mention(("datasets", *ref.path), ref.at)
        case RefKind.MODEL:
            yield Mention(("models", *ref.path), ref.at)
        case RefKind.LIVE:
            yield Mention(("deploy", ref.path[0]), ref.at)
        case _:
            for length, section in enumerate(("pipelines", "steps", "outputs")[: len(ref.path)], 1):
                yield Mention((section, *ref.path[:length]), ref.at)


def _in_condition(name: str) -> tuple[str, ...]:
    """The declared name inside a name of a condition: `params.x`, `changed(params.x)`, `gate(x)`."""
    call, _, inside = name.removesuffix(")").rpartition("(")
    if call == "gate":
        return ("gates", inside)
    head, _, rest = inside.partition(".")
    return (head, rest) if head in ("params", "datasets") and rest and "." not in rest else ()


def _misnamed(subject: Subject) -> dict[tuple[str, ...], tuple[str, ...]]:
    declared = set(subject.names.declared())
    missing: dict[tuple[str, ...], set[Pos]] = {}
    used: set[tuple[str, ...]] = set()
    for mention in subject.mentions():
        if mention.path in declared:
            used.add(mention.path)
        else:
            missing.setdefault(mention.path, set()).add(mention.at)
    found = {}
    for path, places in missing.items():
        siblings = [each[-1] for each in declared - used if each[:-1] == path[:-1]]
        near = nearest(path[-1], siblings) if len(places) > 1 else ""
        if near:
            found[path] = (*path[:-1], near)
    return found
