"""`include:` of a spec: the files it names, read and laid below it key by key, with every place kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from pathlib import Path

from modelsync.core.diagnostics import Diagnostic, Fix, Related
from modelsync.core.nearest import nearest
from modelsync.core.records import record
from modelsync.language.mends import slip
from modelsync.language.paths import Refused, from_root, inside, resolved, root_of
from modelsync.language.text.nodes import Item, Mapping, Node, Scalar, Sequence, key_name, kind_of
from modelsync.language.text.read import NOTHING, Size, read
from modelsync.language.text.source import MAX_BYTES, Source, decode_bytes

MAX_FILES = 16
_LOOKED_AT = 1000  # entries of a folder that are looked at for the name that was meant
_MAIN_ONLY = ("project", "root")


@dataclass(frozen=True)
class Included:
    """A spec with its includes laid below it.

    `root` holds what could be used, so that the rest of the spec is checked too; None when all files together are over
    a limit. `sources` has the text of each file by the path in its places, the spec itself among them; `files` are
    the included ones in the order read.
    """

    root: Node | None
    sources: MappingType[Path, Source]
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[Path, ...]


def expand(source: Source, root: Node, size: Size = NOTHING) -> Included:
    """The spec with the files that it includes; `size` is what `read` counted in the spec itself. Never raises.

    Included files come first, a later one wins over an earlier one, the file that includes wins over all. Mappings are
    merged key by key at any depth, everything else is replaced whole.
    """
    if not isinstance(root, Mapping) or root.get("include") is None:
        return Included(root, {source.path: source}, (), ())
    walk = _Walk(source, root, size)
    try:
        merged = walk.merged(_File(resolved(source.path), source, root, root, ()))
    except _OverError:
        merged = None
    files = tuple(walk.sources)[1:]
    return Included(merged, walk.sources, tuple(walk.faults), files)


class _OverError(Exception):
    """All files together are over a limit; the diagnostic is already remembered."""


@record
class _File:
    path: Path  # without links: two names of one file are one file
    source: Source
    root: Mapping
    layer: Mapping  # what of it is merged
    trail: tuple[Related, ...]  # where it is included, and where the file that does so is
    above: tuple[_File, ...] = ()

    def fault(self, code: str, at: Scalar | Node, message: str, help: str = "", fix: Fix | None = None) -> Diagnostic:
        return Diagnostic(code, at.at, message, help, related=self.trail, fix=fix)


class _Walk:
    """Reads the files of one spec, each once, and remembers what is wrong with them."""

    def __init__(self, source: Source, root: Mapping, size: Size) -> None:
        folder = resolved(source.path.parent)
        written = root.get("root")
        above = root_of(folder, written.text) if isinstance(written, Scalar) else None
        self._root = above or folder  # a bad `root:` is a fault of the decoder
        self._main = source
        self._version = root.get("modelsync")
        self._size, self._bytes = size, len(source.text.encode())
        self._seen: dict[Path, Scalar] = {}
        self.sources = {source.path: source}
        self.faults: list[Diagnostic] = []

    def merged(self, file: _File) -> Mapping:
        """A file with what it includes below it."""
        opened = (self._opened(file, entry) for entry in self._entries(file))
        return overlay([file.layer, *(self.merged(each) for each in opened if each is not None)])

    def _entries(self, file: _File) -> Iterator[Scalar]:
        node = file.root.get("include")
        for each in node.items if isinstance(node, Sequence) else () if node is None else (node,):
            if isinstance(each, Scalar) and isinstance(each.value, str):
                yield each
            else:
                help = "write `include: [shared/team.yaml]`"
                message = f"`include` must be a list of files, not {kind_of(each)}"
                if each is not node:
                    message = f"`include` must name files, not {kind_of(each)}"
                self.faults.append(file.fault("MS103", each, message, help))

    def _opened(self, file: _File, entry: Scalar) -> _File | None:
        """The file of one entry, None when it can't be used."""
        path = self._path(file, entry)
        if path is None or not self._is_new(file, entry, path):
            return None
        data = _content(path)
        if isinstance(data, str):
            beside = self._from_root(file, entry.text) if data == _MISSING else ""
            meant = beside or (self._meant(path) if data == _MISSING else "")
            help = f"did you mean `{meant}`?" if meant else _WAY_OUT[any(sign in entry.text for sign in "*?[")]
            fix = slip(entry.at, entry.text, meant) if entry.style not in ("|", ">") else None
            self.faults.append(file.fault("MS010", entry, f"`{entry.text}` {data}", help, fix))
            return None
        return self._read(file, entry, path, data)

    def _path(self, file: _File, entry: Scalar) -> Path | None:
        if "${{" in entry.text:
            message = "an include is a name; params can't be put in, so that the spec is known without them"
            self.faults.append(file.fault("MS111", entry, message, "write the path itself"))
            return None
        empty = Refused("MS104", "an include must not be empty")
        path = inside(self._root, entry.text) if entry.text.strip() else empty
        if isinstance(path, Refused):
            meant = self._from_root(file, entry.text) if path.code == "MS601" else ""
            help = f"paths start at the root: write `{meant}`" if meant else path.help
            fix = Fix(entry.at, meant) if meant and not entry.quoted else None
            self.faults.append(file.fault(path.code, entry, path.message, help, fix))
            return None
        return path

    def _is_new(self, file: _File, entry: Scalar, path: Path) -> bool:
        """Whether the file was not included yet; if it was, or there are too many, that is a fault."""
        identity = resolved(path)
        chain = (*file.above, file)
        names = [self._named(each.path) for each in chain]
        if identity in (each.path for each in chain):
            circle = " -> ".join([*names[names.index(self._named(identity)) :], self._named(identity)])
            self.faults.append(file.fault("MS010", entry, f"includes go in a circle: {circle}", "remove one of them"))
            return False
        if first := self._seen.get(identity):
            found = file.fault("MS010", entry, f"`{entry.text}` is included twice", "remove one")
            related = (Related(first.at, "included here first"), *found.related)
            self.faults.append(replace(found, related=related))
            return False
        self._seen[identity] = entry
        if len(self._seen) == MAX_FILES + 1:
            self.faults.append(file.fault("MS010", entry, f"a spec includes at most {MAX_FILES} files"))
        return len(self._seen) <= MAX_FILES

    def _read(self, file: _File, entry: Scalar, path: Path, data: bytes) -> _File | None:
        trail = (Related(entry.at, "included here"), *file.trail)
        source = decode_bytes(self._shown(path), data)
        if isinstance(source, Diagnostic):
            self.faults.append(replace(source, related=trail))
            return None
        self.sources[source.path] = source
        self._bytes += len(data)
        if self._bytes > MAX_BYTES:
            message = f"with its includes a spec has at most {MAX_BYTES // 1024} KiB"
            self.faults.append(file.fault("MS002", entry, message))
            raise _OverError
        nodes = read(source, self._size)
        self._size = nodes.size
        self.faults.extend(replace(each, related=(*each.related, *trail)) for each in map(_of_part, nodes.diagnostics))
        if nodes.size.is_over:
            raise _OverError
        if nodes.root is None:
            return None
        if not isinstance(nodes.root, Mapping):
            message = f"an included file must be a mapping, not {kind_of(nodes.root)}"
            self.faults.append(Diagnostic("MS010", nodes.root.at, message, "write `key: value`", related=trail))
            return None
        above = (*file.above, file)
        part = _File(resolved(path), source, nodes.root, _layer(nodes.root), trail, above)
        self._check(part)
        return part

    def _check(self, file: _File) -> None:
        """What only the main spec may say, and the version, which is one for all."""
        for key in filter(None, (file.root.key(name) for name in _MAIN_ONLY)):
            message = f"`{key.text}` does not go into an included file"
            self.faults.append(file.fault("MS109", key, message, f"it belongs in `{self._main.path.name}`"))
        said, wanted = file.root.get("modelsync"), self._version
        if not isinstance(wanted, Scalar) or type(wanted.value) is not int:
            return  # that it is no version is told where it stands
        if isinstance(said, Scalar) and said.value != wanted.value:
            message = f"`modelsync: {said.text[:40]}` differs from the spec that includes this file"
            self.faults.append(file.fault("MS108", said, message, "all files of a spec have one language version"))

    def _meant(self, path: Path) -> str:
        """The YAML file near a path that does not exist, as an include would name it."""
        try:
            patterns = ("*.y*ml",) if path.parent.is_dir() else ("*.y*ml", "*/*.y*ml")
            folder = path.parent if path.parent.is_dir() else self._root
            there = [each for pattern in patterns for each in islice(folder.glob(pattern), _LOOKED_AT)]
        except OSError:
            return ""
        taken = {*self._seen, resolved(self._main.path)}
        return nearest(self._named(path), (self._named(each) for each in there if resolved(each) not in taken))

    def _from_root(self, file: _File, written: str) -> str:
        """The path from the root, when one is written from the folder of its own file."""
        return from_root(self._root, file.path.parent, written)

    def _named(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)

    def _shown(self, path: Path) -> Path:
        """The path as places show it: absolute only if that of the spec is."""
        return path if self._main.path.is_absolute() else Path(os.path.relpath(path))


