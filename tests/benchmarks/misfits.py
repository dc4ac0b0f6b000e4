"""Faults of values: types, units, keys too few or too many, numbers out of bounds, words that only look right."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from modelsync.language.shapes import (
    Choice,
    Condition,
    Duration,
    Fields,
    Flag,
    Function,
    Kinds,
    Many,
    Named,
    Number,
    Plain,
    Reference,
    Size,
    Text,
)
from modelsync.language.text.nodes import Node, Scalar
from tests.benchmarks.breaks import closing
from tests.benchmarks.faults import Fault
from tests.benchmarks.fingers import EDITS, slips
from tests.benchmarks.spots import Entry, Leaf, Survey

_AS_WRITTEN = "a number stands for its text"
_OTHERS: dict[str, tuple[tuple[str, str], ...]] = {
    "Number": (("quoted", '"{}"'), ("text", "many"), ("list", "[{}]"), ("mapping", "{{value: {}}}"), ("truth", "true")),
    "Flag": (("quoted", '"{}"'), ("text", "yes"), ("number", "1"), ("list", "[{}]"), ("mapping", "{{value: {}}}")),
    "Text": (("truth", "true"), ("list", "[{}, other]"), ("mapping", "{{value: {}}}"), ("number", "12")),
    "Duration": (("truth", "true"), ("list", "[{}]"), ("mapping", "{{value: {}}}"), ("text", "soon")),
    "Fields": (("text", "words"), ("number", "12"), ("list", "[one, two]"), ("truth", "true")),
    "Many": (("text", "words"), ("mapping", "{{one: two}}"), ("number", "12")),
}
_CALLED: dict[type, str] = {
    Number: "Number",
    Flag: "Flag",
    Text: "Text",
    Plain: "Text",
    Choice: "Text",
    Reference: "Text",
    Function: "Text",
    Condition: "Text",
    Duration: "Duration",
    Size: "Duration",
    Fields: "Fields",
    Kinds: "Fields",
    Named: "Fields",
    Many: "Many",
}


def wrong_type(survey: Survey) -> Iterator[Fault]:
    """A value of another type: a text for a number, a list for a mapping ..."""
    for leaf in survey.leaves:
        called = _CALLED.get(type(leaf.shape), "")
        span = _span(survey, leaf.node)
        if not called or span is None or not leaf.path or (isinstance(leaf.node, Scalar) and "${{" in leaf.node.text):
            continue
        if re.search(r"!\S* ?$", survey.text[: span[0]][-20:]):
            continue  # a tag says the type too
        written = survey.text[span[0] : span[1]]
        plain = written if not isinstance(leaf.node, Scalar) or "," not in written else "words"
        at = (leaf.node.at.line, leaf.node.at.col)
        for name, form in _OTHERS[called]:
            new = form.format(plain)
            free = _fits_anyway(leaf, name)
            places = frozenset({at, (at[0], at[1] + 1)} if name in ("list", "mapping") else {at})
            if new != written and free is not None:
                group = f"{name} for {type(leaf.shape).__name__.lower()}"
                yield Fault("type", group, span[0], span[1], new, places, free=free)


def _fits_anyway(leaf: Leaf, name: str) -> str | None:
    """Why a value of another type is right there too; None when it is not worth asking."""
    shape = leaf.shape
    inside_list = isinstance(leaf.path[-1], int)
    match shape:
        case Text() | Plain() if name == "number" and not getattr(shape, "names", ""):
            if leaf.key in ("source", "cron", "timezone", "start"):
                return None
            return _AS_WRITTEN if not shape.pattern or re.fullmatch(shape.pattern, "12") else ""
        case Condition() if name == "truth":
            return "a condition can be `true`"
        case Many() if name in ("text", "number") and shape.one:
            return None
        case Many() if name == "mapping" and isinstance(shape.item, Fields | Kinds):
            return None
        case Fields() if shape.short and name in ("text", "number", "truth", "list"):
            return None
        case Fields() | Kinds() if name == "list" and inside_list:
            return ""
        case Text() | Plain() | Choice() | Reference() if name == "list" and inside_list:
            return ""
        case Fields() | Named() | Kinds() if leaf.key == "with":
            return ""
    return ""


def _span(survey: Survey, node: Node) -> tuple[int, int] | None:
    """The offsets of a value on one line; None for a block."""
    at = node.at
    if at.file != survey.spec.path:
        return None
    start = survey.offset(at.line, at.col)
    if isinstance(node, Scalar):
        if at.line != at.end_line or node.value is None:
            return None
        return start, survey.offset(at.line, at.end_col)
    if not survey.is_flow(node):
        return None
    return start, closing(survey.text, start) + 1


_UNIT = re.compile(r"([0-9.]+)([A-Za-z]+)")
_UNITS = {"time": {"ms", "s", "m", "h", "d"}, "size": {"B", *(f"{p}iB" for p in "KMGT"), *(f"{p}B" for p in "kMGT")}}


def unit(survey: Survey) -> Iterator[Fault]:
    """A duration or a size without its unit, or with one that is misspelt."""
    for leaf in survey.leaves:
        if not isinstance(leaf.shape, Duration | Size) or not isinstance(leaf.node, Scalar):
            continue
        inner, match = survey.inner(leaf.node), _UNIT.fullmatch(leaf.node.text)
        if inner is None or match is None:
            continue
        known = _UNITS["time" if isinstance(leaf.shape, Duration) else "size"]
        places = frozenset({(leaf.node.at.line, leaf.node.at.col)})
        start, written = inner[0] + match.start(2), match.group(2)
        yield Fault("unit", "dropped", start, inner[1], "", places)
        for edit in EDITS:
            for new in slips(written, edit):
                free = "it is another unit" if new in known else ""
                meant = frozenset({leaf.node.text})
                yield Fault("unit", edit, start, inner[1], new, places, meant, free)


def required(survey: Survey) -> Iterator[Fault]:
    """A key that must be there is not."""
    for entry in survey.entries:
        together = [group for group in ONE_OF if entry.item.key.text in group and set(group) <= set(entry.fields.keys)]
        alone = any(sum(entry.owner.get(key) is not None for key in group) == 1 for group in together)
        if not entry.fields.keys[entry.item.key.text].required and not alone:
            continue
        if len(entry.owner.items) > 1 and (span := _with_comma(survey, entry)) is not None:
            yield Fault("required", entry.item.key.text, span[0], span[1], "", owner=entry.path)


ONE_OF = (
    ("run", "uses", "command"),
    ("cron", "every"),
    ("env", "file", "aws", "vault"),
    ("worst_to_best", "max_difference"),
    ("max_std", "max_range", "min", "max"),
)


def _with_comma(survey: Survey, entry: Entry) -> tuple[int, int] | None:
    """The offsets of a key with its value: its lines in a block, with a comma between brackets."""
    key = entry.item.key.at
    if key.file != survey.spec.path:
        return None
    start = survey.offset(key.line, key.col)
    if not entry.flow:
        return _block(survey.text, start)
    value = _span(survey, entry.item.value)
    if value is None:
        return None
    end = value[1]
    if survey.text[end : end + 2] == ", ":
        return start, end + 2
    return (start - 2, end) if survey.text[start - 2 : start] == ", " else None


def _block(text: str, start: int) -> tuple[int, int] | None:
    """From the line of a key to the next line that is not below it."""
    begin = text.rfind("\n", 0, start) + 1
    deep = start - begin
    if text[begin:start].strip():
        return None  # behind a dash
    lines = text[begin:].splitlines(keepends=True)
    taken = lines[0]
    for line in lines[1:]:
        below = len(line) - len(line.lstrip(" "))
        if line.strip() and not (below > deep or (below == deep and line.lstrip().startswith("- "))):
            break
        taken += line
    return begin, begin + len(taken)


def duplicate(survey: Survey) -> Iterator[Fault]:
    """A key written twice."""
    for entry in survey.entries:
        span = _with_comma(survey, entry)
        if span is None:
            continue
        key = entry.item.key.at
        if entry.flow:
            value = _span(survey, entry.item.value)
            assert value is not None
            start = survey.offset(key.line, key.col)
            pair = survey.text[start : value[1]]
            place = survey.place(value[1])
            places = frozenset({(place[0], place[1] + 2)})
            yield Fault("duplicate", "between brackets", value[1], value[1], f", {pair}", places)
        else:
            lines = survey.text[span[0] : span[1]]
            if not lines.endswith("\n"):
                continue
            places = frozenset({(key.line + lines.count("\n"), key.col)})
            yield Fault("duplicate", "in a block", span[1], span[1], lines, places)


def bounds(survey: Survey) -> Iterator[Fault]:
    """A number outside of what is allowed."""
    for leaf in survey.leaves:
        if not isinstance(leaf.shape, Number) or not isinstance(leaf.node, Scalar):
            continue
        inner = survey.inner(leaf.node)
        if inner is None or "${{" in leaf.node.text:
            continue
        places = frozenset({(leaf.node.at.line, leaf.node.at.col)})
        outside = []
        if leaf.shape.low > -math.inf:
            outside += [leaf.shape.low - 1, -7] if leaf.shape.low > -7 else [leaf.shape.low - 1]
        if leaf.shape.high < math.inf:
            outside += [leaf.shape.high + 1, leaf.shape.high * 10 + 1]
        for value in outside:
            yield Fault("bounds", leaf.key, *inner, f"{value:g}", places)
        if leaf.shape.whole:
            yield Fault("bounds", f"{leaf.key}, not whole", *inner, f"{leaf.node.text}.5", places)


LOOKALIKES = {
    "int": ("integer", "number", "int64"),
    "float": ("double", "float64", "decimal"),
    "string": ("str", "varchar"),
    "bool": ("boolean", "flag"),
    "category": ("categorical", "factor"),
    "enum": ("choice", "select"),
    "datetime": ("date", "timestamp"),
    "table": ("dataframe", "parquet"),
    "model": ("estimator", "pickle"),
    "metrics": ("scores", "numbers"),
    "file": ("path", "artifact"),
    "plot": ("figure", "image"),
    "pass": ("ok", "success"),
    "fail": ("error", "block"),
    "hold": ("wait", "pause"),
    "critical": ("blocking", "high"),
    "warning": ("warn", "medium"),
    "info": ("notice", "low"),
    "label": ("target", "outcome"),
    "id": ("key", "primary"),
    "feature": ("input", "x"),
    "champion": ("production", "baseline"),
    "stable": ("old", "previous"),
    "paired_bootstrap": ("bootstrap", "t_test"),
    "delong": ("z_test",),
    "blue_green": ("bluegreen", "swap"),
    "canary": ("progressive", "gradual"),
    "rolling": ("roll", "batches"),
    "recreate": ("replace", "restart"),
    "shadow": ("mirror",),
    "ab_test": ("experiment", "split"),
    "local": ("localhost", "process"),
    "docker": ("container", "podman"),
    "kubernetes": ("k8s", "cluster"),
    "endpoint": ("remote", "http"),
    "error": ("exception", "failure"),
    "timeout": ("deadline", "slow"),
    "process": ("subprocess", "fork"),
    "thread": ("async", "main"),
    "threads": ("local", "thread_pool"),
    "major": ("breaking", "big"),
    "minor": ("feature", "small"),
    "patch": ("fix", "bugfix"),
    "latest": ("last", "newest"),
    "skip": ("ignore", "none"),
    "forbid": ("deny", "never"),
    "allow": ("permit", "always"),
    "notify": ("alert", "email"),
    "retrain": ("train", "rerun"),
    "rollback": ("revert", "undo"),
    "quality": ("data", "great_expectations"),
    "drift": ("shift", "evidently"),
    "performance": ("metric", "evaluation"),
    "stability": ("variance", "robustness"),
    "fairness": ("bias", "equity"),
    "custom": ("own", "function"),
    "mlflow": ("wandb", "neptune"),
    "last_good": ("previous", "last"),
}
"""Words that other tools use, or that mean about the same; none of them is right."""


def lookalike(survey: Survey) -> Iterator[Fault]:
    """A word that looks right and is not."""
    spots = {(spot.start, spot.end): spot for spot in survey.spots if spot.kind in ("enum", "kind")}
    for spot in spots.values():
        for new in LOOKALIKES.get(survey.text[spot.start : spot.end], ()):
            if new not in spot.legal:
                yield Fault("look-alike", spot.group, spot.start, spot.end, new, spot.places)


MISFITS = {
    "type": wrong_type,
    "unit": unit,
    "required": required,
    "duplicate": duplicate,
    "bounds": bounds,
    "look-alike": lookalike,
}
"""The kinds of faults in what a text says."""
