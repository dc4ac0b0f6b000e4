"""What a spec means, without how it is written: the form behind the spec's digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from modelsync.core.expression import Expression
from modelsync.core.version import Version
from modelsync.language.model import Ref, Spec


def normal_form(spec: Spec) -> dict[str, Any]:
    """Plain values of everything resolved: no places, no comments, paths from the root, defaults filled in."""
    parts = {each.name: getattr(spec, each.name) for each in fields(spec) if each.name not in _OUTSIDE}
    return {"modelsync": 1, **{name: _plain(part, spec.root) for name, part in parts.items()}}


_OUTSIDE = frozenset({"path", "root", "files", "runner_at"})  # where it lies, in how many files, is not what it means


def _plain(value: Any, root: Path) -> Any:
    match value:
        case Ref() | Version() | Enum():
            return str(value)
        case Expression():
            return " ".join(value.text.split())
        case Path():
            return value.relative_to(root).as_posix()
        case Mapping():
            return {str(key): _plain(each, root) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each, root) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        kept = (each.name for each in fields(value) if each.name != "at" and not each.name.endswith("_at"))
        return {name: _plain(getattr(value, name), root) for name in kept}
    return value
