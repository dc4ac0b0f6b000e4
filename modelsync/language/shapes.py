"""The vocabulary that describes the language: what may stand at each place, as plain data with a sentence for people.

One description serves everyone: the decoder reads by it, the JSON Schema is written from it, and an editor completes
and explains by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from modelsync.core.artifacts import OutputType
from modelsync.core.records import record


@record
class Text:
    """A literal text; a plain number is taken as it is written (`1.10` stays `1.10`)."""

    pattern: str = ""  # a regular expression for the whole text
    expected: str = ""  # the pattern in words
    example: str = ""


@record
class Plain:
    """A text that names something, never with params put in."""

    names: str = ""  # the section whose names it is: stages, gates, deploy, models, steps, roles, secrets
    pattern: str = ""
    expected: str = ""


@record
class Number:
    """A finite number within bounds."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    unit: str = ""  # for people: "percent", "share", "rows"


@record
class Flag:
    """true or false, or one of some words."""

    words: tuple[str, ...] = ()


@record
class Duration:
    """A number with a unit of time, decoded to seconds."""

    positive: bool = False
    unit: str = "s"  # what people probably mean when they write none


@record
class Size:
    """A number with a unit of memory, decoded to bytes."""


@record
class Choice:
    """One of some words; with `fixed` it is written itself, because the graph hangs on it."""

    words: tuple[str, ...]
    fixed: bool = False


@record
class Anything:
    """Any literal: text, number, truth value, list or mapping."""


@record
class Constant:
    """One scalar, its type decided elsewhere (the `default` of a param)."""


@record
class Reference:
    """A bare dotted path to what the spec declares."""

    heads: tuple[str, ...]  # datasets, outputs, models, steps, live
    types: tuple[OutputType, ...] = ()  # of an output; empty: any
    words: tuple[str, ...] = ()  # words that may stand instead, such as `champion`


@record
class Function:
    """A function in a file, `folder/file.py:function`."""


@record
class Validator:
    """A function in a file, `folder/file.py:function`, or the bare name of one that an installed package brings."""


@record
class Builtin:
    """A step that ModelSync brings, `builtin/name`."""


@record
class File:
    """A path inside the root."""


@record
class Condition:
    """A typed expression that is true or false."""

    owner: str  # dataset | model | stage: decides the names it may use


@record
class Secret:
    """A reference `secrets.name`; `or_text` lets a literal stand instead."""

    or_text: bool = False


@record
class Many:
    """A list; with `one` a single value stands for a list of one, with `repeats` a word may come again."""

    item: Shape
    title: str = ""  # what an item is called in messages
    least: int = 0
    one: bool = False
    repeats: bool = False


@record
class Named:
    """A mapping keyed by names that the writer chooses."""

    item: Shape
    title: str  # what one is called: dataset, step, gate
    key: str = "name"  # name: usable in conditions | role: may hold `-` | any: any text
    least: int = 0
    within: bool = False  # whether one is told with what it belongs to: output `model` of step `fit`


@record
class Key:
    """One key of a mapping, with the sentence that explains it."""

    shape: Shape
    doc: str
    required: bool = False
    default: Any = None  # what holds when it is not written; for people and the schema
    example: str = ""  # what people write, shown where the key is missing


@record
class Fields:
    """A mapping with known keys. `short`: the key that a bare scalar or list stands for."""

    keys: Mapping[str, Key]
    build: Callable[[Any], Any] | None = field(default=None, compare=False)  # Body -> the decoded value
    short: str = ""
    instead: str = ""  # what to write instead of a bare value: `<type>` and `<text>` are put in
    per_member: tuple[str, ...] = ()  # keys that are read once for each member of the matrix of this mapping


@record
class Kinds:
    """A mapping whose key `by` decides which other keys it has."""

    by: str
    options: Mapping[str, Fields]


@record
class Either:
    """One shape for a scalar, another for a mapping."""

    scalar: Shape
    mapping: Shape


@record
class Expectations:
    """One entry of a quality gate: an expectation by its own name with its arguments, or a suite."""


@record
class Matrix:
    """Values by axis, with `include` and `exclude` as members."""


Shape = (
    Text
    | Plain
    | Number
    | Flag
    | Duration
    | Size
    | Choice
    | Anything
    | Constant
    | Reference
    | Function
    | Validator
    | Builtin
    | File
    | Condition
    | Secret
    | Many
    | Named
    | Fields
    | Kinds
    | Either
    | Expectations
    | Matrix
)


def fields_at(shape: Shape, kind: str) -> Fields | None:
    """The keys of a mapping of this shape; of one kind where kinds differ (an unknown kind has only `by`)."""
    match shape:
        case Fields():
            return shape
        case Kinds():
            return shape.options.get(kind)
        case Either():
            return fields_at(shape.mapping, kind)
    return None
