"""`remote`: the places of the same data that a project knows, from its specs and from what was added here."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from modelsync.api.specs import known, specs_of
from modelsync.api.versions.repository import Repository
from modelsync.core.errors import DamageError, UsageError
from modelsync.core.nearest import nearest
from modelsync.engine.secrets import secret
from modelsync.language.load import load
from modelsync.language.model import Remote as Written
from modelsync.language.model import Spec
from modelsync.registry.references import check_name
from modelsync.store.durable import fresh_file
from modelsync.store.remotes.address import parse

NAME = "remotes.json"
FOLDER = "remotes"
USUAL = "origin"
_FORMAT = 1


def _nothing() -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Remote:
    """A place by its name. `spec` is the file that says so, empty when it was added here.

    `credentials` asks for the provider's options when they are needed; nothing secret is kept.
    """

    name: str
    url: str
    default: bool = False
    single_writer: bool = False
    endpoint: str = ""
    region: str = ""
    spec: str = ""
    credentials: Callable[[], Mapping[str, str]] = field(default=_nothing, repr=False, compare=False)


def remotes(repository: Repository) -> dict[str, Remote]:
    """Every remote by name, sorted; what a spec says goes before what was added here."""
    found = _own(repository) | {remote.name: remote for remote in _written(repository.root)}
    return dict(sorted(found.items()))


def choose(repository: Repository, name: str | None) -> Remote:
    """The remote of that name; without one the default, the only one, or `origin`. UsageError when it is not clear."""
    found = remotes(repository)
    if name is not None:
        if name not in found:
            near = nearest(name, found)
            listed = ", ".join(found) or f"none yet; {_way(repository)}"
            raise UsageError(
                f"there is no remote `{name}`", help=f"did you mean `{near}`?" if near else f"known: {listed}"
            )
        return found[name]
    chosen = [remote for remote in found.values() if remote.default] or list(found.values())
    if len(chosen) == 1:
        return chosen[0]
    if USUAL in found:
        return found[USUAL]
    if not found:
        raise UsageError("no remote is known", help=_way(repository))
    raise UsageError(f"there are several remotes: {', '.join(found)}", help="name the one you mean")


def refuse_name(repository: Repository, name: str) -> None:
    """UsageError when a remote can't have that name, or one has it."""
    check_remote_name(name)
    taken = remotes(repository).get(name)
    if taken is not None:
        where = f"{taken.spec} says so" if taken.spec else f"`modelsync remote remove {name}` first"
        raise UsageError(f"the remote `{name}` is {taken.url}", help=where)


def check_remote_name(name: str) -> None:
    """UsageError when a remote can't have that name."""
    if "/" in check_name(name):
        raise UsageError(f"`{name}` can't name a remote: it holds `/`", help="a plain word, such as `origin`")


def keep(repository: Repository, remote: Remote) -> None:
    """Remember a remote."""
    own = _own(repository)
    if remote.default:
        own = {name: replace(other, default=False) for name, other in own.items()}
    _write(repository, own | {remote.name: remote})


def remove(repository: Repository, name: str) -> None:
    """Forget a remote; what was fetched stays. UsageError when a spec says it, or nobody."""
    remote = choose(repository, name)
    if remote.spec:
        raise UsageError(f"the remote `{name}` stands in {remote.spec}", help="take it out of `remotes:` there")
    own = _own(repository)
    own.pop(name)
    _write(repository, own)
    shutil.rmtree(repository.workspace.home / FOLDER / name, ignore_errors=True)  # what was known of it


def address_of(repository: Repository, url: str) -> str:
    """An address as it is kept: a folder from the project's root, or whole, so that it is right from everywhere."""
    if "://" in url or Path(url).expanduser().is_absolute():
        parse(url, repository.root)
        return url
    return os.path.relpath(Path(url).resolve(), repository.root.resolve())


def _own(repository: Repository) -> dict[str, Remote]:
    file = repository.workspace.home / NAME
    try:
        value: Any = json.loads(file.read_text(encoding="utf-8"))
        if value["format"] > _FORMAT:
            raise UsageError(f"`{file}` has a newer format", help="use a newer ModelSync")
        return {
            str(name): Remote(
                str(name),
                str(each["url"]),
                default=bool(each.get("default", False)),
                single_writer=bool(each.get("single_writer", False)),
                endpoint=str(each.get("endpoint", "")),
                region=str(each.get("region", "")),
            )
            for name, each in value["remotes"].items()
        }
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DamageError(f"`{file}` is damaged", help="delete it and add the remotes again") from None


def _write(repository: Repository, own: Mapping[str, Remote]) -> None:
    file = repository.workspace.home / NAME
    value = {
        name: {
            "url": remote.url,
            "default": remote.default,
            "single_writer": remote.single_writer,
            "endpoint": remote.endpoint,
            "region": remote.region,
        }
        for name, remote in sorted(own.items())
    }
    with fresh_file(file, temp=file.parent) as handle:
        handle.write((json.dumps({"format": _FORMAT, "remotes": value}, indent=2) + "\n").encode())


def _way(repository: Repository) -> str:
    """How to get a remote."""
    faulty = [str(path.relative_to(repository.root)) for path, spec in _specs(repository.root) if spec is None]
    if faulty:
        return f"{faulty[0]} has faults, so nothing in it counts: `modelsync check` names them"
    return "`modelsync remote add NAME URL` adds one"


def _written(root: Path) -> Iterator[Remote]:
    """The remotes in the project's specs; a spec with faults says nothing."""
    for path, spec in _specs(root):
        for remote in () if spec is None else spec.remotes.values():
            assert spec is not None
            yield Remote(
                remote.name,
                remote.url,
                default=remote.default,
                endpoint=remote.endpoint,
                region=remote.region,
                spec=str(path.relative_to(root)),
                credentials=partial(_secrets, spec, remote),
            )


def _specs(root: Path) -> Iterator[tuple[Path, Spec | None]]:
    """The specs that speak of remotes; None where one has faults."""
    try:
        specs = specs_of(root)
    except UsageError:
        return
    for path in specs:
        if "remotes" in path.read_text(encoding="utf-8", errors="replace"):  # reading a spec in full takes time
            yield path, load(path, known(), {}, os.environ).spec


def _secrets(spec: Spec, remote: Written) -> dict[str, str]:
    return {option: secret(spec.root, spec.secrets, ref) for option, ref in remote.credentials.items()}
