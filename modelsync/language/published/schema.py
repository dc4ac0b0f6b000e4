"""The language as a JSON Schema, written from its shapes: what editors complete, explain and underline by.

Draft 7, because every editor knows it. An editor shows `errorMessage`, `patternErrorMessage`, `markdownDescription`,
`enumDescriptions` and `defaultSnippets`; whoever only validates ignores them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from modelsync.core.signature import Parameter, Signature
from modelsync.language.assist.wording import expected
from modelsync.language.decode import datasets, deploys, model_checks, places, steps, table_checks, versioning
from modelsync.language.decode.expectations import SUITE
from modelsync.language.decode.spec import SPEC, VERSION
from modelsync.language.known import ExpectationShape, Known
from modelsync.language.published import patterns
from modelsync.language.published.arguments import argument, sentence
from modelsync.language.published.leaves import LEAVES, Schema, choice, leaf, leaf_name, words
from modelsync.language.published.together import together
from modelsync.language.published.words import TESTS, THINGS, meanings
from modelsync.language.rules.watches import METRICS
from modelsync.language.shapes import (
    Anything,
    Builtin,
    Choice,
    Either,
    Expectations,
    Fields,
    Function,
    Key,
    Kinds,
    Many,
    Matrix,
    Named,
    Number,
    Plain,
    Reference,
    Shape,
    Text,
    Validator,
)

DRAFT = "http://json-schema.org/draft-07/schema#"
TITLE = "ModelSync spec"
PART = "part"
"""The definition for files that a spec includes: the same sections, without what only the spec itself may say."""

_MAIN_ONLY = ("project", "root")
_MAPPING: Schema = {"type": "object"}
# A type `null` would be offered as a value.
_MAPPING_OR_NOTHING: Schema = {
    "if": {"type": "null"},
    "else": {**_MAPPING, "errorMessage": "Write a mapping, `key: value`."},
}
_UNIQUE = (Plain, Text, Choice, Reference)  # lists of these hold each only once
# What the sentence of a key, its words or its keys say already.
_SEEN = (Text, Plain, Choice, Fields, Kinds, Named, Anything, Expectations, Either, Function, Validator, Builtin)
_KEYS = {"name": "name", "role": "role_name", "any": "any_name"}


def schema(known: Known) -> Schema:
    """The whole language; the names of `known` are the only words wherever params can't be put in."""
    return _Writer(known).spec()


def _metric(known: Known) -> Schema:
    return {"enum": [*known.metrics]}


def _drift_tests(known: Known) -> Schema:
    return {"enum": [*known.drift_tests], "enumDescriptions": [TESTS.get(test, "") for test in known.drift_tests]}


# What holds for a key beyond its shape: (the mapping, the key, keywords).
_SPECIAL: tuple[tuple[Fields, str, Callable[[Known], Schema]], ...] = (
    (SPEC, "modelsync", lambda known: {"const": VERSION}),
    (table_checks.DRIFT, "test", _drift_tests),
    (table_checks.VALUE_DRIFT, "test", _drift_tests),
    (table_checks.OUTLIERS, "factor", lambda known: {"exclusiveMinimum": 0}),
    (model_checks.STABILITY, "seeds", lambda known: {"uniqueItems": True}),
    (model_checks.PERFORMANCE, "metric", _metric),
    (model_checks.CHAMPION, "metric", _metric),
    (model_checks.FAIRNESS, "metric", lambda known: {"enum": [*known.fairness_metrics]}),
    (model_checks.STABILITY, "metric", lambda known: {"defaultSnippets": _snippets(known.metrics)}),
    (deploys.WATCH, "metric", lambda known: {"enum": [*METRICS]}),
    (places.REMOTE, "url", lambda known: _scheme(("s3", "gs", "https", "http", "file"))),
    (datasets.DATASET, "source", lambda known: _scheme(("http", "https", "s3", "gs"))),
    (versioning.MODEL, "start", lambda known: _version()),
)


def _snippets(words: Any) -> list[Schema]:
    return [{"label": word, "body": word} for word in words]


def _scheme(schemes: tuple[str, ...]) -> Schema:
    listed = ", ".join(f"`{each}://`" for each in schemes)
    return {"pattern": patterns.scheme(schemes), "patternErrorMessage": f"An address starts with {listed}."}