_MISSING = "does not exist"
_WAY_OUT = ("a path is relative to the project root", "name each file: a pattern is not looked up")


def _content(path: Path) -> bytes | str:
    """The bytes of a file, at most one more than allowed; or why it has none that can be used."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return "is a folder, not a file"
        if not stat.S_ISREG(mode):  # opening a pipe would wait for ever
            return "is not a plain file"
        with path.open("rb") as handle:
            return handle.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return _MISSING
    except OSError as error:
        return f"can't be read: {error.strerror}"


def _of_part(found: Diagnostic) -> Diagnostic:
    """A finding of the reader, where its way out speaks of a whole spec in words that fit an included file."""
    if found.code != "MS009":
        return found
    return replace(found, help="write a section such as `gates:`, or remove the include")


def _layer(root: Mapping) -> Mapping:
    """What of an included file is merged."""
    kept = (item for item in root.items if item.key.text not in ("include", *_MAIN_ONLY))
    return replace(root, items=tuple(kept))


def overlay(layers: list[Mapping]) -> Mapping:
    """Mappings as one: the first wins over all others, and of these a later one over an earlier one.

    Keys come in the order in which the layers, as given, first name them.
    """
    return _merged([(index or len(layers), layer) for index, layer in enumerate(layers)])


def _merged(layers: list[tuple[int, Mapping]]) -> Mapping:
    """Mappings with their ranks as one; it has the place of the highest."""
    found: dict[str, list[tuple[int, Item]]] = {}
    for rank, layer in layers:
        for item in layer.items:
            found.setdefault(key_name(item.key), []).append((rank, item))
    _, top = max(layers, key=lambda each: each[0])
    return top if len(layers) == 1 else replace(top, items=tuple(_item(each) for each in found.values()))


def _item(candidates: list[tuple[int, Item]]) -> Item:
    """The winner of one key: a mapping takes in the mappings below it, down to the first value of another kind."""
    if len(candidates) == 1:
        return candidates[0][1]
    ranked = sorted(candidates, key=lambda each: -each[0])
    winner = ranked[0][1]
    joined = [(rank, item.value) for rank, item in takewhile(lambda each: isinstance(each[1].value, Mapping), ranked)]
    lowest = joined[-1][0] if joined else ranked[0][0]
    over = winner.over
    for rank, item in ranked[1:]:
        over += item.over if rank >= lowest else (item.value.at, *item.over)
    if len(joined) < 2:
        return replace(winner, over=over)
    kept = [(rank, item.value) for rank, item in candidates if rank >= lowest and isinstance(item.value, Mapping)]
    return replace(winner, value=_merged(kept), over=over)
