"""Validators that installed packages bring, by their entry points; nothing of a package is imported to find one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import Any

from modelsync.core.errors import StepError
from modelsync.core.nearest import nearest

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


def load(name: str) -> Callable[..., Any]:
    """The function behind the name, imported; StepError when it can't be had."""
    found = _find(name)
    try:
        function = found.load()
    except (Exception, SystemExit) as error:  # whatever the package does when it is imported
        said = " ".join(str(error).split())
        raise StepError(
            f"the validator `{name}` ({found.value}) can't be imported: {type(error).__name__}: {said}",
            help="install the package again, in a version that fits this environment",
        ) from error
    if not callable(function):
        raise StepError(f"the validator `{name}` ({found.value}) is no function")
    return function  # type: ignore[no-any-return]  # callable() narrows to a callable of unknown result


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
