"""The language as a page for people: every section, its keys, and what each of them means."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelsync.language.decode.spec import SPEC
from modelsync.language.known import Known
from modelsync.language.published.together import together
from modelsync.language.published.words import TESTS, THINGS, meanings
from modelsync.language.rules.watches import METRICS
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
    File,
    Flag,
    Function,
    Key,
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

_HEAD = """# The language, key by key

`modelsync schema --format markdown` writes this page from the code, and a test compares the two. [README.md](README.md)
says how the language is meant; [credit/modelsync.yaml](credit/modelsync.yaml) shows it at work. In an editor the same
sentences stand beside the cursor.

A key in **bold** must be written.

| A value called | is |
|---|---|
| text | any text; a plain number is taken as it is written |
| name | a text that names something |
| duration | a number with a unit: `250ms`, `30s`, `15m`, `1h30m`, `2d` |
| size | a number with a unit: `512MiB`, `2GiB`, `500MB` |
| function | `folder/file.py:function`, from the root |
| validator | a function, or the bare name of a validator that an installed package brings |
| reference | `datasets.name`, `models.name`, `pipelines.pipeline.step.output`; in a pipeline `steps.step.output` |
| condition | an expression that is true or false, such as `metrics.roc_auc >= 0.82` |
| secret | `secrets.name` |

