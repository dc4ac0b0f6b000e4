"""Where a name is declared and used: what an editor jumps to, and what it renames."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelsync.core.diagnostics import Pos
from modelsync.core.errors import UsageError
from modelsync.core.records import record
from modelsync.language.decode.context import Condition
from modelsync.language.model import Code, Ref, RefKind
from modelsync.language.names import is_name
from modelsync.language.subject import Subject
from modelsync.language.text.nodes import Scalar, Sequence

Name = tuple[str, ...]
"""A section, then the names from the outside in: `("steps", "train", "fit")`."""


@record
class Occurrence:
    """One place of a name: exactly its letters."""

    name: Name
    at: Pos
    declares: bool = False


def occurrences(subject: Subject) -> Iterator[Occurrence]:
    """Every declaration and every use of every declared name."""
    names = subject.names
    for name in names.declared():
        if (at := names.position(name)) is not None:
            yield Occurrence(name, _letters(subject, at, name[-1]), declares=True)
    for use in subject.uses():
        yield from _in_reference(subject, use.ref)
    for bare in subject.context.bare:
        yield from _bare(subject, (bare.section, bare.name), bare.pipeline, bare.at)
    for secret in subject.context.secrets:
        yield Occurrence(("secrets", secret.name), _letters(subject, secret.at, secret.name))
    for condition in subject.conditions:
        yield from _in_condition(subject, condition)
    yield from _in_commands(subject)


def name_at(subject: Subject, at: Pos) -> Occurrence | None:
    """The name whose letters hold a place."""
    found = (each for each in occurrences(subject) if _holds(each.at, at))
    return next(found, None)


def code_at(subject: Subject, at: Pos) -> Code | None:
    """The function named at a place."""
    return next((call.code for call in subject.calls() if call.code.file and _holds(call.code.at, at)), None)


def rename(subject: Subject, name: Name, new: str) -> tuple[Pos, ...]:
    """Every place whose letters become `new`; UsageError when that is no name, or one that is taken."""
    pattern = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", new) if name[0] == "roles" else is_name(new)
    if not pattern:
        raise UsageError(f"`{new}` can't be a name", help="letters, digits and `_`, a letter first, at most 64")
    if new != name[-1] and (*name[:-1], new) in set(subject.names.declared()):
        raise UsageError(f"`{new}` is taken: there is already one among `{name[0]}`", help="choose another name")
    return tuple(sorted({each.at for each in occurrences(subject) if each.name == name}))


def _holds(span: Pos, at: Pos) -> bool:
    start, end, place = (span.line, span.col), (span.end_line, span.end_col), (at.line, at.col)
    return span.file == at.file and start <= place <= end


def _text(subject: Subject, at: Pos) -> str:
    source = subject.context.sources.get(at.file)
    if source is None or at.line != at.end_line or at.line > len(source.lines):
        return ""
    return source.lines[at.line - 1][at.col - 1 : at.end_col - 1]


def _letters(subject: Subject, at: Pos, word: str) -> Pos:
    """The place of a word inside a scalar, without its quotes and what stands before it."""
    start = _text(subject, at).rfind(word)
    return at if start < 0 else _part(at, start, len(word))


def _part(at: Pos, start: int, length: int) -> Pos:
    return Pos(at.file, at.line, at.col + start, at.line, at.col + start + length)


def _in_reference(subject: Subject, ref: Ref) -> Iterator[Occurrence]:
    """A name for each part of a dotted path."""
    parts = [(match.group(), match.start()) for match in re.finditer(r"[A-Za-z_][A-Za-z0-9_]*", _text(subject, ref.at))]
    names = list(_names(ref))
    if ref.kind is RefKind.LIVE:
        parts = parts[:1]
    for name in reversed(names):  # from the end: a short form leaves the front out
        while parts:
            word, start = parts.pop()
            if word == name[-1]:
                yield Occurrence(name, _part(ref.at, start, len(word)))
                break


def _names(ref: Ref) -> Iterator[Name]:
    match ref.kind:
        case RefKind.DATASET:
            yield ("datasets", *ref.path)
        case RefKind.MODEL:
            yield ("models", *ref.path)
        case RefKind.LIVE:
            yield ("deploy", ref.path[0])
        case _:
            for length, section in enumerate(("pipelines", "steps", "outputs")[: len(ref.path)], 1):
                yield (section, *ref.path[:length])


def _bare(subject: Subject, name: Name, pipeline: str, at: Pos) -> Iterator[Occurrence]:
    section, word = name
    if section == "steps":
        yield Occurrence(("steps", pipeline, word), _letters(subject, at, word))
    elif section == "until" and "." in word:
        owner, _, step = word.removeprefix("pipelines.").partition(".")
        yield Occurrence(("steps", owner, step), _letters(subject, at, step))
    else:
        yield Occurrence(("stages" if section == "until" else section, word), _letters(subject, at, word))


_IN_CONDITION = (
    (re.compile(r"\bparams\.([A-Za-z_]\w*)"), "params"),
    (re.compile(r"\bdatasets\.([A-Za-z_]\w*)"), "datasets"),
    (re.compile(r"\bgate\(\s*([A-Za-z_]\w*)\s*\)"), "gates"),
)


def _in_condition(subject: Subject, condition: Condition) -> Iterator[Occurrence]:
    for pattern, section in _IN_CONDITION:
        for match in pattern.finditer(condition.node.text):
            at = subject.context.within(condition.node, match.start(1), match.end(1))
            yield Occurrence((section, match.group(1)), at)


_IN_COMMAND = re.compile(r"\{(params|outputs)\.([A-Za-z_]\w*)")


def _in_commands(subject: Subject) -> Iterator[Occurrence]:
    for step in subject.spec.steps:
        node = subject.context.nodes["steps", step.id].get("command") if step.command else None
        parts = [each for each in node.items if isinstance(each, Scalar)] if isinstance(node, Sequence) else []
        for each in parts:
            for match in _IN_COMMAND.finditer(each.text):
                at = subject.context.within(each, match.start(2), match.end(2))
                section, word = match.groups()
                name = ("outputs", step.pipeline, step.name, word) if section == "outputs" else (section, word)
                yield Occurrence(name, at)
