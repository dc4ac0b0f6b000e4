"""What a validator says it returns is something that a gate can read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from modelsync.core.diagnostics import Diagnostic, Related
from modelsync.core.signature import Signature
from modelsync.language.subject import Subject

CODE = "MS406"

_HELP = "return True or False, a mapping with `passed` or with `value`, `threshold` and `direction`, or a list of these"

# Annotations that plainly say something else; whatever is not here may be a name of the team for something good.
_NOTHING = frozenset({"None", "int", "float", "complex", "str", "bytes", "bytearray", "Decimal", "Path", "NoReturn"})
_NO_LISTS = frozenset({"set", "frozenset", "Set", "FrozenSet", "Iterator", "Generator", "AsyncIterator"})
_TABLES = frozenset({"DataFrame", "Series", "ndarray", "NDArray", "float32", "float64", "int32", "int64"})
_WRONG = _NOTHING | _NO_LISTS | _TABLES
_LISTS = frozenset({"list", "List", "Sequence", "MutableSequence", "tuple", "Tuple"})


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each validator whose own annotation says that it returns neither a truth value, a mapping nor a list of these."""
    for call in subject.calls():
        found = None if call.is_step else subject.behind(call)
        if isinstance(found, Signature) and (wrong := _wrong(found.returns)):
            whole = "" if wrong == found.returns else f" in `{found.returns[:80]}`"
            message = f"`{call.code.text}` returns `{wrong[:80]}`{whole}, of which a gate can read nothing"
            related = () if found.at is None else (Related(found.at, f"`{found.name}` is defined here"),)
            yield Diagnostic(CODE, call.code.at, message, _HELP, related=related)


def _wrong(annotation: str) -> str:
    """The part of an annotation that says nothing; empty when all of it may do."""
    try:
        return _part(ast.parse(annotation, mode="eval").body) if annotation else ""
    except (SyntaxError, ValueError):
        return ""  # no annotation that Python itself could read


def _part(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as quoted):
            return _wrong(quoted)
        case ast.Constant(value=None):
            return "None"
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _part(left) or _part(right)
        case ast.Subscript(value=value, slice=inner):
            return _subscripted(node, _last(value), inner)
    return ast.unparse(node) if _last(node) in _WRONG else ""


def _subscripted(node: ast.expr, name: str, inner: ast.expr) -> str:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Optional":
        return "None"
    if name == "Annotated":
        return _part(parts[0])
    if name == "Union" or name in _LISTS:
        return next((said for part in parts if (said := _part(part))), "")
    return ast.unparse(node) if name in _WRONG else ""


def _last(node: ast.expr) -> str:
    """The name at the end of a dotted one: `DataFrame` of `pd.DataFrame`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
