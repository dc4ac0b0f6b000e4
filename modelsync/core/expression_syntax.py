"""The grammar of `when`: a small part of Python's own, everything else refused with its column."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from modelsync.core.nearest import nearest

MAX_LENGTH = 4096  # characters; a rule that a person can review is far shorter
MAX_DEPTH = 64  # the same depth as the YAML reader allows, far below Python's own recursion limit
LITERALS = {"true": True, "false": False}
FUNCTIONS = {"min": (2, 64), "max": (2, 64), "abs": (1, 1), "round": (1, 2), "len": (1, 1)}
"""The functions with the least and the most arguments each takes."""

_PATH_FUNCTIONS = ("changed", "gate")
_ALLOWED = "allowed are names, numbers, text, comparison, + - * /, `and`, `or`, `not`, `in`, and min max abs round len"
_MOST = 1e300  # a number beyond is a slip, and further arithmetic would leave the finite


class ExpressionError(Exception):
    """The text is not an expression of this language; `col` is the 0-based offset inside it."""

    def __init__(self, message: str, col: int, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.col = col
        self.help = help


def tree_of(text: str) -> ast.expr:
    """The tree of an expression, its columns counted in characters of `text`; ExpressionError otherwise."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression has more than {MAX_LENGTH} characters", 0)
    if not text.strip():
        raise ExpressionError("the expression is empty", 0, "write a condition such as `metrics.roc_auc >= 0.8`")
    _refuse_hidden(text)
    flat = re.sub(r"\s", " ", text)  # one line, same columns: a folded scalar reads like a plain one
    tree = _parse_python(flat.lstrip(), len(flat) - len(flat.lstrip()))
    _refuse_foreign(tree, flat)
    return tree


def name_of(node: ast.expr) -> str:
    """The name a node stands for in a scope and in facts (`a.b`, `changed(a.b)`); empty when it is no name."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _PATH_FUNCTIONS:
        return f"{node.func.id}({_dotted(node.args[0])})"
    name = _dotted(node)
    return "" if name in LITERALS else name


def names_in(node: ast.expr) -> Iterator[str]:
    """Every name below a node, in the order written."""
    if name := name_of(node):
        yield name
        return
    for part in _parts(node) or ():
        yield from names_in(part)


_QUOTED_OR_HIDDEN = re.compile(r"""'[^']*'|"[^"]*"|[#\\]""")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
_SQL_WORD = re.compile(r"(?<![.\w])(AND|OR|NOT|IN|And|Or|Not|In)\b")
_FOREIGN_SIGNS = (
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("<>", "write `!=`"),
    ("%", "write a share, such as `0.8`"),
    ("!", "write `not`"),
    ("$", "names are written bare here, such as `params.learner`"),
)


def _refuse_hidden(text: str) -> None:
    """Python would drop a comment and a line joint in silence: then the text says more than is evaluated."""
    for match in _QUOTED_OR_HIDDEN.finditer(text):
        if match.group() == "#":
            raise ExpressionError(
                "a comment can't stand inside an expression", match.start(), "move it to its own line"
            )
        if "\\" in match.group():
            raise ExpressionError("a backslash is not allowed here", match.start() + match.group().index("\\"))


