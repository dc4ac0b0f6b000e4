"""A suite of Great Expectations as it saves one: a JSON file with a list of expectations and their arguments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from modelsync.core.checks import Expectation
from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence
from modelsync.language.text.read import read
from modelsync.language.text.source import MAX_BYTES, decode_bytes

_NAME_KEYS = ("type", "expectation_type")  # since 1.0, and before
_META = ("meta", "id", "notes")  # keyword arguments that say nothing about the data


class SuiteError(Exception):
    """Why a suite can't be used, with the place inside it when there is one."""

    def __init__(self, message: str, help: str = "", at: Pos | None = None) -> None:
        super().__init__(message)
        self.help, self.at = help, at


def read_suite(path: Path) -> tuple[tuple[Expectation, Mapping], ...]:
    """Every expectation of a suite with a node as if it stood in the spec; SuiteError when the file is none."""
    expectations = _root(path).get("expectations")
    if not isinstance(expectations, Sequence):
        raise SuiteError("has no list `expectations`", "save it with Great Expectations, or write the checks here")
    return tuple(_expectation(each) for each in expectations.items)


def _root(path: Path) -> Mapping:
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SuiteError("does not exist", "paths start at the root") from None
    except OSError as error:
        raise SuiteError(f"can't be read: {error.strerror}", "check the path and its permissions") from None
    source = decode_bytes(path, _as_yaml(data))
    faults: tuple[Diagnostic, ...] = (source,) if isinstance(source, Diagnostic) else ()
    node = None
    if not isinstance(source, Diagnostic):
        said = read(source)
        node, faults = said.root, said.diagnostics
    if faults:
        raise SuiteError(f"is not JSON: {faults[0].message}", faults[0].help, faults[0].at)
    if not isinstance(node, Mapping):
        raise SuiteError("is not a suite: it holds no object", "save it with Great Expectations")
    return node


_PAIR = re.compile(rb"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _as_yaml(data: bytes) -> bytes:
    """JSON where it is no YAML: indented with tabs, and with characters beyond 16 bits in two halves."""
    return _PAIR.sub(_joined, data.replace(b"\t", b" "))


def _joined(pair: re.Match[bytes]) -> bytes:
    high, low = int(pair[2], 16), int(pair[3], 16)
    return pair[1] + b"\\U%08x" % (0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _expectation(node: Node) -> tuple[Expectation, Mapping]:
    named = [node.get(key) for key in _NAME_KEYS if isinstance(node, Mapping)]
    name = next((each for each in named if isinstance(each, Scalar)), None)
    if not isinstance(node, Mapping) or name is None:
        raise SuiteError("holds an expectation without a `type`", at=node.at)
    written = node.get("kwargs")
    items = tuple(item for item in written.items if item.key.text not in _META) if isinstance(written, Mapping) else ()
    arguments = Mapping(items, node.at)
    asked = Expectation(name.text, _plain(arguments))
    return asked, Mapping((Item(name, arguments),), node.at)


def _plain(node: Node) -> Any:
    match node:
        case Mapping():
            return {item.key.text: _plain(item.value) for item in node.items}
        case Sequence():
            return [_plain(item) for item in node.items]
    return node.value
