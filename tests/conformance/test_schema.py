"""The JSON Schema and the decoder agree: on the corpus, and on documents drawn from the shapes with one thing changed.

MODELSYNC_GOLDEN=write writes `specs/schema.json` and `specs/language.md` anew.
"""

from __future__ import annotations

import copy
import json
import math
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from modelsync.api.schemas import json_schema, markdown
from modelsync.api.specs import known
from modelsync.api.starting import init
from modelsync.core.diagnostics import Diagnostic, Severity
from modelsync.language.decode.contracts import COLUMN
from modelsync.language.decode.params import PARAM
from modelsync.language.decode.spec import SPEC
from modelsync.language.include import expand
from modelsync.language.load import load, load_text
from modelsync.language.published.schema import PART
from modelsync.language.shapes import (
    Anything,
    Builtin,
    Choice,
    Condition,
    Constant,
    Duration,
    Either,
    Expectations,
    Fields,
    Flag,
    Function,
    Kinds,
    Many,
    Matrix,
    Named,
    Number,
    Plain,
    Reference,
    Secret,
    Shape,
    Size,
    Text,
    Validator,
)
from modelsync.language.text.nodes import Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import Source, decode_bytes

ROOT = Path(__file__).parents[2]
RIGHT = [
    *sorted((ROOT / "specs/conformance/ok").glob("*.yaml")),
    *sorted((ROOT / "specs").glob("*/modelsync.yaml")),
    *sorted((ROOT / "examples").glob("*/m*ed*.yaml")),
]
PARTS = sorted((ROOT / "specs/conformance/ok/shared").glob("*.yaml"))
WRONG = sorted((ROOT / "specs/conformance/err").glob("*.yaml"))
SHAPE = {f"MS10{number}" for number in range(1, 10)}
ALSO = "MS403"  # of the steps that ModelSync brings a schema knows the parameters
UNSAYABLE = {
    r"is less than its `min(_value)?`|must be at (least|most)|must be one of": "one value is compared with another",
    r"is never `": "a value is looked for in a list that stands elsewhere",
    r"both an input and in `with`|two label columns|are both the default": "keys far from each other are counted",
    r"has no member|members": "the combinations of a matrix are counted",
    r"can't be reached|lies between|are more than .* apart": "a number is compared with the range of a metric",
    r"^guardrail .* already$": "a key is looked for in other checks, under each of its names",
    r"not a finite number": "JSON has no number that is not finite",
    r"includes this file|an included file|included twice": "a schema looks at one file",
}
"""What a decoder sees and a JSON Schema can't say, as its message puts it, with the reason."""


def is_sayable(found: Diagnostic) -> bool:
    """Whether a JSON Schema can refuse this."""
    return found.code in SHAPE and not any(re.search(message, found.message) for message in UNSAYABLE)


@cache
def validator() -> Any:
    """The validator of the schema as it is generated."""
    return Draft7Validator(json.loads(json_schema()))


def merged(path: Path) -> Node | None:
    """The nodes of a spec as the decoder sees them; None when it can't be read."""
    source = decode_bytes(path, path.read_bytes())
    nodes = read(source) if isinstance(source, Source) else None
    if not isinstance(source, Source) or nodes is None or nodes.root is None:
        return None
    return expand(source, nodes.root, nodes.size).root


def plain(node: Node) -> Any:
    """Nodes as the plain values that a validator looks at."""
    match node:
        case Mapping():
            return {item.key.text: plain(item.value) for item in node.items}
        case Sequence():
            return [plain(each) for each in node.items]
        case Scalar():
            return node.value


def refused(value: Any) -> list[tuple[Any, ...]]:
    """The path of every error, those inside a branch too."""

    def within(error: Any) -> Iterator[tuple[Any, ...]]:
        yield tuple(error.absolute_path)
        for inner in error.context or ():
            yield from within(inner)

    return [path for error in validator().iter_errors(value) for path in within(error)]