def _version() -> Schema:
    said = "Write three numbers, such as `1.4.0`."
    return {"type": "string", "pattern": patterns.or_filled(patterns.VERSION), "errorMessage": said}


@dataclass
class _Writer:
    """Writes shapes, and collects the definitions they share."""

    known: Known
    definitions: dict[str, Schema] = field(default_factory=dict)
    in_pipeline: bool = False

    def spec(self) -> Schema:
        """The whole language with its definitions."""
        doc = "How a model is made, checked, versioned, promoted and deployed."
        whole = self._fields(SPEC, TITLE, doc)
        shared = {key: {"$ref": f"#/properties/{key}"} for key in SPEC.keys if key not in _MAIN_ONLY}
        part = {"title": "Part of a ModelSync spec", **_MAPPING, "properties": shared, "additionalProperties": False}
        comment = "Written by `modelsync schema`. For a file that a spec includes, end the path with #/definitions/part"
        found = dict(sorted({**LEAVES, **self.definitions, PART: part}.items()))
        return {"$schema": DRAFT, "$comment": comment, **whole, "definitions": found}

    def _value(self, shape: Shape, title: str, doc: str = "") -> Schema:
        """A shape that stands alone, only pointed to where the same is written in many places."""
        name = leaf_name(shape)
        return _ref(name) if name else self._flat(shape, title, doc)

    def _flat(self, shape: Shape, title: str, doc: str = "") -> Schema:
        """A shape with its keywords beside each other, so that those of another type can be added."""
        match shape:
            case Fields():
                return self._fields(shape, title, doc)
            case Kinds():
                return self._kinds(shape, title, doc)
            case Named():
                return self._named(shape, doc)
            case Many():
                return self._many(shape, title)
            case Either():
                return _or_mapping(self._flat(shape.scalar, title), self._flat(shape.mapping, title, doc))
            case Expectations():
                return self._expectations()
            case Matrix():
                return _matrix()
            case Builtin():
                takes = [_takes(found) for found in self.known.builtins.values()]
                return {"enum": [*self.known.builtins], "enumDescriptions": takes}
        return leaf(shape, in_pipeline=self.in_pipeline)

    def _fields(self, shape: Fields, title: str, doc: str = "") -> Schema:
        rules = [*together(shape), *(self._builtins() if shape is steps.STEP else ())]
        required = [name for name, key in shape.keys.items() if key.required]
        found: Schema = _named(title, doc)
        found |= _MAPPING if required or rules else _MAPPING_OR_NOTHING
        found |= {"required": required} if required else {}
        found["properties"] = {name: self._key(shape, name, key) for name, key in shape.keys.items()}
        found["additionalProperties"] = False
        found |= {"allOf": rules} if rules else {}
        return {**_or_mapping(self._of_key(shape, shape.short), found), **_named(title, doc)} if shape.short else found

    def _key(self, owner: Fields, name: str, key: Key) -> Schema:
        found, leaf = self._of_key(owner, name), leaf_name(key.shape)
        if leaf and found == LEAVES[leaf]:
            found = _ref(leaf)
        if isinstance(key.shape, Choice):
            found = choice(key.shape, key.default)
        said = explained(key)
        return {**found, **({"then": {**found["then"], **said}} if "then" in found else {}), **said}

    def _of_key(self, owner: Fields, name: str) -> Schema:
        """The schema of a key without what explains it."""
        shape = owner.keys[name].shape
        found = self._flat(shape, _title(name), owner.keys[name].doc)
        more = next((special for fields, key, special in _SPECIAL if fields is owner and key == name), None)
        said = {} if more is None else more(self.known)
        return said if "enum" in said or "const" in said else {**found, **said}

    def _kinds(self, shape: Kinds, title: str, doc: str) -> Schema:
        """Until the kind is written an editor offers nothing else, then the keys of that kind."""
        by = next(iter(shape.options.values())).keys[shape.by]
        said = meanings(by.shape) if isinstance(by.shape, Choice) else {}
        kinds = {"enum": [*shape.options], "enumDescriptions": [said.get(kind, "") for kind in shape.options]}
        branches = []
        for kind, option in shape.options.items():
            name = f"{kind}_{title.lower()}"
            branch = self._fields(option, f"{_title(kind)} {title.lower()}", said.get(kind, doc))
            self._define(name, {**branch, "properties": {**branch["properties"], shape.by: {}}})
            is_kind = {"properties": {shape.by: {"const": kind}}, "required": [shape.by]}
            branches.append({"if": is_kind, "then": _ref(name)})
        return {
            **_named(title, doc),
            **_MAPPING,
            "required": [shape.by],
            "properties": {shape.by: {**kinds, **explained(by)}},
            "allOf": branches,
        }

    def _named(self, shape: Named, doc: str) -> Schema:
        found: Schema = {**_MAPPING, "minProperties": shape.least} if shape.least else {**_MAPPING_OR_NOTHING}
        # Without `properties`, even if empty, an editor does not see from the branches that this is a mapping.
        found |= {"properties": {}, "propertyNames": _ref(_KEYS[shape.key])}
        return {**found, "additionalProperties": self._named_item(shape, doc)}

    def _named_item(self, shape: Named, doc: str) -> Schema:
        title, doc = _title(shape.title), THINGS.get(shape.title, doc)
        if isinstance(shape.item, Anything):
            return {**_ref("argument"), **_named(title, doc)}
        if not isinstance(shape.item, Fields | Kinds):
            return {**self._value(shape.item, title), **_named(title, doc)}
        before, self.in_pipeline = self.in_pipeline, self.in_pipeline or shape.title == "pipeline"
        found = self._flat(shape.item, title, doc)
        self.in_pipeline = before
        return self._define(shape.title, found)

    def _define(self, name: str, found: Schema) -> Schema:
        assert name not in LEAVES and self.definitions.get(name, found) == found, f"two things are called {name}"
        self.definitions[name] = found
        return _ref(name)

    def _many(self, shape: Many, title: str) -> Schema:
        # An editor offers each branch of an item as an item of its own, so here words are only words.
        item = words(shape.item) if isinstance(shape.item, Choice) else self._value(shape.item, _singular(shape, title))
        found: Schema = {"type": "array", "items": item}
        found |= {"minItems": shape.least} if shape.least else {}
        found |= {"uniqueItems": True} if isinstance(shape.item, _UNIQUE) and not shape.repeats else {}
        return _or_list(self._flat(shape.item, title), found) if shape.one else found

    def _expectations(self) -> Schema:
        """An expectation by its name with its arguments, or a suite; the name alone where it needs none."""
        known = self.known.expectations
        for name in sorted({name for shape in known.values() for name in shape.arguments}):
            self._define(f"argument_{name}", argument(name))
        suite = {"$ref": "#/definitions/text", "description": "A suite of expectations in a JSON file."}
        alone = [name for name, shape in known.items() if not shape.required]
        said = "Write `expectation: {argument: value}`."
        return {
            "title": "Expectation",
            "type": ["object", "string"],
            "pattern": patterns.whole("|".join(alone)),
            "patternErrorMessage": said,
            "minProperties": 1,
            "maxProperties": 1,
            "properties": {SUITE: suite, **{name: _expectation(name, shape) for name, shape in known.items()}},
            "additionalProperties": False,
        }

    def _builtins(self) -> Iterator[Schema]:
        """What the steps that ModelSync brings take."""
        for name, found in self.known.builtins.items():
            if not found.open:
                is_it = {"properties": {"uses": {"const": name}}, "required": ["uses"]}
                takes = {"inputs": _parameters(found, "inputs"), "with": _parameters(found, "with")}
                yield {"if": is_it, "then": {"properties": takes}}


