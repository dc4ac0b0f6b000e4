"""YAML of other tools as plain data: mappings, lists and scalars, refused beyond a size and never run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from modelsync.core.errors import UsageError

LARGEST = 32 << 20  # bytes; a lock file of a hundred thousand files is smaller


def plain(path: Path, data: bytes) -> Any:
    """What one document of YAML 1.2 says; None for an empty one.

    UsageError, with line and column, when it is no YAML, holds a tag of its own or a key twice, or is too large.
    """
    if len(data) > LARGEST:
        raise UsageError(f"`{path}` has {len(data):,} bytes, more than the {LARGEST:,} that are read", help="split it")
    try:
        return YAML(typ="safe", pure=True).load(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageError(f"`{path}` is not UTF-8", help="save the file as UTF-8") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = "" if mark is None else f":{mark.line + 1}:{mark.column + 1}"
        said = (error.problem or error.context or "it can't be read").splitlines()[0]
        raise UsageError(f"{path}{place}: {said}", help="mend it with the tool that wrote it") from None
    except (YAMLError, ValueError, RecursionError) as error:
        said = (str(error) or type(error).__name__).splitlines()[0]
        raise UsageError(
            f"`{path}` can't be read as YAML: {said}", help="mend it with the tool that wrote it"
        ) from None