@pytest.mark.parametrize(("name", "made"), [("schema.json", json_schema), ("language.md", markdown)])
def test_the_committed_file_is_the_generated_one(name: str, made: Any) -> None:
    file = ROOT / "specs" / name
    if os.environ.get("MODELSYNC_GOLDEN") == "write":
        file.write_text(made(), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == made()


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(json.loads(json_schema()))


@pytest.mark.parametrize("spec", RIGHT, ids=lambda spec: f"{spec.parent.name}-{spec.stem}")
def test_what_is_right_is_accepted(spec: Path) -> None:
    root = merged(spec)
    assert root is not None
    assert refused(plain(root)) == []


@pytest.mark.parametrize("file", PARTS, ids=lambda file: file.stem)
def test_what_a_spec_includes_is_accepted_as_a_part(file: Path) -> None:
    whole = json.loads(json_schema())
    part = Draft7Validator({**whole, "required": [], "allOf": [{"$ref": f"#/definitions/{PART}"}]})
    root = merged(file)
    assert root is not None
    assert [error.message for error in part.iter_errors(plain(root))] == []


def test_a_new_project_is_accepted_and_names_its_schema(tmp_path: Path) -> None:
    made = init(tmp_path, "churn")
    root = merged(made.spec)
    assert root is not None
    assert refused(plain(root)) == []
    names_its_schema(made.spec)


def names_its_schema(spec: Path) -> None:
    first = spec.read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
    assert found is not None, first
    assert (spec.parent / found[1]).read_text(encoding="utf-8") == json_schema()


@pytest.mark.parametrize("spec", [spec for spec in RIGHT if "conformance" not in spec.parts], ids=str)
def test_specs_of_this_repository_name_the_schema(spec: Path) -> None:
    names_its_schema(spec)


@pytest.mark.parametrize("spec", WRONG, ids=lambda spec: spec.stem)
def test_what_is_wrong_in_shape_is_refused_where_it_stands(spec: Path) -> None:
    root = merged(spec)
    found = [each for each in load(spec, known()).diagnostics if is_sayable(each)]
    if root is None or not found:
        return
    where = places(root)
    errors = refused(plain(root))
    unknown: list[tuple[Any, ...]] = []  # what stands below a key that does not exist is not looked at
    for each in found:
        paths = where.get((each.at.file, each.at.line, each.at.col), [])
        if each.code == "MS101":
            unknown += paths
        near = any(path in (error, error[:-1]) or path[:-1] == error for path in paths for error in errors)
        inside = any(path[: len(key)] == key for path in paths for key in unknown if key != path)
        assert near or inside, f"{each.message}\n{paths}\n{errors}"


def places(root: Node) -> dict[tuple[Path, int, int], list[tuple[Any, ...]]]:
    """The paths of keys and values by where they stand."""
    found: dict[tuple[Path, int, int], list[tuple[Any, ...]]] = {}

    def walk(node: Node, path: tuple[Any, ...]) -> None:
        found.setdefault((node.at.file, node.at.line, node.at.col), []).append(path)
        if isinstance(node, Mapping):
            for item in node.items:
                at = item.key.at
                found.setdefault((at.file, at.line, at.col), []).append((*path, item.key.text))
                walk(item.value, (*path, item.key.text))
        elif isinstance(node, Sequence):
            for index, each in enumerate(node.items):
                walk(each, (*path, index))

    walk(root, ())
    return found


# Documents drawn from the shapes.

PARAMS = {
    "word": {"type": "string", "default": "abc"},
    "depth": {"type": "int", "default": 3},
    "on": {"type": "bool", "default": True},
    "wait": {"type": "string", "default": "5s"},
}
NAMES = ("a", "b", "c_1", "Dee", "_x", "fit")
ROLES = ("ml-lead", "viewer", "b")
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**9, "x", "5", "5m", "a b", "true", [], ["x"], ["x", "x"], [1], [None], [[1]], {},
    {"zz": 1}, {"type": "int"}, "secrets.hook", "datasets.a", "models.a", "all", "${{ parms.x }}",
)  # fmt: skip
EXPECTATIONS: tuple[Any, ...] = (
    "expect_table_row_count_to_be_between",
    {"expect_table_row_count_to_be_between": None},
    {"expect_column_values_to_not_be_null": {"column": "a", "mostly": 0.5}},
    {"expect_column_values_to_be_in_set": {"column": "a", "value_set": [1, 2]}},
    {"suite": "suite.json"},
)
MATRICES: tuple[Any, ...] = (
    {"seed": [1, 2]},
    {"seed": [1, 2], "b": ["x"], "include": [{"seed": 5}]},
    {"include": [{"a": 1}]},
    {"seed": [1, 2], "exclude": [{"seed": 1}]},
)
CONDITIONS = {"dataset": "contract.breaking", "model": "data.changed", "stage": "metrics.a > 1"}
REFERENCES = {
    "datasets": ("datasets.a", "datasets.a@1.2.0"),
    "models": ("models.a",),
    "outputs": ("pipelines.a.fit.b",),
    "steps": ("pipelines.a.fit",),
    "live": ("a.requests",),
}
WORDS: dict[str, tuple[Any, ...]] = {  # what stands behind a key whose shape does not say all
    "project": ("churn", "a-b_c", 2024),
    "start": ("0.1.0", "1.10.0"),
    "test": ("psi", "ks"),
    "metric": ("roc_auc", "accuracy", "recall", "precision"),
    "watch": ("error_rate", "latency_p95_ms"),
}
COLUMNS: dict[str, list[Any]] = {
    "int": [1, 2], "float": [1, 2.5], "bool": [True], "string": ["a", 5], "category": ["a", 1, True],
    "datetime": ["2024-01-01"],
}  # fmt: skip
DEFAULTS: dict[str, Any] = {"int": 5, "float": 1.5, "bool": True, "string": 1.1, "enum": "x"}