def _parse_python(source: str, start: int) -> ast.expr:
    """The tree of Python's parser, its byte columns turned into character columns of the whole text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `1or x` is only a warning; the whitelist decides what is allowed
            tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise _syntax_error(error, source, start) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise ExpressionError("the expression can't be read", start, "write it shorter and flatter") from None
    encoded = source.encode(errors="replace")
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            node.col_offset = start + len(encoded[: node.col_offset].decode(errors="ignore"))
            node.end_col_offset = start + len(encoded[: node.end_col_offset].decode(errors="ignore"))
    return tree


def _syntax_error(error: SyntaxError, source: str, start: int) -> ExpressionError:
    bare = _QUOTED_OR_HIDDEN.sub(lambda found: " " * len(found.group()), source)
    if word := _SQL_WORD.search(bare):
        help = f"write `{word.group().lower()}`, in small letters"
        return ExpressionError(f"`{word.group()}` is not part of an expression", start + word.start(), help)
    if equals := _SINGLE_EQUALS.search(source):
        return ExpressionError("`=` does not compare", start + equals.start(), "write `==`")
    for sign, help in _FOREIGN_SIGNS:
        at = source.replace("!=", "==").find(sign)
        if at >= 0:
            return ExpressionError(f"`{sign}` is not part of an expression", start + at, help)
    col = min(max((error.offset or 1) - 1, 0), len(source.rstrip()))
    reason = (error.msg or "invalid syntax").split(". ")[0]
    help = "close it" if "never closed" in reason else _ALLOWED
    return ExpressionError(f"the expression can't be read: {reason}", start + col, help)


def _refuse_foreign(tree: ast.expr, text: str) -> None:
    """Only what the language has may stand in the tree; the first foreign part is refused with its column."""
    rest: list[tuple[ast.expr, int]] = [(tree, 1)]
    while rest:
        node, depth = rest.pop()
        if depth > MAX_DEPTH:
            raise ExpressionError(f"the expression is nested deeper than {MAX_DEPTH}", node.col_offset)
        parts = _parts(node)
        if parts is None:
            raise _foreign(node, text)
        rest.extend((part, depth + 1) for part in reversed(parts))


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """The parts of one node; None when the language has no such node."""
    if _is_name(node) or _is_literal(node):
        return []
    if isinstance(node, ast.Call):
        return _arguments(node)
    if isinstance(node, ast.List | ast.Tuple):
        return node.elts if all(map(_is_literal, node.elts)) else None
    return _operands(node)


def _is_name(node: ast.expr) -> bool:
    """Whether a node is a name, or `changed` or `gate` of one."""
    if isinstance(node, ast.Call):
        known = isinstance(node.func, ast.Name) and node.func.id in _PATH_FUNCTIONS
        return known and len(node.args) == 1 and not node.keywords and bool(_dotted(node.args[0]))
    return bool(_dotted(node))


def _operands(node: ast.expr) -> list[ast.expr] | None:
    match node:
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return [operand]
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), left=left, right=right):
            return [left, right]
        case ast.Compare(left=left, ops=ops, comparators=others):
            return None if any(isinstance(op, ast.Is | ast.IsNot) for op in ops) else [left, *others]
    return None


def _arguments(node: ast.Call) -> list[ast.expr] | None:
    known = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
    return node.args if known and not node.keywords else None


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _is_literal(node.operand) and not isinstance(getattr(node.operand, "value", ""), bool | str)
    if not isinstance(node, ast.Constant):
        return False
    return isinstance(node.value, bool | str) or (isinstance(node.value, int | float) and abs(node.value) < _MOST)


def _foreign(node: ast.expr, text: str) -> ExpressionError:
    shown = text[node.col_offset : node.end_col_offset]
    shown = shown if len(shown) <= 40 else shown[:37] + "..."
    if isinstance(node, ast.Compare):
        return ExpressionError("`is` does not compare values", node.col_offset, "write `==` or `!=`")
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return ExpressionError(f"`{shown}` is not part of this language", node.col_offset, _ALLOWED)
    function = node.func.id
    if function in _PATH_FUNCTIONS:
        text = getattr(node.args[0], "value", "") if node.args else ""
        help = f"write `{function}({text})`, without quotes" if isinstance(text, str) and text else ""
        help = help or f"write `{function}(name)`"
        return ExpressionError(f"`{function}` takes one dotted name", node.col_offset, help)
    known = (*FUNCTIONS, *_PATH_FUNCTIONS)
    near = nearest(function, known)
    help = f"did you mean `{near}`?" if near else f"functions are {', '.join(known)}"
    if function not in FUNCTIONS:
        return ExpressionError(f"function `{function}` does not exist", node.col_offset, help)
    return ExpressionError(f"`{function}` takes no names for its arguments", node.col_offset, "write the values alone")


def _dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names, empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
