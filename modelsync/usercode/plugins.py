"""Validators that installed packages bring, by their entry points; nothing of a package is imported to find one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

from modelsync.core.errors import StepError
from modelsync.core.nearest import nearest
from modelsync.core.signature import Signature, SignatureFault
from modelsync.usercode import blame
from modelsync.usercode import signature as signatures

GROUP = "modelsync.validators"
"""The group of entry points; a package's `pyproject.toml` writes `[project.entry-points."modelsync.validators"]`."""


def names() -> tuple[str, ...]:
    """Every validator that an installed package brings."""
    return tuple(sorted({each.name for each in metadata.entry_points(group=GROUP)}))


def identity(name: str) -> str:
    """What a verdict depends on: the package with its version and the function, `acme-checks 1.2.0 acme.checks:few`.

    StepError when no package, or more than one, brings the name.
    """
    found = _find(name)
    package = "" if found.dist is None else f"{found.dist.name} {found.dist.version} "
    return f"{package}{found.value}"


def signature(name: str) -> Signature | SignatureFault | None:
    """What the source of its function says, which is read and not run; None when it is not there to be read.

    A fault when no package, or more than one, brings the name.
    """
    try:
        found = _find(name)
    except StepError as error:
        offered = names()
        if name in offered:
            return SignatureFault("packages", error.message)
        return SignatureFault("package", error.message, nearest(name, offered))
    said = None if found.dist is None else _read(found.dist, found)
    return replace(said, at=None) if isinstance(said, Signature) else None  # it stands in no file of the project


def load(name: str) -> Callable[..., Any]:
    """The function behind the name, imported; StepError when it can't be had."""
    found = _find(name)
    try:
        function = found.load()
    except (Exception, SystemExit) as error:  # whatever the package does when it is imported
        raise StepError(
            f"the validator `{name}` ({found.value}) can't be imported: {blame.sentence(error)}",
            help="install the package again, in a version that fits this environment",
        ) from error
    if not callable(function):
        raise StepError(f"the validator `{name}` ({found.value}) is no function")
    return function  # type: ignore[no-any-return]  # callable() narrows to a callable of unknown result


def _read(package: metadata.Distribution, entry: metadata.EntryPoint) -> Signature | SignatureFault | None:
    module = Path(str(package.locate_file(entry.module.replace(".", "/"))))
    file = next((each for each in (module.with_suffix(".py"), module / "__init__.py") if each.is_file()), None)
    return None if file is None else signatures.read(file, entry.attr)


def _find(name: str) -> metadata.EntryPoint:
    found = {
        (each.value, each.dist.name if each.dist else ""): each
        for each in metadata.entry_points(group=GROUP)
        if each.name == name
    }
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        packages = " and ".join(sorted(package or value for value, package in found))
        raise StepError(f"{packages} both bring a validator `{name}`", help="uninstall all but one of them")
    close = nearest(name, names())
    way_out = f"is `{close}` meant?" if close else "install the package that brings it, or name a file in `uses`"
    raise StepError(f"no installed package brings a validator `{name}`", help=way_out)
