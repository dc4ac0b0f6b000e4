"""One Python file as a fingerprint sees it: the names it binds, what it does on import, what each statement uses."""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelsync.core.signature import SignatureFault
from modelsync.usercode import signature

# Decorators and calls that only make a value; any other call at module level may change something beyond its own name.
_HARMLESS = frozenset(
    {
        "staticmethod", "classmethod", "property", "dataclass", "cache", "lru_cache", "cached_property",
        "wraps", "contextmanager", "overload", "total_ordering", "abstractmethod", "final", "override",
        "singledispatch", "setter", "getter", "deleter", "dict", "list", "set", "tuple",
        "frozenset", "range", "sorted", "min", "max", "sum", "len", "float", "int", "str", "bool", "Path",
        "compile", "getLogger", "TypeVar", "NewType", "NamedTuple", "namedtuple", "Enum", "Decimal",
        "Fraction", "timedelta", "partial",
    }
)  # fmt: skip
_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
_REFLECTION = frozenset({"globals", "locals", "vars", "eval", "exec", "__dict__"})
_IMPORTERS = frozenset({"__import__", "importlib", "import_module", "runpy"})


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `from {"." * level}{module} import {name}`; a plain `import` has an empty name and level 0."""

    module: str
    name: str
    level: int
    said: str


@dataclass(frozen=True, slots=True)
class Used:
    """What one statement looks up beyond itself.

    `attributes` has, for a name, the attributes read from it, or None when the name is also used in another way.
    """

    names: frozenset[str]
    attributes: dict[str, frozenset[str] | None]
    imports: tuple[Import, ...]  # relative imports inside the statement
    reflects: bool  # it can reach any name of its file
    imports_any: bool  # it can reach any file


@dataclass(slots=True)
class Source:
    """A file's module-level names with the statements that bind them, and the statements that act on import."""

    said: str
    bound: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, list[Import]] = field(default_factory=dict)
    acts: list[ast.stmt] = field(default_factory=list)
    stars: list[Import] = field(default_factory=list)
    relative: tuple[Import, ...] = ()  # every relative import, wherever it stands
    broken: bool = False  # Python can't read it: only its bytes count

    @property
    def open(self) -> bool:
        """Names appear on demand, so none can be told from the others."""
        return self.broken or "__getattr__" in self.bound


def read(path: Path) -> Source:
    """The file at `path`, which must exist."""
    data = path.read_bytes()
    tree = signature.parse_source(data, path)
    if isinstance(tree, SignatureFault):
        return Source(said=data.hex(), broken=True)
    body = [node for node in tree.body if not _is_main_guard(node)]
    source = Source("\n".join(text(node) for node in body), relative=tuple(_relative(tree)))
    for node in body:
        _enter(source, node, node)
    source.acts = [node for node in body if _acts(node, source)]
    return source


def text(node: Any) -> str:
    """A syntax tree as text that is the same on every Python version: no places, no docstrings, no empty fields."""
    said: list[str] = []
    waiting: list[str | tuple[Any]] = [(node,)]  # text to say as it is, or (something,) to be taken apart
    while waiting:
        item = waiting.pop()  # a stack of our own: a long sum of texts nests deeper than Python's
        said += [item] if isinstance(item, str) else []
        if isinstance(item, tuple):
            waiting.extend(reversed(_apart(item[0])))
    return "".join(said)


def used(node: ast.stmt) -> Used:
    """The names that a statement takes from its module; its own parameters and variables are not among them."""
    names = frozenset(_global_names(node))
    attributes: dict[str, frozenset[str] | None] = {}
    bases = {id(part.value): part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in names:
            before = attributes.get(part.id, frozenset())
            attribute = bases.get(id(part))
            attributes[part.id] = before | {attribute} if attribute and before is not None else None
    words = names | {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}
    return Used(
        names,
        attributes,
        tuple(_relative(node)),
        reflects=bool(names & _REFLECTION) or "__dict__" in words,
        imports_any=bool(words & _IMPORTERS) or _reads_sys_modules(node) or _imports_importer(node),
    )


def is_import(node: ast.stmt) -> bool:
    """Whether a module-level statement only imports; each name it brings is then a thing of its own."""
    return isinstance(node, ast.Import | ast.ImportFrom)


def _apart(node: Any) -> list[str | tuple[Any]]:
    if isinstance(node, list):
        return ["[", *(part for each in node for part in ((each,), ",")), "]"]
    if not isinstance(node, ast.AST):
        return [repr(node)]
    parts: list[str | tuple[Any]] = [type(node).__name__, "("]
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, _DOCUMENTED):
            parts += ["body=", (_without_docstring(value),), ","]
        elif isinstance(node, ast.Constant) and name == "value":
            parts += [repr(value)]
        elif name not in ("kind", "type_comment") and value is not None and value != []:
            parts += [f"{name}=", (value,), ","]
    return [*parts, ")"]