A text, number, duration, size, truth value or word may be `${{ params.name }}` instead, and a text may hold it. Names,
references and conditions are always written out, so that the graph is known without params.
"""
_KINDS: dict[type, str] = {
    Text: "text",
    Plain: "name",
    Flag: "true or false",
    Duration: "duration",
    Size: "size",
    Anything: "any value",
    Constant: "value",
    Reference: "reference",
    Function: "function",
    Validator: "validator",
    Builtin: "`builtin/split`, `builtin/select`",
    File: "text",
    Condition: "condition",
    Matrix: "by axis: list of values; `include`, `exclude`: list of members",
    Expectations: "[expectation](#expectations)",
}


def page(known: Known) -> str:
    """The page in Markdown."""
    top = {name: key for name, key in SPEC.keys.items() if not _has_keys(key.shape)}
    sections = {name: key for name, key in SPEC.keys.items() if name not in top}
    writer = _Writer()
    writer.add("## At the top")
    writer.table(top, "")
    for name, key in sections.items():
        writer.section(name, key)
    listed = ["- [At the top](#at-the-top)", *(f"- [`{name}`](#{name}): {key.doc}" for name, key in sections.items())]
    listed.append("- [Metrics and tests](#metrics-and-tests), [expectations](#expectations): what gates know by name.")
    blocks = "\n\n".join([*writer.blocks, *_names(known), *_expectations(known)])
    return "\n".join([_HEAD, *listed, "", blocks, ""])


def _has_keys(shape: Shape) -> bool:
    return isinstance(shape, Fields | Kinds | Named)


@dataclass
class _Writer:
    """Writes mappings depth first; what words mean is said once, where they come first."""

    blocks: list[str] = field(default_factory=list)
    said: set[tuple[str, ...]] = field(default_factory=set)

    def add(self, text: str) -> None:
        """One paragraph, heading, list or table."""
        self.blocks.append(text)

    def section(self, name: str, key: Key) -> None:
        """One key at the top; a thing that has a name is described right below it."""
        self.add(f"## `{name}`")
        if isinstance(key.shape, Named):
            self.add(f"{THINGS.get(key.shape.title, key.doc)} Each has a name that you choose.")
            self._keys(key.shape.item, _a(key.shape.title))
        else:
            self.add(key.doc)
            self._keys(key.shape, f"`{name}`")

    def _keys(self, shape: Shape, called: str) -> None:
        """The keys of a mapping, then those of the mappings inside."""
        if isinstance(shape, Kinds):
            self._kinds(shape, called)
        if not isinstance(shape, Fields):
            return
        if shape.short:
            self.add(f"`{shape.short}` alone may stand for all of it.")
        self.table(shape.keys, called)
        rules = tuple(dict.fromkeys(_rules(together(shape))))
        if rules:
            self.add("\n".join(f"- {rule}" for rule in rules))
        for name, key in shape.keys.items():
            self._words(name, key.shape)
        for name, key in shape.keys.items():
            self._below(key.shape, f"`{name}` of {called}")

    def _below(self, shape: Shape, called: str) -> None:
        """A heading and the keys for a mapping that stands inside another."""
        match shape:
            case Fields():
                self.add(f"### {called[:1].upper()}{called[1:]}")
                self._keys(shape, called.partition(" of ")[2] if called.startswith("`") else called)
            case Kinds():
                self._kinds(shape, called)
            case Named() if _has_keys(shape.item):
                self.add(f"### {_a(shape.title).capitalize()}")
                self.add(THINGS.get(shape.title, ""))
                self._keys(shape.item, _a(shape.title))
            case Many() if isinstance(shape.item, Fields):
                self._below(shape.item, _item(shape, called))
            case Either():
                self._below(shape.mapping, called)

    def _kinds(self, shape: Kinds, called: str) -> None:
        by = next(iter(shape.options.values())).keys[shape.by]
        said = meanings(by.shape) if isinstance(by.shape, Choice) else {}
        thing = called.partition(" of ")[0].strip("`").removeprefix("a ")
        self.add(f"The key `{shape.by}` decides which other keys there are:")
        rows = [f"| [`{kind}`](#{_anchor(_a(f'{kind} {thing}'))}) | {said.get(kind, '')} |" for kind in shape.options]
        self.add("\n".join([f"| `{shape.by}` | |", "|---|---|", *rows]))
        for kind, option in shape.options.items():
            self.add(f"### {_a(f'{kind} {thing}').capitalize()}")
            rest = {name: key for name, key in option.keys.items() if name != shape.by}
            self._keys(Fields(rest), _a(f"{kind} {thing}"))

    def table(self, keys: Mapping[str, Key], owner: str) -> None:
        """A row for each key."""
        rows = [_row(name, key, owner) for name, key in keys.items()]
        self.add("\n".join(["| Key | Value | |", "|---|---|---|", *rows]))

    def _words(self, name: str, shape: Shape) -> None:
        """What each word of a choice means, unless that was said before."""
        choice = shape.item if isinstance(shape, Many | Named) else shape
        said = meanings(choice) if isinstance(choice, Choice) else {}
        if len(said) > 1 and tuple(said) not in self.said:
            self.said.add(tuple(said))
            lines = [f"- `{word}`: {meaning}" for word, meaning in said.items()]
            self.add("\n".join([f"The words of `{name}`:", "", *lines]))


def _row(name: str, key: Key, owner: str) -> str:
    written = f"**`{name}`**" if key.required else f"`{name}`"
    default = "" if key.default is None else f" Default: {_code(key.default)}."
    said = f"{key.doc}{default}".replace("|", "\\|")
    return f"| {written} | {_kind(key.shape, f'`{name}` of {owner}')} | {said} |"


def _kind(shape: Shape, called: str) -> str:
    """A shape in a word or two, with a link to its keys."""
    match shape:
        case Number():
            return _number(shape)
        case Choice():
            return ", ".join(f"`{word}`" for word in shape.words)
        case Flag():
            return ", ".join((_KINDS[Flag], *(f"`{word}`" for word in shape.words)))
        case Secret():
            return "secret or text" if shape.or_text else "secret"
        case Many():
            item = _kind(shape.item, _item(shape, called))
            return f"{item}, or a list" if shape.one else f"list of {item}"
        case Named():
            link = f"[{shape.title}](#{_anchor(_a(shape.title))})"
            return f"by name: {link if _has_keys(shape.item) else _kind(shape.item, called)}"
        case Either():
            return f"{_kind(shape.scalar, called)}, or {_kind(shape.mapping, called)}"
        case Kinds():
            kinds = _a(f"{next(iter(shape.options))} {called.partition(' of ')[0].strip('`')}")
            return f"[by `{shape.by}`](#{_anchor(kinds)})"
        case Fields():
            short = f"{_kind(shape.keys[shape.short].shape, called)}, or " if shape.short else ""
            return f"{short}[mapping](#{_anchor(called)})"
    return _KINDS[type(shape)]


def _number(shape: Number) -> str:
    kind = "whole number" if shape.whole else "number"
    low, high = shape.low > -math.inf, shape.high < math.inf
    return f"{kind}, {shape.low:g} to {shape.high:g}" if high else f"{kind}, at least {shape.low:g}" if low else kind


def _rules(found: Any) -> Iterator[str]:
    """What the keys mean for each other, in the words that an editor shows."""
    if isinstance(found, Sequence) and not isinstance(found, str):
        for each in found:
            yield from _rules(each)
    elif isinstance(found, dict):
        if "type" not in found:  # a type is about one value, not about two keys
            yield from (found[said] for said in ("errorMessage", "patternErrorMessage") if said in found)
        for key, wanted in found.get("dependencies", {}).items():
            if isinstance(wanted, list):
                yield f"`{key}` only goes with {' and '.join(f'`{each}`' for each in wanted)}."
        for value in found.values():
            yield from _rules(value)


def _names(known: Known) -> Iterator[str]:
    """The names that gates and rollouts know."""
    yield "## Metrics and tests"
    lists = {
        "`metric` in a performance, champion or stability gate": known.metrics,
        "`metric` in a fairness gate": known.fairness_metrics,
        "`metric` in `watch`": METRICS,
    }
    yield "\n".join(f"- {where}: {', '.join(f'`{name}`' for name in names)}" for where, names in lists.items())
    yield "The words of `test` in a drift gate:"
    yield "\n".join(f"- `{test}`: {TESTS.get(test, '')}" for test in known.drift_tests)


def _expectations(known: Known) -> Iterator[str]:
    """The expectations with their arguments."""
    yield "## Expectations"
    yield "What a quality gate can ask, by the names of Great Expectations. `suite: file.json` asks all of a file."
    rows = []
    for name, shape in known.expectations.items():
        arguments = sorted(shape.arguments, key=lambda each: each not in shape.required)
        listed = ", ".join(f"**`{each}`**" if each in shape.required else f"`{each}`" for each in arguments)
        rows.append(f"| `{name}` | {listed} |")
    yield "\n".join(["| Expectation | Arguments |", "|---|---|", *rows])


def _item(shape: Many, called: str) -> str:
    """What an item of a list is called."""
    return f"{shape.title} of {called.split(' of ', 1)[-1]}" if shape.title else called


def _anchor(called: str) -> str:
    return called.replace("`", "").replace(" ", "-").lower()


def _a(thing: str) -> str:
    return f"{'an' if thing[:1] in 'aeiou' else 'a'} {thing}"


def _code(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_code(each) for each in value)
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"
