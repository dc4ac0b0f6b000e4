"""What a user's Python file defines, read from its syntax tree: nothing of it is run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from modelsync.core.diagnostics import Pos
from modelsync.core.nearest import nearest
from modelsync.core.signature import Parameter, Signature, SignatureFault

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read(file: Path, name: str) -> Signature | SignatureFault:
    """The signature of the module-level function `name` in `file`, or why there is none.

    Parameters appear in the order of the file. A `*args` is left out (steps pass everything by name), `**options`
    makes the signature open, a decorator is taken to keep the parameters it wraps. The last definition wins, as in
    Python, also when it stands inside an `if` or `try`.
    """
    tree = parse(file)
    if isinstance(tree, SignatureFault):
        return tree
    found = dict(_bindings(tree.body))
    node = found.get(name)
    if isinstance(node, Function):
        said = ast.unparse(node.returns) if node.returns and not node.decorator_list else ""
        return Signature(
            name, _parameters(node.args), _place(file, node), open=node.args.kwarg is not None, returns=said
        )
    functions = [known for known, bound in found.items() if isinstance(bound, Function)]
    if node is None:
        return _missing(file, name, functions)
    return SignatureFault(
        "name", f"`{name}` in `{file}` is {_kind(node)}", nearest(name, functions), _place(file, node)
    )


def parse(file: Path) -> ast.Module | SignatureFault:
    """The syntax tree of `file`; a fault when there is no such file or Python can't read it."""
    try:
        source = file.read_bytes()
    except FileNotFoundError:
        beside = [other.name for other in sorted(file.parent.glob("*.py"))]
        return SignatureFault("file", f"there is no file `{file}`", nearest(file.name, beside))
    except OSError as error:
        return SignatureFault("file", f"`{file}` can't be read: {error.strerror or error}")
    return _parsed(source, file)


def parse_source(source: bytes, file: Path) -> ast.Module | SignatureFault:
    """The syntax tree of what `file` holds, or a fault with line and column."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in the user's text is not ours to report here
            tree = ast.parse(source, filename=str(file))
            compile(tree, str(file), "exec", dont_inherit=True)  # finds a `return` outside a function; runs nothing
            return tree
    except SyntaxError as error:
        line, col = error.lineno or 1, max(error.offset or 1, 1)
        end_line, end_col = error.end_lineno or line, error.end_offset or col + 1
        if (end_line, end_col) <= (line, col):
            end_line, end_col = line, col + 1
        at = Pos(file, line, col, end_line, end_col)
        return SignatureFault("syntax", f"`{file}` line {line} is not valid Python: {error.msg}", at=at)
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nesting beyond what Python's parser takes
        said = str(error) or "it is nested too deeply"
        return SignatureFault("syntax", f"`{file}` is not valid Python: {said}", at=Pos(file, 1, 1, 1, 2))


_parsed = lru_cache(maxsize=32)(parse_source)
"""A spec asks for several functions of one file. Who gets a tree from here only reads it."""


def blocks(node: ast.stmt) -> list[ast.stmt]:
    """The statements inside a compound statement, of all its branches."""
    inner: list[ast.stmt] = []
    for field in ("body", "orelse", "finalbody"):
        inner.extend(getattr(node, field, []))
    for branch in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
        inner.extend(branch.body)
    return inner


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """Every name the module binds with the statement that binds it, in order, also inside `if`, `try` and `with`."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name.split(".")[0], node
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for inner in (part for target in targets for part in ast.walk(target)):
                if isinstance(inner, ast.Name):
                    yield inner.id, node
        else:
            yield from _bindings(blocks(node))


def _parameters(arguments: ast.arguments) -> tuple[Parameter, ...]:
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    found = [_parameter(argument, index < required) for index, argument in enumerate(positional)]
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_parameter(argument, default is None))
    return tuple(found)


def _parameter(argument: ast.arg, required: bool) -> Parameter:
    return Parameter(argument.arg, required, ast.unparse(argument.annotation) if argument.annotation else "")


def _place(file: Path, node: ast.stmt) -> Pos:
    """The first line of the statement: what a caret can mark."""
    col = node.col_offset + 1
    end = node.end_col_offset if node.end_lineno == node.lineno and node.end_col_offset else col + len("def")
    if isinstance(node, Function):
        keyword = "async def " if isinstance(node, ast.AsyncFunctionDef) else "def "
        end = col + len(keyword) + len(node.name)
        return Pos(file, node.lineno, col, node.lineno, end)
    return Pos(file, node.lineno, col, node.lineno, max(end + 1, col + 1))


def _kind(node: ast.stmt) -> str:
    if isinstance(node, ast.ClassDef):
        return "a class; a step is a function, write one that makes and uses it"
    if isinstance(node, ast.ImportFrom):
        return f"imported from `{'.' * node.level}{node.module or ''}`; name the file that defines it"
    if isinstance(node, ast.Import):
        return "an imported module; a step is a function"
    return "a variable; a step is a function written with `def`"


def _missing(file: Path, name: str, functions: list[str]) -> SignatureFault:
    known = f"; it defines {', '.join(f'`{each}`' for each in functions)}" if functions else "; it defines no function"
    return SignatureFault("name", f"`{file}` has no function `{name}`{known}", nearest(name, functions))
