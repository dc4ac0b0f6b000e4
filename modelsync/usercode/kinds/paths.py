"""Files and folders that a step made itself, and how any output gets its name: whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modelsync.core.errors import StepError
from modelsync.core.units import say_bytes


def replace(path: Path, write: Callable[[Path], object]) -> Path:
    """Let `write` fill a temporary path, then give it its name: whoever sees `path` sees all of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    _remove(partial)
    write(partial)
    if partial.is_file():
        with partial.open("rb") as handle:
            os.fsync(handle.fileno())
    _remove(path)
    partial.rename(path)
    return path


def write_file(value: Any, stem: Path) -> tuple[Path, dict[str, Any]]:
    """Bytes, or a copy of the file that the step names; the copy keeps its suffix."""
    if isinstance(value, bytes | bytearray | memoryview):
        data = bytes(value)
        path = replace(stem, lambda partial: partial.write_bytes(data))
    elif isinstance(value, Path):
        if not value.is_file():
            raise StepError(f"`{value}` is {_what(value)}", help="write the file before returning its path")
        path = replace(stem.with_name(stem.name + value.suffix), lambda partial: shutil.copyfile(value, partial))
    else:
        raise StepError(f"{said(value)} was returned", help="return a pathlib.Path of a file, or bytes")
    return path, {"size": say_bytes(path.stat().st_size)}


def write_folder(value: Any, stem: Path) -> tuple[Path, dict[str, Any]]:
    """A copy of the folder that the step names; links inside are followed, so that the copy stands alone."""
    if not isinstance(value, Path):
        raise StepError(f"{said(value)} was returned", help="return a pathlib.Path of a folder")
    if not value.is_dir():
        raise StepError(f"`{value}` is {_what(value)}", help="make the folder before returning its path")
    if stem.resolve().is_relative_to(value.resolve()):
        raise StepError(
            f"`{value}` holds the place where outputs are kept", help="return a folder made for this output"
        )
    try:
        path = replace(stem, lambda partial: shutil.copytree(value, partial))
    except shutil.Error as error:
        raise StepError(f"`{value}` can't be copied whole: {error}", help="remove links that lead nowhere") from error
    return path, {"files": sum(1 for each in path.rglob("*") if each.is_file())}


def said(value: Any) -> str:
    """What an object is, in words for a message: `a DataFrame`, `an int`, `nothing (None)`."""
    if value is None:
        return "nothing (None)"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _what(path: Path) -> str:
    if path.is_dir():
        return "a folder"
    return "a file" if path.exists() else "not there"


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
