"""One entry of a quality gate: an expectation by its own name, or a suite of them from a JSON file."""

from __future__ import annotations

from modelsync.core.checks import Expectation
from modelsync.language.decode import literals
from modelsync.language.decode.body import Place
from modelsync.language.decode.context import Context
from modelsync.language.mends import slip
from modelsync.language.paths import meant
from modelsync.language.suites import SuiteError, read_suite
from modelsync.language.text import nodes
from modelsync.language.text.nodes import Mapping, Node, Scalar, kind_of

SUITE = "suite"


def expectation(context: Context, node: Node, place: Place) -> tuple[tuple[Expectation, nodes.Mapping], ...] | None:
    """The expectations that one entry asks for, each with the node that rules look at."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        asked = Expectation(node.text)  # the short form of an expectation without arguments
        return ((asked, Mapping((nodes.Item(node, Mapping((), node.at)),), node.at)),)
    if not isinstance(node, Mapping):
        context.fault("MS103", node.at, f"{place.what} must be `expectation: {{arguments}}`, not {kind_of(node)}")
        return None
    if len(node.items) != 1:
        extra = node.items[1].key.at if node.items else node.at
        help = "start each expectation with `- `, its arguments in one mapping"
        message = f"{place.what} is one expectation, not {len(node.items)} keys"
        context.fault("MS109", extra, message, help)
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
    return None if arguments is literals.FAULT else ((Expectation(item.key.text, arguments), node),)


def _suite(context: Context, node: Node, place: Place) -> tuple[tuple[Expectation, nodes.Mapping], ...] | None:
    written = literals.text(context, node, f"`{SUITE}` of {place.what}")
    path = None if written is None else context.path(written, node.at)
    if written is None or path is None:
        return None
    try:
        return read_suite(path)
    except SuiteError as error:
        near = "" if path.exists() else meant(context.root, written)
        help = f"did you mean `{near}`?" if near else error.help
        fix = slip(node.at, written, near) if isinstance(node, Scalar) and node.text == written else None
        context.fault("MS211", error.at or node.at, f"the suite `{written}` {error}", help, fix=fix)
        return None
