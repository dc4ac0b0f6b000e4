"""One value of the language as JSON Schema: texts, numbers, words, references; what is written alike is named here.

What holds for the type of a value stands beside what holds for another type, not in branches of an `anyOf`: then the
message of an editor is about the form that was written. Only a word out of a list needs branches, because `enum` looks
at every type.
"""

from __future__ import annotations

import math
import re
from typing import Any

from modelsync.language.published import patterns
from modelsync.language.published.words import REPORTS, meanings
from modelsync.language.shapes import (
    Anything,
    Choice,
    Condition,
    Constant,
    Duration,
    File,
    Flag,
    Function,
    Number,
    Plain,
    Reference,
    Secret,
    Shape,
    Size,
    Text,
    Validator,
)

Schema = dict[str, Any]

_HOLES = "`${{ }}` puts in `params.name`, `matrix.axis` or `env.VARIABLE`."
_DURATION = "Write a number with a unit, such as `30s`, `15m`, `1h30m` or `2d`."
_NAME = "A name has letters, digits and `_`, a letter or `_` first, at most 64, and is no word such as `and`."
_PLAIN = "This is a name; `${{ }}` can't be put in."

LEAVES: dict[str, Schema] = {
    "text": {
        "type": ["string", "number"],
        "minLength": 1,
        "pattern": patterns.LITERAL,
        "patternErrorMessage": _HOLES,
    },
    "filled": {
        "title": "Text with ${{ }}",
        "type": "string",
        "pattern": patterns.FILLED,
        "patternErrorMessage": _HOLES,
    },
    "plain": {
        "type": ["string", "number"],
        "minLength": 1,
        "pattern": patterns.PLAIN,
        "patternErrorMessage": _PLAIN,
    },
    "flag": {
        "type": ["string", "boolean"],
        "pattern": patterns.VALUE_OF_PARAM,
        "patternErrorMessage": "Write `true` or `false`.",
    },
    "duration": {"type": "string", "pattern": patterns.or_filled(patterns.DURATION), "errorMessage": _DURATION},
    "positive_duration": {
        "type": "string",
        "pattern": patterns.or_filled(f"(?=.*[1-9]){patterns.DURATION}"),
        "errorMessage": f"{_DURATION} It is more than 0.",
    },
    "size": {
        "type": "string",
        "pattern": patterns.or_filled(patterns.SIZE),
        "errorMessage": "Write a number with a unit, such as `512MiB` or `2GiB`.",
    },
    "function": {
        "type": "string",
        "pattern": patterns.FUNCTION,
        "patternErrorMessage": "Write `folder/file.py:function`.",
        "defaultSnippets": [{"label": "folder/file.py:function", "body": "${1:flows}/${2:file}.py:${3:function}"}],
    },
    "validator": {
        "type": "string",
        "pattern": patterns.VALIDATOR,
        "patternErrorMessage": "Write `validators/file.py:function`, or the name of one that a package brings.",
        "defaultSnippets": [{"label": "validators/file.py:function", "body": "validators/${1:file}.py:${2:check}"}],
    },
    "condition": {
        "type": "string",
        "minLength": 1,
        "pattern": patterns.PLAIN,
        "patternErrorMessage": "Write `params.name` in a condition, without `${{ }}`.",
    },
    "secret_reference": {
        "type": "string",
        "pattern": patterns.SECRET,
        "errorMessage": "Write `secrets.name`, and declare it under `secrets`.",
        "defaultSnippets": [{"label": "secrets.name", "body": "secrets.${1:name}"}],
    },
    "constant": {"type": ["string", "number", "boolean"]},
    "anything": {"type": ["string", "number", "boolean", "array", "object"]},
    "argument": {"pattern": patterns.LITERAL, "patternErrorMessage": _HOLES},
    "name": {"pattern": patterns.or_merged(patterns.NAME), "patternErrorMessage": _NAME},
    "role_name": {
        "pattern": patterns.or_merged(patterns.ROLE),
        "patternErrorMessage": _NAME.replace("`_`", "`_` and `-`", 1),
    },
    "any_name": {"minLength": 1},
}
"""What many places share, by the name of its definition."""

_SIMPLE: dict[type, str] = {
    Flag: "flag",
    Size: "size",
    File: "text",
    Function: "function",
    Validator: "validator",
    Condition: "condition",
    Constant: "constant",
    Anything: "anything",
}
_CALLED = {
    "stages": "stage",
    "gates": "gate",
    "deploy": "deployment",
    "models": "model",
    "pipelines": "pipeline",
    "steps": "step of this pipeline",
    "roles": "role",
    patterns.UNTIL: "stage, or `pipeline.step`",
}
_FORMS = {
    "datasets": "datasets.name",
    "models": "models.name",
    "live": "deployment.requests",
    "outputs": "pipelines.pipeline.step.output",
    "steps": "pipelines.pipeline.step",
}
_INSIDE = {"outputs": "steps.step.output", "steps": "steps.step"}  # in a pipeline


