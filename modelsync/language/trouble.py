"""What the YAML parser stumbled over, in plain words and at the place where the mend belongs."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

from modelsync.core.diagnostics import Diagnostic, Pos
from modelsync.language.source import Source

# What the library says -> what happened, and a way out. The first that fits is used.
_SAID = (
    ("found unexpected end of stream", "the quote that opens here is never closed", "close it on the same line"),
    ("found unexpected document separator", "the quote that opens here is never closed", "close it on the same line"),
    ("found character '\\t'", "a tab can't stand here", "indent with spaces"),
    ("tab", "a tab can't stand here", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a `:` can't stand here",
        "check the indentation, put a space after the colon of a key, or quote a value that holds `: `",
    ),
    (
        "could not find expected ':'",
        "a `:` is missing after this key",
        "write `key: value`, with a space after the colon",
    ),
    (
        "expected ',' or",
        "a `,` or the closing bracket is missing",
        "close the bracket; quote values that hold brackets",
    ),
    ("expected the node content", "a value is missing here", ""),
    ("expected <block end>", "this line does not fit the lines above", "check its indentation"),
    ("cannot start any token", "a plain value can't start with this character", "quote the value"),
    ("unknown escape character", "this escape does not exist", "use single quotes for text with backslashes"),
    ("did not find expected", "this line does not fit the lines above", "check its indentation"),
)
_AT_THE_START = ("found unexpected end of stream", "found unexpected document separator")
_BRACKET = "expected ',' or"


def explain(error: MarkedYAMLError, source: Source) -> Diagnostic:
    """The diagnostic for one error of the library."""
    problem = str(error.problem or "")
    mark, start = error.problem_mark or error.context_mark, error.context_mark
    if problem.startswith(_AT_THE_START) and start is not None:
        mark = start
    if problem.startswith(_BRACKET) and start is not None and mark is not None and mark.line > start.line:
        help = "close it on the same line; quote values that hold brackets"
        return Diagnostic("MS001", _place(start, source), "the bracket that opens here is never closed", help)
    for said, message, help in _SAID:
        if said in problem:
            return Diagnostic("MS001", _place(mark, source), message, help)
    reason = problem.splitlines()[0] if problem else "no reason given"
    return Diagnostic("MS001", _place(mark, source), f"this can't be read as YAML: {reason}")


def _place(mark: object, source: Source) -> Pos:
    line = min(int(getattr(mark, "line", 0)), max(len(source.lines) - 1, 0))
    return source.at(line + 1, int(getattr(mark, "column", 0)) + 1)
