"""What the meaning of a user's function depends on, as one digest with its parts; layout and comments do not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from modelsync.core import digest as digests
from modelsync.core.digest import Digest
from modelsync.core.errors import UsageError
from modelsync.core.signature import SignatureFault
from modelsync.usercode import builtins, signature, syntax
from modelsync.usercode.syntax import Import, Source

_WHOLE = "*"  # all of a file, when it can't be known which of its names matter
_ON_IMPORT = "on import"  # what a file does when it is imported


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One digest, and that of every part by its name: `flows/credit.py:fit`, `flows/credit.py:_scale`.

    `flows/credit.py:on import` are statements that act when the file is imported, `flows/credit.py` alone is the
    whole file.
    """

    digest: Digest
    parts: dict[str, Digest]


def of(root: Path, file: Path, name: str) -> Fingerprint:
    """The fingerprint of the function `name` in `file` (a relative `file` starts at the project `root`).

    It covers the function, every module-level name it uses, directly or through others, what its files do on import,
    and relative imports into the project's own files. Of other packages only the import itself counts. Where names
    are dynamic (`globals()`, a star import of a project file, a module used as a value) the whole file counts.
    Raises UsageError when the file or the function does not exist.
    """
    root = root.resolve()
    path = (root / file).resolve()
    walk = _Walk(root)
    source = walk.source(path) if path.is_file() else None
    if source is None or not (source.open or source.stars or name in source.bound):
        found = signature.read(path, name)
        said = found.message if isinstance(found, SignatureFault) else f"`{file}` has no function `{name}`"
        raise UsageError(said, help="name a function that exists, or write it")
    walk.need(path, name)
    walk.run()
    parts = dict(sorted(walk.parts.items()))
    return Fingerprint(digests.of_value(parts), parts)


@cache
def of_builtin(name: str) -> Fingerprint:
    """The fingerprint of a built-in step: it changes when what the step does is changed."""
    file = Path(builtins.__file__)
    return of(file.parent, file, name)


@dataclass(slots=True)
class _Walk:
    """The names still to look at, and the parts found so far."""

    root: Path
    parts: dict[str, Digest] = field(default_factory=dict)
    _waiting: list[tuple[Path, str]] = field(default_factory=list)
    _seen: set[tuple[Path, str]] = field(default_factory=set)
    _sources: dict[Path, Source] = field(default_factory=dict)

    def source(self, path: Path) -> Source:
        """The file at `path`, read once."""
        if path not in self._sources:
            self._sources[path] = syntax.read(path)
        return self._sources[path]

    def need(self, path: Path, name: str) -> None:
        """Remember that `name` of the file matters, and with it what the file and its packages do on import."""
        packages = [
            folder / "__init__.py" for folder in path.parents if folder != self.root and self.root in folder.parents
        ]
        for item in ((path, name), (path, _ON_IMPORT), *((each, _ON_IMPORT) for each in packages if each.is_file())):
            if item not in self._seen:
                self._seen.add(item)
                self._waiting.append(item)

    def run(self) -> None:
        """Follow every waiting name until none is left."""
        while self._waiting:
            path, name = self._waiting.pop()
            source = self.source(path)
            if name == _WHOLE or source.open:
                self._whole(path, source)
            elif name == _ON_IMPORT:
                self._on_import(path, source)
            elif name in source.bound:
                self._name(path, source, name)

    def _whole(self, path: Path, source: Source) -> None:
        self._part(path, _WHOLE, [source.said])
        for found in source.relative:
            self._follow(path, found, None)

    def _on_import(self, path: Path, source: Source) -> None:
        """Imports run the files they name, whether a name of theirs is used or not; a star may bring any name."""
        for found in (each for several in source.imports.values() for each in several if each.level):
            for target, _ in self._targets(path, found):
                self.need(target, _ON_IMPORT)
        for star in source.stars:
            self._follow(path, star, None)
        said = [*(star.said for star in source.stars), *(syntax.text(node) for node in source.acts)]
        if said:
            self._part(path, _ON_IMPORT, said)
        for node in source.acts:
            self._uses(path, source, syntax.used(node))

    def _name(self, path: Path, source: Source, name: str) -> None:
        imports = source.imports.get(name, [])
        statements = [node for node in source.bound[name] if not syntax.is_import(node)]
        self._part(path, name, [*(found.said for found in imports), *(syntax.text(node) for node in statements)])
        for found in imports:
            self._follow(path, found, frozenset())
        for node in statements:
            self._uses(path, source, syntax.used(node))

    def _uses(self, path: Path, source: Source, used: syntax.Used) -> None:
        if used.reflects:
            self.need(path, _WHOLE)
        if used.imports_any:
            for other in path.parent.rglob("*.py"):
                self.need(other, _WHOLE)
        for found in used.imports:
            self._follow(path, found, None)
        for name in used.names & source.bound.keys():
            self.need(path, name)
            for found in source.imports.get(name, []):
                self._follow(path, found, used.attributes.get(name))

    def _follow(self, path: Path, found: Import, attributes: frozenset[str] | None) -> None:
        """What a relative import brings: a name; of a module the attributes that are used, or all of it (None)."""
        for target, name in self._targets(path, found):
            if name:
                self.need(target, name)
                continue
            for attribute in {_WHOLE} if attributes is None else attributes:
                self.need(target, attribute)

    def _targets(self, path: Path, found: Import) -> list[tuple[Path, str]]:
        """The project's files behind an import with the name taken from each, or no name for the module itself."""
        if not found.level:
            return []
        folder = path.parent
        for _ in range(found.level - 1):
            folder = folder.parent
        module = folder.joinpath(*found.module.split(".")) if found.module else folder
        if not module.is_relative_to(self.root):
            return []
        file = _file(module)
        source = self.source(file) if file else Source("")
        if file and (found.name == "*" or found.name in source.bound or source.stars or source.open):
            return [(file, _WHOLE if found.name == "*" else found.name)]
        inner = module / found.name
        if inner_file := _file(inner):
            return [(inner_file, "")]
        # A folder of files used as a value, or a name that is not there: nothing in it can be ruled out.
        return [(each, _WHOLE) for each in sorted((inner if inner.is_dir() else module).rglob("*.py"))]

    def _part(self, path: Path, name: str, said: list[str]) -> None:
        label = path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
        self.parts[label if name == _WHOLE else f"{label}:{name}"] = digests.of_value(said)


def _file(module: Path) -> Path | None:
    """The file that Python would run for a module, in Python's order: a package first, then a file."""
    for candidate in (module / "__init__.py", module.with_name(module.name + ".py")):
        if candidate.is_file():
            return candidate
    return None