def explained(key: Key) -> Schema:
    """What an editor says about a key: its sentence, what may stand there, and what holds without it.

    There is no `default`, because editors write it down: whoever asks for a key wants something else.
    """
    shape = key.shape
    if isinstance(shape, Many):
        said = "One alone needs no list." if shape.one else ""
    else:
        is_plain = isinstance(shape, _SEEN) or shape in (Number(), Number(whole=True))
        said = "" if is_plain or not expected(shape) else f"It is {expected(shape)}."
    parts = [key.doc, *([said] if said else [])]
    if key.required:
        parts.append("Required.")
    elif key.default is not None:
        default = key.default if isinstance(key.default, list) else [key.default]
        parts.append(f"Default: `{', '.join(str(each).lower() for each in default)}`.")
    markdown = "\n\n".join(parts)
    found: Schema = {"description": key.doc if key.required else " ".join(part for part in parts if part != said)}
    return {**found, "markdownDescription": markdown} if markdown != key.doc or "`" in markdown else found


def _named(title: str, doc: str) -> Schema:
    """What a thing is called, and what it is."""
    said = {"description": doc, "markdownDescription": doc} if "`" in doc else {"description": doc} if doc else {}
    return {"title": title, **said}


def _singular(shape: Many, title: str) -> str:
    return _title(shape.title.split(" ")[-1]) or title