def _enter(source: Source, node: ast.stmt, top: ast.stmt) -> None:
    """Note the names that `node` binds as bound by `top`, the module-level statement around it."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            _enter_import(source, node, alias, top)
        return
    names: set[str] = set()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        names.add(node.name)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Delete):
        names |= _stored(node)
    else:
        for inner in ast.iter_child_nodes(node):
            if not isinstance(inner, ast.stmt):
                names |= _stored(inner)
        for inner_statement in signature.blocks(node):
            _enter(source, inner_statement, top)
    for name in names:
        _bind(source, name, top)


def _enter_import(source: Source, node: ast.Import | ast.ImportFrom, alias: ast.alias, top: ast.stmt) -> None:
    if isinstance(node, ast.Import):
        found = Import(alias.name, "", 0, f"import {alias.name} as {alias.asname}")
    else:
        found = _imported(node, alias)
    if alias.name == "*":
        source.stars.append(found)
        return
    name = alias.asname or (alias.name if found.name else alias.name.split(".")[0])
    source.imports.setdefault(name, []).append(found)
    _bind(source, name, top)


def _bind(source: Source, name: str, top: ast.stmt) -> None:
    statements = source.bound.setdefault(name, [])
    if top not in statements:
        statements.append(top)


def _stored(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}


def _acts(node: ast.stmt, source: Source) -> bool:
    """Whether running the statement may change more than the names it binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return not all(_harmless(decorator, source) for decorator in node.decorator_list)
    if isinstance(node, ast.ClassDef):
        return not all(_harmless(each, source) for each in node.decorator_list) or _registers(node, source)
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return False
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        plain = all(isinstance(part, ast.Name | ast.Tuple | ast.List | ast.Starred) for part in targets)
        calls = [part.func for part in ast.walk(node) if isinstance(part, ast.Call)]
        return not plain or not all(_harmless(call, source) for call in calls)
    inner = signature.blocks(node)
    return not inner or any(_acts(each, source) for each in inner)


def _harmless(called: ast.expr, source: Source) -> bool:
    """A decorator or function known to touch nothing else; one that the project itself defines is not known."""
    if isinstance(called, ast.Call):
        return _harmless(called.func, source)
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in _HARMLESS and not any(_is_own(root, source) for root in _names(called))


def _registers(node: ast.ClassDef, source: Source) -> bool:
    """A class whose base is the project's own may be collected by that base (`__init_subclass__`, a metaclass)."""
    return bool(node.keywords) or any(_is_own(name, source) for base in node.bases for name in _names(base))


def _is_own(name: str, source: Source) -> bool:
    """Whether the project's own code defines a name that the file binds."""
    imports = source.imports.get(name, [])
    return name in source.bound and (not imports or any(found.level for found in imports))


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _is_main_guard(node: ast.stmt) -> bool:
    """`if __name__ == "__main__":` never runs here, for a project's file is never the main one."""
    return (
        isinstance(node, ast.If)
        and not node.orelse
        and text(node.test) == text(ast.parse('__name__ == "__main__"', mode="eval").body)
    )


def _relative(node: ast.AST) -> Iterator[Import]:
    for part in ast.walk(node):
        if isinstance(part, ast.ImportFrom) and part.level:
            for alias in part.names:
                yield _imported(part, alias)


def _imported(node: ast.ImportFrom, alias: ast.alias) -> Import:
    module = node.module or ""
    said = f"from {'.' * node.level}{module} import {alias.name} as {alias.asname}"
    return Import(module, alias.name, node.level, said)


def _global_names(node: ast.stmt) -> set[str]:
    """Names that Python itself would look up in the module, from its own symbol tables."""
    module = ast.Module([node], [])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of the user's style is not ours to report
        try:
            top = symtable.symtable(ast.unparse(module), "statement", "exec")
        except RecursionError:  # nested too deeply for Python's own tools: any name in it may be the module's
            return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    names = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    inner = list(top.get_children())
    while inner:
        table = inner.pop()
        names |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        inner.extend(table.get_children())
    return names


def _reads_sys_modules(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "modules" for part in ast.walk(node))


def _imports_importer(node: ast.AST) -> bool:
    found = [part for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom)]
    words = {word for part in found for alias in part.names for word in alias.name.split(".")}
    words |= {part.module.split(".")[0] for part in found if isinstance(part, ast.ImportFrom) and part.module}
    return bool(words & _IMPORTERS)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return body[1:]
    return body