def leaf_name(shape: Shape) -> str:
    """The definition that a shape is, empty when it has a schema of its own."""
    match shape:
        case Text(pattern="", example=""):
            return "text"
        case Plain(names="", pattern=""):
            return "plain"
        case Duration():
            return "positive_duration" if shape.positive else "duration"
        case Secret():
            return "text" if shape.or_text else "secret_reference"
        case Flag() if shape.words:
            return ""
    return _SIMPLE.get(type(shape), "")


def leaf(shape: Shape, *, in_pipeline: bool) -> Schema:
    """The schema of one value, every keyword of it; `steps.` refers to something only in a pipeline."""
    if name := leaf_name(shape):
        return {**LEAVES[name]}
    match shape:
        case Text():
            return _text(shape)
        case Plain():
            return _plain(shape)
        case Number():
            return _number(shape)
        case Flag():
            return _flag(shape)
        case Choice():
            return choice(shape)
        case Reference():
            return _reference(shape, in_pipeline=in_pipeline)
    raise AssertionError(f"{shape} is no single value")


def _text(shape: Text) -> Schema:
    found = {**LEAVES["text"]}
    if shape.pattern:
        found |= {**_types(shape.pattern), "pattern": patterns.or_filled(shape.pattern)}
        found |= {"patternErrorMessage": f"Write {shape.expected}."}
    return {**found, "examples": [shape.example]} if shape.example else found


def _plain(shape: Plain) -> Schema:
    if shape.pattern:
        found = {**_types(shape.pattern), "pattern": patterns.whole(shape.pattern)}
        return {**found, "patternErrorMessage": f"Write {shape.expected}."}
    said = f"Write the name of a {_CALLED[shape.names]}; nothing is put into names."
    return {"type": "string", "pattern": patterns.name_of(shape.names), "patternErrorMessage": said}


def _types(pattern: str) -> Schema:
    """What may stand where a text has a pattern: a plain number too when it could have that form as it is written."""
    forms = [kind for kind, example in (("integer", "1"), ("number", "1.5")) if re.fullmatch(pattern, example)]
    if not forms:
        return {"type": "string"}
    signed = {} if re.fullmatch(pattern, "-1") else {"minimum": 0}
    return {"type": ["string", forms[-1]], **signed}


def _number(shape: Number) -> Schema:
    kind = "integer" if shape.whole else "number"
    found: Schema = {"type": ["string", kind]}  # the first type is what an editor inserts: for a number it would be 0
    found |= {"minimum": _plainest(shape.low)} if shape.low > -math.inf else {}
    found |= {"maximum": _plainest(shape.high)} if shape.high < math.inf else {}
    said = f"Write a {'whole ' if shape.whole else ''}number, or `${{{{ params.name }}}}`."
    return {**found, "pattern": patterns.VALUE_OF_PARAM, "patternErrorMessage": said}


def _plainest(number: float) -> float:
    return int(number) if float(number).is_integer() else number


def words(shape: Choice, default: object = None) -> Schema:
    """The words of a choice, each with what it means."""
    listed = [str(word) for word in shape.words]
    said = meanings(shape)
    described = [f"{said.get(word, '')}{' The default.' if word == default else ''}".strip() for word in listed]
    marked = "markdownEnumDescriptions" if any("`" in each for each in described) else "enumDescriptions"
    return {"enum": listed, marked: described} if any(described) else {"enum": listed}


def choice(shape: Choice, default: object = None) -> Schema:
    """One of some words, or a text that becomes one of them."""
    return {"anyOf": [words(shape, default), {"$ref": "#/definitions/filled"}]}


def _flag(shape: Flag) -> Schema:
    """true or false, or a word; what is put in may be either."""
    said = ["A page of ours.", "No page.", *(REPORTS.get(word, "") for word in shape.words)]
    listed: Schema = {"enum": [True, False, *shape.words], "enumDescriptions": said}
    return {"anyOf": [listed, {"$ref": "#/definitions/filled"}]}


def _reference(shape: Reference, *, in_pipeline: bool) -> Schema:
    inside = [_INSIDE[head] for head in shape.heads if in_pipeline and head in _INSIDE]
    forms = [*inside, *(_FORMS[head] for head in shape.heads)]
    said = ", or ".join(f"`{form}`" for form in (*shape.words, *forms))
    snippets = [{"label": word, "body": word} for word in shape.words]
    snippets += [{"label": form, "body": _snippet(form)} for form in forms]
    return {
        "type": "string",
        "pattern": patterns.reference(shape.heads, shape.words, in_pipeline=in_pipeline),
        "patternErrorMessage": f"Write {said}.",
        "defaultSnippets": snippets,
    }


def _snippet(form: str) -> str:
    """The form with a place to fill in for each part that the writer chooses."""
    parts = form.split(".")
    fixed = ("datasets", "models", "steps", "pipelines", "requests")
    free = [part for part in parts if part not in fixed]
    return ".".join(part if part in fixed else f"${{{free.index(part) + 1}:{part}}}" for part in parts)
