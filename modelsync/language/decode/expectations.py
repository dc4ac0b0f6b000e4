"""One entry of a quality gate: an expectation by its own name, or a suite of them from a JSON file."""

from __future__ import annotations

from collections.abc import Sequence

from modelsync.core.checks import Expectation
from modelsync.core.diagnostics import Fix, Pos
from modelsync.language.decode import literals
from modelsync.language.decode.body import Place
from modelsync.language.decode.context import Context
from modelsync.language.mends import slip
from modelsync.language.paths import meant
from modelsync.language.suites import SuiteError, read_suite
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Mapping, Node, Scalar, kind_of

SUITE = "suite"
_BEGINS = "expect_"
_DASH = 2  # columns of `- `


def expectation(context: Context, node: Node, place: Place) -> tuple[tuple[Expectation, nodes.Mapping], ...] | None:
    """The expectations that one entry asks for, each with the node that rules look at."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        asked = Expectation(node.text)  # the short form of an expectation without arguments
        return ((asked, Mapping((nodes.Item(node, Mapping((), node.at)),), node.at)),)
    if not isinstance(node, Mapping):
        context.fault("MS103", node.at, f"{place.what} must be `expectation: {{arguments}}`, not {kind_of(node)}")
        return None
    if len(node.items) != 1:
        _not_one(context, node, place)
        return None
    item = node.items[0]
    if item.key.text == SUITE:
        return _suite(context, item.value, place)
    if isinstance(item.value, Scalar) and item.value.value is None:
        return ((Expectation(item.key.text), node),)
    if not isinstance(item.value, Mapping):
        message = f"the arguments of `{item.key.text}` must be a mapping, not {kind_of(item.value)}"
        alone = isinstance(item.value, Scalar) and item.key.text.startswith("expect_column_")
        help = f"write `{{column: {item.value.text}}}`" if alone and isinstance(item.value, Scalar) else ""
        context.fault("MS103", item.value.at, message, help)
        return None
    arguments = literals.value(context, item.value)
    if arguments is literals.FAULT:
        return None
    asked = Expectation(item.key.text, arguments)
    _bounds(context, asked, node)
    return ((asked, node),)


def _bounds(context: Context, asked: Expectation, node: Mapping) -> None:
    """A fault when what is asked lies between two numbers of which the first is the larger."""
    low, high = asked.arguments.get("min_value"), asked.arguments.get("max_value")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        body = node.get(asked.name)
        key = body.key("max_value") if isinstance(body, Mapping) else None
        at = node.at if key is None else key.at
        context.fault("MS104", at, f"`max_value` of `{asked.name}` is less than its `min_value`", "swap them")


def _not_one(context: Context, node: Mapping, place: Place) -> None:
    """Tell of keys beside an expectation: others without their dashes, or its arguments, too far left."""
    first, *rest = node.items or (None,)
    others = [each for each in rest if each.key.text.startswith(_BEGINS)]
    if first is None or not first.key.text.startswith(_BEGINS) or 0 < len(others) < len(rest):
        extra = rest[0].key.at if rest else node.at
        help = "start each expectation with `- `, its arguments in one mapping"
        context.fault("MS109", extra, f"{place.what} is one expectation, not {len(node.items)} keys", help)
        return
    lines = context.sources.get(node.at.file, context.source).lines
    for other in others:
        at = other.key.at
        is_first = not lines[at.line - 1][: at.col - 1].strip() and at.col > _DASH
        fix = Fix(Pos(at.file, at.line, at.col - _DASH, at.line, at.col), "- ") if is_first else None
        context.fault("MS109", at, f"a dash is missing before `{other.key.text}`", "write `- ` before it", fix=fix)
    if others:
        return
    by = max(first.value.at.col - rest[0].key.at.col, _DASH) if isinstance(first.value, Mapping) else _DASH
    message = f"the arguments of `{first.key.text}` stand {by} spaces too far left"
    fix = _further(first, rest, lines, by)
    help = f"indent {' and '.join(f'`{each.key.text}`' for each in rest)} by {by} more"
    context.fault("MS109", rest[0].key.at, message, help, fix=fix)


def _further(first: nodes.Item, rest: list[nodes.Item], lines: Sequence[str], by: int) -> Fix | None:
    """The mend that indents some keys, where each is one line and they stand below each other."""
    at, last = rest[0].key.at, rest[-1].key.at
    below = next((line for line in lines[last.line :] if line.strip()), "")
    rows = range(at.line, last.line + 1)
    is_alone = [each.key.at.line for each in rest] == list(rows) and at.line > first.key.at.line
    if not is_alone or len(below) - len(below.lstrip()) >= at.col:
        return None
    kept = lines[at.line - 1 : last.line - 1]
    moved = [" " * by + each for each in (*kept, lines[last.line - 1][: last.col - 1])]
    return Fix(Pos(at.file, at.line, 1, last.line, last.col), "\n".join(moved))


def _suite(context: Context, node: Node, place: Place) -> tuple[tuple[Expectation, nodes.Mapping], ...] | None:
    written = literals.text(context, node, f"`{SUITE}` of {place.what}")
    path = None if written is None else context.path(written, node.at)
    if written is None or path is None:
        return None
    try:
        found = read_suite(path)
    except SuiteError as error:
        near = "" if path.exists() else meant(context.root, written)
        help = f"did you mean `{near}`?" if near else error.help
        fix = slip(node.at, written, near) if isinstance(node, Scalar) and node.text == written else None
        context.fault("MS211", error.at or node.at, f"the suite `{written}` {error}", help, fix=fix)
        return None
    for asked, each in found:
        _bounds(context, asked, each)
    return found
