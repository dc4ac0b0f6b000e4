"""A dataset in the spec: found by name or by source, or written in without touching the rest of the text."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from modelsync.api.opening import valid
from modelsync.api.specs import known
from modelsync.core.diagnostics import Pos
from modelsync.core.errors import SpecError, UsageError
from modelsync.language import secrecy
from modelsync.language.decode.versioning import DATASET_RULES
from modelsync.language.edit.changes import Add, Append, Edit, apply
from modelsync.language.load import load_text
from modelsync.language.model import Dataset, SourceKind, Spec
from modelsync.language.text.source import Source, decode_bytes
from modelsync.language.text.writing import Data

_LONGEST = 64  # letters of a name
_SCHEMES = ("http", "https", "s3", "gs")


@dataclass(frozen=True, slots=True)
class Declared:
    """A dataset as a spec declares it. `text` is the spec that declares it, None when it did so before.

    Without a spec `spec` is None.
    """

    item: Dataset
    spec: Spec | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A source as a spec writes it, and its kind."""

    text: str
    kind: SourceKind
    path: Path | None = None


def written(root: Path, source: str, here: Path) -> Written:
    """A path, pattern or address that was given in the folder `here`, as it is written below `root`.

    UsageError for what does not exist, for an unknown scheme, and for an address with a password in it.
    """
    if "://" in source:
        return _address(source)
    path = Path(os.path.normpath(here / source))
    if path.exists():
        return _of_path(root, path)
    if any(sign in source for sign in "*?["):
        return Written(below(root, path), SourceKind.GLOB)
    raise UsageError(f"`{source}` does not exist", help="name a file, a folder, a pattern in quotes, or an address")


def name_of(source: Written) -> str:
    """A name for a source that has none: the last part of its path that is no pattern, as a name of the language."""
    path = urlsplit(source.text).path if source.kind is SourceKind.URL else source.text
    parts = [part for part in path.split("/") if part and not any(sign in part for sign in "*?[")]
    last = PurePosixPath(parts[-1] if parts else "data").name
    stem = last if source.kind is SourceKind.FOLDER else last.split(".")[0] or last
    name = re.sub(r"[^A-Za-z0-9_]+", "_", stem).strip("_")[:_LONGEST] or "data"
    return f"_{name}"[:_LONGEST] if name[0].isdigit() else name


def alone(root: Path, name: str, source: Written, tags: tuple[str, ...]) -> Declared:
    """A dataset of a project without a spec."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", name):
        raise UsageError(
            f"`{name}` can't name a dataset", help="letters, digits and _, a letter or _ first, at most 64"
        )
    nowhere = Pos(root, 1, 1, 1, 1)
    return Declared(Dataset(name, source.text, source.kind, source.path, None, DATASET_RULES, tags, nowhere, nowhere))


def declared(spec: Spec, name: str, source: Written, tags: tuple[str, ...]) -> Declared:
    """The dataset of that name and source in a spec, written into it when it is not there yet.

    Without a name the dataset that has this source already, or a new one named after it. UsageError when the name
    stands for another source; EditError when the spec can't be changed; SpecError when it would have faults then.
    """
    item = spec.datasets.get(name) if name else next((x for x in spec.datasets.values() if is_same(x, source)), None)
    if item is not None and not is_same(item, source):
        help_ = "choose another --name, or change its source in the spec"
        raise UsageError(f"dataset `{item.name}` of {spec.path} has the source `{item.source}`", help=help_)
    if item is None:
        chosen = name or name_of(source)
        if chosen in spec.datasets:
            help_ = "give this one a name of its own with --name"
            raise UsageError(f"dataset `{chosen}` of {spec.path} has another source", help=help_)
        body: dict[str, Data] = {"source": source.text}
        edits: list[Edit] = [Add(("datasets",), chosen, body | ({"tags": list(tags)} if tags else {}))]
    else:
        chosen = item.name
        edits = _tag_edits(item, tags)
    if not edits:
        return Declared(spec.datasets[chosen], spec)
    text = apply(read_source(spec.path), edits)
    changed = checked(spec.path, text)
    return Declared(changed.datasets[chosen], changed, text)


def read_source(path: Path) -> Source:
    """The text of a spec; SpecError when it is none."""
    source = decode_bytes(path, path.read_bytes())
    if not isinstance(source, Source):
        raise SpecError((source,))
    return source


def checked(path: Path, text: str) -> Spec:
    """The spec that a text would be in a file; SpecError with every fault that it would have."""
    return valid(load_text(path, text.encode(), known(), {}, os.environ))


def _tag_edits(item: Dataset, tags: tuple[str, ...]) -> list[Edit]:
    fresh = [tag for tag in tags if tag not in item.tags]
    if fresh and not item.tags:
        return [Add(("datasets", item.name), "tags", list(fresh))]
    return [Append(("datasets", item.name, "tags"), tag) for tag in fresh]


def is_same(item: Dataset, source: Written) -> bool:
    """Whether a dataset has this source."""
    if item.path is not None and source.path is not None:
        return os.path.normpath(item.path) == os.path.normpath(source.path)
    return item.kind is not SourceKind.QUERY and item.source == source.text


def _address(url: str) -> Written:
    scheme = url.partition("://")[0]
    if scheme not in _SCHEMES:
        known_ = ", ".join(f"`{each}://`" for each in _SCHEMES)
        raise UsageError(f"nothing reads `{scheme}://`", help=f"an address starts with one of {known_}")
    if secrecy.looks_secret(url):
        raise UsageError(
            "the address holds a password or a signature",
            help="leave it to the provider's own variables or profile; nothing is kept",
        )
    return Written(url, SourceKind.URL)


def _of_path(root: Path, path: Path) -> Written:
    text = below(root, path)
    if path.is_dir():
        return Written(f"{text}/", SourceKind.FOLDER, path)
    if any(sign in text for sign in "*?["):  # a spec would take it for a pattern
        return Written(glob.escape(text), SourceKind.GLOB)
    return Written(text, SourceKind.FILE, path)


def below(root: Path, path: Path) -> str:
    """A path as a spec writes it; UsageError when it lies outside of the project."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        raise UsageError(
            f"`{path}` lies outside of the project {root}", help="copy it into the project, or name its address"
        ) from None