def _title(name: str) -> str:
    return (name[:1].upper() + name[1:]).replace("_", " ")


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _or_mapping(scalar: Schema, mapping: Schema) -> Schema:
    """A value or a mapping; the keys stand in a branch, because beside it an editor would insert them at once."""
    return {**_with_type(scalar, mapping), "if": {"type": "object"}, "then": mapping}


def _or_list(scalar: Schema, found: Schema) -> Schema:
    """A value or a list; the list first, because that is what an editor inserts."""
    return {**_with_type(scalar, found), **{key: value for key, value in found.items() if key != "type"}}


def _with_type(scalar: Schema, other: Schema) -> Schema:
    """A schema that lets another type pass too."""
    if "anyOf" in scalar:
        return {**scalar, "anyOf": [*scalar["anyOf"], {"type": other["type"]}]}
    kinds = scalar["type"] if isinstance(scalar["type"], list) else [scalar["type"]]
    listed = [other["type"], *kinds] if other["type"] == "array" else [*kinds, other["type"]]
    return {**scalar, "type": listed}


def _matrix() -> Schema:
    members = {"type": "array", "items": {"type": "object"}}
    return {
        "title": "Matrix",
        "type": "object",
        "minProperties": 1,
        "properties": {
            "include": {**members, "description": "Values added to the members that agree, or members of their own."},
            "exclude": {**members, "description": "Members that are left out: all that hold these values."},
        },
        "propertyNames": _ref("name"),
        "additionalProperties": {"title": "Axis", "type": "array", "minItems": 1, "uniqueItems": True},
    }


def _expectation(name: str, shape: ExpectationShape) -> Schema:
    needs = [f"Needs {', '.join(f'`{each}`' for each in shape.required)}."] if shape.required else []
    known = f"https://greatexpectations.io/expectations/{name}"
    found: Schema = {
        "title": "Expectation",
        "description": sentence(name),
        "markdownDescription": "\n\n".join([sentence(name), *needs, f"[Great Expectations]({known})"]),
        **(_MAPPING if shape.required else _MAPPING_OR_NOTHING),
        "properties": {each: _ref(f"argument_{each}") for each in shape.arguments},
        "additionalProperties": False,
    }
    return {**found, "required": [*shape.required]} if shape.required else found


def _takes(found: Signature) -> str:
    """What a step that ModelSync brings takes, as a sentence."""
    by_role = {role: [each.name for each in found.parameters if _role(each) == role] for role in ("inputs", "with")}
    return "; ".join(f"{role}: {', '.join(names)}" for role, names in by_role.items() if names) + "."


_TYPES: dict[str, Schema] = {
    "float": {"type": ["string", "number"]},
    "int": {"type": ["string", "integer"]},
    "bool": {"type": ["string", "boolean"]},
    "str": {"type": "string"},
    "str | None": {"type": ["string", "null"]},
}


def _role(parameter: Parameter) -> str:
    """Where a parameter is usually given: a plain value in `with`, everything else as an input."""
    return "with" if parameter.annotation in _TYPES else "inputs"


def _parameters(found: Signature, role: str) -> Schema:
    """The names a builtin takes; both sections may give each, one of them offers it."""
    offered = {
        each.name: _parameter(each) if _role(each) == role else {"doNotSuggest": True} for each in found.parameters
    }
    return {"properties": offered, "additionalProperties": False}


def _parameter(parameter: Parameter) -> Schema:
    needed = "must be given" if parameter.required else "may be left out"
    return {**_TYPES.get(parameter.annotation, {"type": "string"}), "description": f"{parameter.annotation}; {needed}."}