Values = st.SearchStrategy[Any]


def texts(shape: Text | Plain, key: str) -> Values:
    if key in WORDS:
        return st.sampled_from(WORDS[key])
    if shape.pattern:
        printable = st.characters(min_codepoint=33, max_codepoint=126)
        return st.from_regex(re.compile(shape.pattern), fullmatch=True, alphabet=printable)
    if isinstance(shape, Plain):
        return st.sampled_from(NAMES if shape.names else ("x", "y z", 5))
    return st.sampled_from(["x", "two words", 5, 1.5, "${{ params.word }}", "a ${{ params.word }} b"])


def numbers(shape: Number, key: str) -> Values:
    if key == "modelsync":
        return st.just(1)
    low, high = max(shape.low, -10), min(shape.high, 10**6)
    if shape.whole:
        return st.one_of(st.sampled_from([math.ceil(low), int(high)]), st.integers(math.ceil(low), int(high)))
    holes = [st.just("${{ params.depth }}")] if (shape.low, shape.high) == (-math.inf, math.inf) else []
    return st.one_of(st.sampled_from([low, high]), st.floats(low, high), *holes)


def lists(shape: Many, key: str) -> Values:
    item = values(shape.item, key)
    unique = isinstance(shape.item, Plain | Text | Choice | Reference) and not shape.repeats
    listed = st.lists(item, min_size=shape.least, max_size=3, unique_by=str if unique else lambda value: object())
    return st.one_of(listed, item) if shape.one else listed


def mappings(shape: Fields) -> Values:
    if shape is PARAM:
        return st.sampled_from(list(DEFAULTS)).flatmap(param)
    if shape is COLUMN:
        return st.sampled_from(list(COLUMNS)).flatmap(column)
    watch = "fail_after" in shape.keys
    found = {
        name: values(key.shape, "watch" if watch and name == "metric" else name) for name, key in shape.keys.items()
    }
    must = {name: value for name, value in found.items() if shape.keys[name].required}
    # A few keys at a time: most of what excludes each other is then written apart.
    may = st.sets(st.sampled_from([name for name in found if name not in must] or ["none"]), max_size=3)
    whole = may.flatmap(
        lambda some: st.fixed_dictionaries(must | {name: found[name] for name in some if name in found})
    )
    short = [values(shape.keys[shape.short].shape, shape.short)] if shape.short else []
    return st.one_of(whole, *short, *([] if must else [st.none()]))


def param(kind: str) -> Values:
    return st.fixed_dictionaries(
        {"type": st.just(kind), "default": st.just(DEFAULTS[kind])}
        | ({"values": st.just(["x", "y"])} if kind == "enum" else {}),
        optional={"min": st.just(-3), "description": st.just("x")} if kind in ("int", "float") else {},
    )


def column(kind: str) -> Values:
    held = COLUMNS[kind]
    bounds = {"max": st.just(9)} if kind in ("int", "float") else {}
    long = st.fixed_dictionaries(
        {"type": st.just(kind)}, optional={"values": st.just(held), "nullable": st.booleans()} | bounds
    )
    label = long.map(lambda found: found | {"role": "label", "positive": held[0]})
    return st.one_of(st.just(kind), long, label)


def values(shape: Shape, key: str = "") -> Values:
    """What a shape lets in, most of it accepted as it is."""
    match shape:
        case Text() | Plain():
            return texts(shape, key)
        case Number():
            return numbers(shape, key)
        case Many():
            return lists(shape, key)
        case Fields():
            return mappings(shape)
        case Kinds():
            return st.sampled_from(list(shape.options)).flatmap(
                lambda kind: mappings(shape.options[kind]).map(lambda found: {**found, shape.by: kind})
            )
        case Either():
            return st.one_of(values(shape.scalar, key), values(shape.mapping, key))
        case Named():
            names = st.sampled_from(ROLES if shape.key == "role" else NAMES)
            named = st.dictionaries(names, values(shape.item), min_size=1, max_size=2)
            return named if shape.least else st.one_of(named, named, named, st.sampled_from([None, {}]))
        case Choice() | Flag():
            truths = [] if isinstance(shape, Choice) else [True, False, "${{ params.on }}"]
            return st.sampled_from([*truths, *(str(word) for word in shape.words)])
        case Duration():
            zero = [] if shape.positive else ["0s"]
            return st.sampled_from(
                ["5s", "1h30m", "250ms", "1.5h", "${{ params.depth }}m", "${{ params.wait }}", *zero]
            )
        case Reference():
            return st.sampled_from([*shape.words, *(form for head in shape.heads for form in REFERENCES[head])])
        case Condition():
            return st.just(CONDITIONS[shape.owner])
        case Secret():
            return st.sampled_from(["secrets.hook", "text"] if shape.or_text else ["secrets.hook"])
    return st.sampled_from(SIMPLE[type(shape)])


SIMPLE: dict[type, tuple[Any, ...]] = {
    Size: ("5B", "2GiB", "1.5MB", "3kB", "${{ params.depth }}MiB"),
    Anything: (1, "x", True, [1, 2], {"a": 1}, 1.5, "${{ params.word }}"),
    Constant: (1, "x", True, 1.5),
    Function: ("flows/a.py:f", "a.py:g_1"),
    Validator: ("validators/a.py:f", "a.py:g_1", "acme_rows", "acme.few-rows"),
    Builtin: ("builtin/split", "builtin/select"),
    Expectations: EXPECTATIONS,
    Matrix: MATRICES,
}
LARGE = ("datasets", "pipelines", "gates", "deploy")
SECTIONS = [*(name for name in SPEC.keys if name not in ("modelsync", "root", "include")), *LARGE, *LARGE]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A spec with one section; nothing in it refers to anything that exists."""
    section = draw(st.sampled_from(SECTIONS))
    found = {"modelsync": 1, "project": "churn", section: draw(values(SPEC.keys[section].shape, section))}
    return {**found, "params": {**(found.get("params") or {}), **PARAMS}}


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Everything that can be changed."""
    if path and path != ("params",) and path[:2] not in [("params", name) for name in PARAMS]:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    """A document in which one thing is something else, is gone, has another name, or is new."""
    found = copy.deepcopy(draw(documents()))
    *before, last = draw(st.sampled_from(list(paths(found))))
    holder: Any = found
    for part in before:
        holder = holder[part]
    how = draw(st.sampled_from(["set", "set", "take", "rename", "add"]))
    if how == "set" or isinstance(holder, list):
        holder[last] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    elif how == "take":
        del holder[last]
    elif how == "rename":
        holder[f"{last}Qx"] = holder.pop(last)
    else:
        holder["zqx"] = 1
    return found


def verdict(document: dict[str, Any]) -> tuple[list[str], bool]:
    """What the decoder says about the shape, as far as a schema can say it, and whether it says anything is wrong."""
    said = load_text(Path("modelsync.yaml"), json.dumps(document).encode(), known()).diagnostics
    faults = [each.message for each in said if is_sayable(each) or each.code == ALSO]
    return faults, any(each.severity is Severity.ERROR for each in said)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_the_schema_and_the_decoder_accept_the_same(document: dict[str, Any]) -> None:
    faults, is_wrong = verdict(document)
    errors = refused(document)
    event("accepted" if not errors else "refused")
    assert not faults or errors, f"the schema is too lax: {document}\nthe decoder: {faults}"
    assert not errors or is_wrong, f"the schema is too strict: {document}\nthe schema: {errors}"


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed())
def test_what_one_refuses_the_other_does_not_accept(document: dict[str, Any]) -> None:
    faults, is_wrong = verdict(document)
    errors = refused(document)
    event("accepted" if not errors else "refused")
    assert not faults or errors, f"the schema is too lax: {document}\nthe decoder: {faults}"
    assert not errors or is_wrong, f"the schema is too strict: {document}\nthe schema: {errors}"
